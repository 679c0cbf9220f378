-- SPDX-License-Identifier: Apache-2.0
-- How long do operations take, by call and type of file?
SELECT
    op, file_type, count(*) AS operations, round(median(latency_ns) / 1000, 1) AS median_us,
    round(quantile_cont(latency_ns, 0.99) / 1000, 1) AS p99_us, round(max(latency_ns) / 1000, 1) AS max_us
FROM io
GROUP BY op, file_type
ORDER BY operations DESC, op;
