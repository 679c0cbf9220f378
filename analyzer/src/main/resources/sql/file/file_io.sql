-- SPDX-License-Identifier: Apache-2.0
-- Operations with the name of the file and the program behind them.
-- include: file/file_path.sql
-- include: process/execution.sql

-- file_io: one operation on a descriptor, or several alike that were put together under pressure:
-- exactly one row for each row of io; count operations with sum(ops). The path is the name that
-- began last before the operation, else the file's first.
-- Columns:
--   ts_ns [ns]: start of the call (boot clock), of several the first
--   latency_ns [ns]: time it took (all its operations together), NULL if its start was not seen
--   proc_key: process, NULL if what names it was lost
--   pid: its pid
--   exec_no: its execution
--   tid: thread
--   comm: name of the thread
--   exe: binary the execution ran, NULL if not known
--   command: arguments of the execution joined by spaces, NULL if not known
--   op: system call
--   dir: r (bytes left this file) or w (bytes entered it)
--   fd: descriptor
--   dev: device of the file system, NULL if the descriptor was not open
--   ino: inode
--   generation: generation of the inode
--   path: name of the file at that time, ? if not known
--   file_type: type of the file
--   file_offset [bytes]: where in the file it (the first) started, NULL where there is no position
--   bytes [bytes]: bytes that moved, 0 on error
--   ret: what the call returned, of several the sum; failures are never put together
--   ops: operations behind this row, more than 1 where several were put together
CREATE VIEW file_io AS
WITH image AS (
    SELECT proc_key, exec_no, min_by(exe, start_ns) AS exe, min_by(command, start_ns) AS command
    FROM execution
    GROUP BY proc_key, exec_no
)
SELECT
    i.ts_ns, i.latency_ns, i.proc_key, i.pid, i.exec_no, i.tid, i.comm, e.exe, e.command, i.op,
    i.dir, i.fd,
    i.dev, i.ino, i.generation, coalesce(n.path, '?') AS path, i.file_type, i.file_offset,
    i.bytes, i.ret,
    i.ops
FROM io AS i
LEFT JOIN file_name AS n
    ON n.dev = i.dev AND n.ino = i.ino AND n.generation = coalesce(i.generation, 0)
    AND i.ts_ns >= n.from_ns AND i.ts_ns < n.to_ns
LEFT JOIN image AS e ON e.proc_key = i.proc_key AND e.exec_no = i.exec_no;
