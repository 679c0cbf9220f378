-- SPDX-License-Identifier: Apache-2.0
-- Which fsyncs were slow, and who waited for them?
SELECT wall(ts_ns) AS at, round(latency_ns / ops / 1000000, 2) AS ms, pid, command, path
FROM file_io
WHERE op IN ('fsync', 'fdatasync')
ORDER BY latency_ns / ops DESC NULLS LAST
LIMIT 20;
