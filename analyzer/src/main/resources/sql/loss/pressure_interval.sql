-- SPDX-License-Identifier: Apache-2.0
-- When operations were put together instead of being lost.
-- include: capture/capture.sql
-- include: capture/wall.sql

-- pressure_interval: a stretch of time in which one CPU or several put consecutive operations of a
-- thread on a descriptor together (record --on-pressure coalesce). A row of io that begins in it
-- may stand for several: sum(ops) counts them, sums of bytes and times are whole, and a time over
-- ops is a mean.
-- Columns:
--   from_ns [ns]: start (boot clock)
--   to_ns [ns]: end (boot clock), exclusive
--   from_wall: start, UTC
--   to_wall: end, UTC
--   cpus: the CPUs that did, joined by a comma
--   times: how often one of them began to
--   ring_used_bytes [bytes]: the most that waited in the ring of one when it began to
CREATE VIEW pressure_interval AS
WITH change AS (
    SELECT
        p.cpu, p.mode, p.ring_used_bytes, p.ts_ns AS from_ns,
        lead(p.ts_ns, 1, c.end_ns) OVER (PARTITION BY p.cpu ORDER BY p.ts_ns) AS to_ns
    FROM pressure AS p
    CROSS JOIN capture AS c
), marked AS (
    SELECT
        h.*,
        CASE WHEN h.from_ns <= max(h.to_ns) OVER (
            ORDER BY h.from_ns, h.to_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) THEN 0 ELSE 1 END AS begins
    FROM change AS h
    CROSS JOIN capture AS c
    WHERE h.mode = 'coalesce' AND h.from_ns < c.to_ns AND h.to_ns > c.from_ns
), numbered AS (
    -- Rows with equal times are peers: they get the same number whatever their order.
    SELECT *, sum(begins) OVER (ORDER BY from_ns, to_ns) AS island
    FROM marked
), island AS (
    SELECT
        min(from_ns) AS from_ns, max(to_ns) AS to_ns,
        string_agg(DISTINCT cpu, ', ' ORDER BY cpu) AS cpus, count(*) AS times,
        max(ring_used_bytes) AS ring_used_bytes
    FROM numbered
    GROUP BY island
)
SELECT
    from_ns, to_ns, wall(from_ns) AS from_wall, wall(to_ns) AS to_wall, cpus, times,
    ring_used_bytes
FROM island;
