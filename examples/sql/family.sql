-- SPDX-License-Identifier: Apache-2.0
-- What did make and everything below it do? By program, the busiest first.
SELECT
    p.comm, count(DISTINCT p.proc_key) AS processes, sum(p.execs) AS execs, sum(p.read_bytes) AS read_bytes,
    sum(p.written_bytes) AS written_bytes, sum(p.cpu_ns) / 1000000 AS cpu_ms
FROM process AS p
WHERE p.comm = 'make' OR p.proc_key IN (
    SELECT a.proc_key
    FROM ancestry AS a
    JOIN process AS m ON m.proc_key = a.ancestor_key
    WHERE m.comm = 'make'
)
GROUP BY p.comm
ORDER BY cpu_ms DESC NULLS LAST, processes DESC;
