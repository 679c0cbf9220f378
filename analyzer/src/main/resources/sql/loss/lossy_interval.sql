-- SPDX-License-Identifier: Apache-2.0
-- What was lost, when, and what it means for answers.
-- include: capture/capture.sql
-- include: capture/wall.sql

-- manifest_loss: events of a class lost by the count in the manifest, where there is one.
-- Columns:
--   class: lifecycle, names or io
--   lost: events lost
CREATE TABLE manifest_loss (class VARCHAR, lost BIGINT);

-- loss_part: a loss told once: a row of table loss that overlaps what is looked at, with an
-- interval that holds all of it; or, with reason not_told, what the manifest counts beyond those
-- rows, which may have been lost at any time.
-- Columns:
--   class: lifecycle, names, io, sample or unknown
--   from_ns [ns]: start of the interval (boot clock)
--   to_ns [ns]: its end, exclusive
--   cpu: CPU, NULL if not known
--   reason: ring_full, block_damaged or not_told
--   lost: events lost, at least
--   counted: false where lost may be more, because a damaged block does not say what was in it
-- materialize
CREATE VIEW loss_part AS
WITH told AS (
    SELECT class, sum(lost) AS lost FROM loss GROUP BY class
), part AS (
    SELECT
        l.class, CASE WHEN l.from_ns > 0 THEN l.from_ns ELSE c.start_ns END AS from_ns,
        -- Damage ends with the last event in it; where that is not known it may go on.
        CASE WHEN l.reason <> 'block_damaged' THEN l.to_ns
            WHEN l.lost = 0 AND l.to_ns <= l.from_ns THEN greatest(c.end_ns, l.from_ns + 1)
            ELSE l.to_ns + 1 END AS to_ns,
        l.cpu, l.reason, l.lost, l.reason <> 'block_damaged' OR l.lost > 0 AS counted
    FROM loss AS l
    CROSS JOIN capture AS c
    UNION ALL
    SELECT
        m.class, c.start_ns, c.end_ns, NULL, 'not_told',
        CAST(m.lost - coalesce(t.lost, 0) AS BIGINT), true
    FROM manifest_loss AS m
    CROSS JOIN capture AS c
    LEFT JOIN told AS t ON t.class = m.class
    WHERE m.lost > coalesce(t.lost, 0)
)
SELECT p.class, p.from_ns, p.to_ns, p.cpu, p.reason, p.lost, p.counted
FROM part AS p
CROSS JOIN capture AS c
WHERE (p.to_ns > c.from_ns OR c.from_ns = c.start_ns)
    AND (p.from_ns < c.to_ns OR c.to_ns = c.end_ns);

-- class_loss: how much of a class of events may be missing in what is looked at. There is a row
-- for each class, lost ones or not.
-- Columns:
--   class: lifecycle (fork, exec, exit, total), names (open, file, name_op), io or sample (clock,
--     loss, recorder)
--   lost: at most so many of its events were lost (those of class unknown are added to each); 0 if
--     none, NULL if it is not known how many
CREATE VIEW class_loss AS
SELECT
    c.class,
    CASE WHEN count(CASE WHEN NOT p.counted THEN 1 END) > 0 THEN NULL
        ELSE CAST(coalesce(sum(p.lost), 0) AS BIGINT) END AS lost
FROM (VALUES ('lifecycle'), ('names'), ('io'), ('sample')) AS c (class)
LEFT JOIN loss_part AS p ON p.class = c.class OR p.class = 'unknown'
GROUP BY c.class;

-- lossy_interval: a stretch of time in which events of one class were lost: losses that touch or
-- overlap, taken together. No row means that nothing was lost. An answer about that time is a
-- lower bound; what it may be short of stands in column meaning.
-- Columns:
--   class: lifecycle, names, io, sample or unknown
--   from_ns [ns]: start (boot clock)
--   to_ns [ns]: end (boot clock), exclusive
--   from_wall: start, UTC
--   to_wall: end, UTC
--   lost: events lost, at least
--   counted: false where lost may be more, because a damaged block does not say what was in it
--   cpus: on how many CPUs, 0 if not known
--   reason: ring_full, block_damaged or not_told (the manifest counts more than table loss tells);
--     several joined by a comma
--   meaning: what answers about that time may be short of
CREATE VIEW lossy_interval AS
WITH marked AS (
    SELECT
        *,
        CASE WHEN from_ns <= max(to_ns) OVER (
            PARTITION BY class ORDER BY from_ns, to_ns
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) THEN 0 ELSE 1 END AS begins
    FROM loss_part
), numbered AS (
    -- Rows with equal times are peers: they get the same number whatever their order.
    SELECT *, sum(begins) OVER (PARTITION BY class ORDER BY from_ns, to_ns) AS island
    FROM marked
), island AS (
    SELECT
        class, min(from_ns) AS from_ns, max(to_ns) AS to_ns, CAST(sum(lost) AS BIGINT) AS lost,
        count(CASE WHEN NOT counted THEN 1 END) = 0 AS counted, count(DISTINCT cpu) AS cpus,
        string_agg(DISTINCT reason, ', ' ORDER BY reason) AS reason
    FROM numbered
    GROUP BY class, island
)
SELECT
    class, from_ns, to_ns, wall(from_ns) AS from_wall, wall(to_ns) AS to_wall, lost, counted, cpus,
    reason,
    CASE class
        WHEN 'io' THEN 'sums of operations and bytes from io are lower bounds (exact sums of each '
            || 'execution: view exact_io)'
        WHEN 'names' THEN 'opens, renames and unlinks may be missing; files may go by an older '
            || 'name or none (?)'
        WHEN 'lifecycle' THEN 'processes, execs, exits and exact totals may be missing, and what '
            || 'they did may go by an older name or none (?)'
        WHEN 'sample' THEN 'clock anchors, other losses and the recorder''s cost may be missing'
        ELSE 'events of any kind may be missing' END AS meaning
FROM island;
