-- SPDX-License-Identifier: Apache-2.0
-- Of which executions is something missing, and how much? The exact count is the kernel's own, right whatever was lost.
SELECT
    x.pid, p.comm, x.exec_no, x.dir, x.exact_ops, x.seen_ops, x.missing_ops, x.exact_bytes, x.missing_bytes
FROM exact_io AS x
LEFT JOIN process AS p ON p.proc_key = x.proc_key
WHERE x.missing_ops <> 0 OR x.missing_bytes <> 0
ORDER BY x.missing_bytes DESC, x.missing_ops DESC, x.pid, x.dir;
