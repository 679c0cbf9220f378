-- SPDX-License-Identifier: Apache-2.0
-- What the kernel counted beside the events, against what the events add up to.
-- include: capture/capture.sql
-- include: io/io_total.sql

-- exact_total: what an execution did by the kernel's own count, all its threads together: exact
-- whatever was lost. None where --from or --to cut the window, for the counts cannot be cut.
-- Columns:
--   proc_key: process
--   exec_no: its execution
--   read_ops: operations of direction r
--   read_bytes [bytes]: bytes they moved
--   written_ops: operations of direction w
--   written_bytes [bytes]: bytes they moved
-- materialize
CREATE VIEW exact_total AS
SELECT
    t.proc_key, t.exec_no, CAST(sum(t.read_ops) AS BIGINT) AS read_ops,
    CAST(sum(t.read_bytes) AS BIGINT) AS read_bytes,
    CAST(sum(t.written_ops) AS BIGINT) AS written_ops,
    CAST(sum(t.written_bytes) AS BIGINT) AS written_bytes
FROM total AS t
CROSS JOIN capture AS c
WHERE c.from_ns = c.start_ns AND c.to_ns = c.end_ns
GROUP BY t.proc_key, t.exec_no;

-- exact_io: what an execution did in one direction: the kernel's exact count beside the sums of
-- what was seen in io. The sums of the exact columns are right whatever was lost.
-- Columns:
--   proc_key: process, NULL where what names it was lost
--   pid: its pid
--   exec_no: its execution
--   dir: r (bytes left a file) or w (bytes entered it)
--   exact_ops: operations as the kernel counted, NULL if the execution has no row in total
--   exact_bytes [bytes]: bytes they moved, NULL likewise
--   seen_ops: operations in io
--   seen_bytes [bytes]: bytes they moved
--   missing_ops: exact_ops - seen_ops: operations that io lacks, NULL where exact_ops is
--   missing_bytes [bytes]: exact_bytes - seen_bytes, NULL where exact_bytes is
-- materialize
CREATE VIEW exact_io AS
WITH exact AS (
    SELECT proc_key, exec_no, 'r' AS dir, read_ops AS ops, read_bytes AS bytes FROM exact_total
    UNION ALL
    SELECT proc_key, exec_no, 'w', written_ops, written_bytes FROM exact_total
), seen AS (
    SELECT
        proc_key, exec_no, dir, CAST(sum(ops) AS BIGINT) AS ops,
        CAST(sum(bytes) AS BIGINT) AS bytes
    FROM io_total
    GROUP BY proc_key, exec_no, dir
)
SELECT
    coalesce(e.proc_key, s.proc_key) AS proc_key,
    CAST(coalesce(e.proc_key, s.proc_key) & 4194303 AS INTEGER) AS pid,
    coalesce(e.exec_no, s.exec_no) AS exec_no, coalesce(e.dir, s.dir) AS dir,
    e.ops AS exact_ops, e.bytes AS exact_bytes,
    coalesce(s.ops, 0) AS seen_ops, coalesce(s.bytes, 0) AS seen_bytes,
    e.ops - coalesce(s.ops, 0) AS missing_ops, e.bytes - coalesce(s.bytes, 0) AS missing_bytes
FROM exact AS e
FULL JOIN seen AS s ON s.proc_key = e.proc_key AND s.exec_no = e.exec_no AND s.dir = e.dir;
