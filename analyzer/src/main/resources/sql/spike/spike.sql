-- SPDX-License-Identifier: Apache-2.0
-- Where the window departs from what is normal for it.
-- include: spike/metric_bucket.sql
-- include: loss/lossy_interval.sql

-- metric_normal: what is normal for a figure in this window, and from where on a bucket is hot:
-- above three times the median, above the median by six standard deviations (1.4826 MAD each) and
-- above the floor. A window of fewer than ten buckets has no normal.
-- Columns:
--   metric: name of the figure
--   unit: bytes, ns or count
--   buckets: buckets in the window
--   baseline: median of all buckets
--   mad: median absolute deviation from it
--   threshold: a bucket above this is hot
--   least_total: a spike with less in it is not reported
-- materialize
CREATE VIEW metric_normal AS
WITH middle AS (
    SELECT metric, count(*) AS buckets, median(value) AS baseline
    FROM metric_bucket
    GROUP BY metric
), spread AS (
    SELECT b.metric, median(abs(b.value - m.baseline)) AS mad
    FROM metric_bucket AS b
    JOIN middle AS m ON m.metric = b.metric
    GROUP BY b.metric
)
SELECT
    d.metric, d.unit, m.buckets, m.baseline, s.mad,
    greatest(
        m.baseline * 3, m.baseline + 6 * 1.4826 * s.mad,
        d.floor_per_second * (c.bucket_ns / 1000000000.0)
    ) AS threshold,
    d.least_total
FROM spike_metric AS d
CROSS JOIN capture AS c
JOIN middle AS m ON m.metric = d.metric
JOIN spread AS s ON s.metric = d.metric
WHERE m.buckets >= 10;

-- spike: a stretch of the window with far more of a figure than is normal in it. Hot buckets with
-- at most two others between them make one spike.
-- Columns:
--   spike_no: number in order of time, from 1
--   metric: read_bytes, written_bytes, ops, fsync_time, process_starts, failed_opens or
--     failed_execs
--   unit: bytes, ns or count
--   from_ns [ns]: start of its first bucket (boot clock)
--   to_ns [ns]: end of its last bucket (boot clock), exclusive
--   value: all of the figure between the two
--   peak: the most in one bucket
--   baseline: median of all buckets of the window
--   mad: median absolute deviation of all buckets of the window
--   ratio: mean of its buckets over the baseline, NULL where that is 0
--   score: how far its peak stands out: (peak - baseline) / (threshold - baseline), more than 1
--   lost: at most so many events of the class that the figure is made from (io: operations) were
--     lost meanwhile, the figure is a lower bound then; 0 if none, NULL if not known how many
-- materialize
CREATE VIEW spike AS
WITH hot AS (
    SELECT
        b.metric, b.bucket,
        b.bucket - lag(b.bucket) OVER (PARTITION BY b.metric ORDER BY b.bucket) AS step
    FROM metric_bucket AS b
    JOIN metric_normal AS n ON n.metric = b.metric
    WHERE b.value > n.threshold
), numbered AS (
    SELECT
        metric, bucket,
        sum(CASE WHEN step > 3 THEN 1 ELSE 0 END)
            OVER (PARTITION BY metric ORDER BY bucket) AS island
    FROM hot
), island AS (
    SELECT metric, island, min(bucket) AS first_bucket, max(bucket) AS last_bucket
    FROM numbered
    GROUP BY metric, island
), summed AS (
    SELECT
        i.metric, i.first_bucket, i.last_bucket, min(b.from_ns) AS from_ns,
        least(max(b.from_ns) + min(c.bucket_ns), min(c.to_ns)) AS to_ns, sum(b.value) AS value,
        max(b.value) AS peak
    FROM island AS i
    JOIN metric_bucket AS b ON b.metric = i.metric AND b.bucket
        BETWEEN i.first_bucket AND i.last_bucket
    CROSS JOIN capture AS c
    GROUP BY i.metric, i.first_bucket, i.last_bucket
), lossy AS (
    SELECT
        s.metric, s.first_bucket,
        count(CASE WHEN NOT p.counted THEN 1 END) = 0 AS counted, sum(p.lost) AS lost
    FROM summed AS s
    JOIN spike_metric AS d ON d.metric = s.metric
    JOIN loss_part AS p ON p.class IN (d.class, 'unknown')
        AND p.from_ns < s.to_ns AND p.to_ns > s.from_ns
    GROUP BY s.metric, s.first_bucket
)
SELECT
    row_number() OVER (ORDER BY s.from_ns, s.metric) AS spike_no,
    s.metric, n.unit, s.from_ns, s.to_ns,
    CAST(s.value AS BIGINT) AS value, s.peak, n.baseline, n.mad,
    s.value / (s.last_bucket - s.first_bucket + 1) / nullif(n.baseline, 0) AS ratio,
    (s.peak - n.baseline) / (n.threshold - n.baseline) AS score,
    CASE WHEN l.metric IS NULL THEN 0 WHEN l.counted THEN CAST(l.lost AS BIGINT) END AS lost
FROM summed AS s
JOIN metric_normal AS n ON n.metric = s.metric
LEFT JOIN lossy AS l ON l.metric = s.metric AND l.first_bucket = s.first_bucket
WHERE s.value >= n.least_total;
