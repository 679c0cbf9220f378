-- SPDX-License-Identifier: Apache-2.0
-- Operations summed before anything is joined to them: io can have a hundred million rows.

-- io_total: what one execution did to one file in one direction.
-- Columns:
--   proc_key: process, NULL where what names it was lost
--   exec_no: its execution
--   dev: device of the file, NULL if the descriptor was not open
--   ino: inode
--   generation: generation of the inode
--   file_type: type of the file
--   dir: r (bytes left the file) or w (bytes entered it)
--   ops: operations
--   bytes [bytes]: bytes that moved
--   counted_bytes [bytes]: those of them that the kernel counts in rchar and wchar (not sockets'
--     calls, not splice)
--   errors: operations that failed
--   latency_ns [ns]: time of all of them together
--   first_ns [ns]: start of the first (boot clock)
--   last_ns [ns]: start of the last (boot clock), of several in one row the first of them
-- materialize
CREATE VIEW io_total AS
SELECT
    proc_key, exec_no, dev, ino, generation, min(file_type) AS file_type, dir,
    CAST(sum(ops) AS BIGINT) AS ops, CAST(sum(bytes) AS BIGINT) AS bytes,
    CAST(sum(CASE WHEN op LIKE 'send%msg' OR op LIKE 'recv%' OR op IN ('sendto', 'splice')
        THEN 0 ELSE bytes END) AS BIGINT) AS counted_bytes,
    CAST(sum(CASE WHEN ret < 0 THEN ops ELSE 0 END) AS BIGINT) AS errors,
    CAST(coalesce(sum(latency_ns), 0) AS BIGINT) AS latency_ns,
    min(ts_ns) AS first_ns, max(ts_ns) AS last_ns
FROM io
GROUP BY proc_key, exec_no, dev, ino, generation, dir;
