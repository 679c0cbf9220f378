-- SPDX-License-Identifier: Apache-2.0
-- The window cut into buckets of equal length, and what happened in each.
-- include: capture/capture.sql

-- spike_metric: a figure that is searched for spikes, and what is too little to speak of.
-- Columns:
--   metric: name of the figure
--   unit: bytes, ns or count
--   class: class of the events it is made from, see class_loss
--   floor_per_second: a bucket below this rate is never part of a spike
--   least_total: a spike with less in it is not reported
CREATE VIEW spike_metric AS
SELECT metric, unit, class, floor_per_second, least_total
FROM (VALUES
    ('read_bytes', 'bytes', 'io', 4194304, 1048576),
    ('written_bytes', 'bytes', 'io', 4194304, 1048576),
    ('ops', 'count', 'io', 5000, 2000),
    ('fsync_time', 'ns', 'io', 200000000, 40000000),
    ('process_starts', 'count', 'lifecycle', 50, 20),
    ('failed_opens', 'count', 'names', 500, 100),
    ('failed_execs', 'count', 'lifecycle', 50, 10)
) AS t (metric, unit, class, floor_per_second, least_total);

-- metric_bucket: one figure in one bucket of the window. Empty buckets are there too, with 0.
-- Columns:
--   metric: name of the figure, see spike_metric
--   bucket: number of the bucket, from 0
--   from_ns [ns]: its start (boot clock)
--   value: what happened in it: bytes read or written, operations, ns spent in fsync and
--     fdatasync that began in it, processes born, opens failed, execs failed
-- materialize
CREATE VIEW metric_bucket AS
WITH moved AS (
    SELECT
        CAST(floor((i.ts_ns - c.from_ns) / c.bucket_ns) AS BIGINT) AS bucket,
        sum(CASE WHEN i.dir = 'r' THEN i.bytes ELSE 0 END) AS read_bytes,
        sum(CASE WHEN i.dir = 'w' THEN i.bytes ELSE 0 END) AS written_bytes,
        sum(i.ops) AS ops,
        sum(CASE WHEN i.op IN ('fsync', 'fdatasync') THEN coalesce(i.latency_ns, 0) ELSE 0 END)
            AS fsync_time
    FROM io AS i
    CROSS JOIN capture AS c
    WHERE i.ts_ns >= c.from_ns AND i.ts_ns < c.to_ns
    GROUP BY 1
), single AS (
    SELECT 'process_starts' AS metric, ts_ns FROM fork WHERE NOT is_thread
    UNION ALL SELECT 'failed_opens', ts_ns FROM open WHERE ret < 0
    UNION ALL SELECT 'failed_execs', ts_ns FROM exec WHERE ret < 0
), counted AS (
    SELECT 'read_bytes' AS metric, bucket, read_bytes AS value FROM moved
    UNION ALL SELECT 'written_bytes', bucket, written_bytes FROM moved
    UNION ALL SELECT 'ops', bucket, ops FROM moved
    UNION ALL SELECT 'fsync_time', bucket, fsync_time FROM moved
    UNION ALL
    SELECT s.metric, CAST(floor((s.ts_ns - c.from_ns) / c.bucket_ns) AS BIGINT), count(*)
    FROM single AS s
    CROSS JOIN capture AS c
    WHERE s.ts_ns >= c.from_ns AND s.ts_ns < c.to_ns
    GROUP BY 1, 2
), dense AS (
    -- Spark: explode(sequence(...)) in place of unnest(range(...)).
    SELECT
        c.from_ns, c.bucket_ns,
        unnest(range(CAST(ceil((c.to_ns - c.from_ns) / c.bucket_ns) AS BIGINT))) AS bucket
    FROM capture AS c
)
SELECT
    m.metric, d.bucket, d.from_ns + d.bucket * d.bucket_ns AS from_ns,
    CAST(coalesce(n.value, 0) AS BIGINT) AS value
FROM spike_metric AS m
CROSS JOIN dense AS d
LEFT JOIN counted AS n ON n.metric = m.metric AND n.bucket = d.bucket;
