-- SPDX-License-Identifier: Apache-2.0
-- What a process was from one moment to another.
-- include: process/ancestry.sql
-- include: loss/exact_io.sql

-- execution: an image a process ran. Number 0 is as a rule the image it inherited at birth; one
-- from before the start begins with what it ran then.
-- Columns:
--   proc_key: process
--   pid: its pid
--   exec_no: number of the execution, counted from the birth of the process
--   start_ns [ns]: when it began (boot clock); for one from before the start when the process
--     began
--   end_ns [ns]: when the next one began or the process ended, NULL if neither was seen
--   comm: name it began with
--   exe: binary it ran, NULL for threads of the kernel and where it is not known
--   argv: its arguments, NULL where they are not known
--   command: the arguments joined by spaces; the name where there are none
--   cwd: working directory it began with, NULL where it is not known
--   uid: real user id
--   source: exec (execve seen), inherited (from the parent at birth) or snapshot (ran at the
--     start)
--   exact_read_bytes [bytes]: bytes it took from descriptors as the kernel counted, whatever was
--     lost; NULL where that is not known
--   exact_written_bytes [bytes]: bytes it put into descriptors, likewise
--   exact_ops: its operations on descriptors, likewise
CREATE VIEW execution AS
WITH RECURSIVE known AS (
    SELECT proc_key, exec_no, ts_ns AS start_ns, comm, exe, argv, cwd, uid, 'exec' AS source
    FROM exec
    WHERE ret = 0
    UNION ALL
    SELECT s.proc_key, s.exec_no, s.start_ns, s.comm, s.exe, s.argv, s.cwd, s.uid, 'snapshot'
    FROM snapshot AS s
    LEFT JOIN exec AS e ON e.proc_key = s.proc_key AND e.exec_no = s.exec_no AND e.ret = 0
    LEFT JOIN birth AS b ON b.proc_key = s.proc_key AND b.source = 'event'
        AND b.exec_no = s.exec_no
    WHERE e.proc_key IS NULL AND b.proc_key IS NULL
), heir AS (
    -- Each birth is visited once: from the image known to the children that were born with it,
    -- then to theirs.
    SELECT proc_key, exec_no, proc_key AS from_key, exec_no AS from_no, 0 AS depth FROM known
    UNION ALL
    SELECT b.proc_key, b.exec_no, heir.from_key, heir.from_no, heir.depth + 1
    FROM heir
    JOIN birth AS b ON b.source = 'event' AND b.parent_key = heir.proc_key
        AND b.parent_exec_no = heir.exec_no
    WHERE heir.depth < 1024
), image AS (
    SELECT proc_key, exec_no, start_ns, comm, exe, argv, cwd, uid, source FROM known
    UNION ALL
    SELECT b.proc_key, b.exec_no, b.start_ns, b.comm, k.exe, k.argv, k.cwd, b.uid, 'inherited'
    FROM birth AS b
    LEFT JOIN heir AS h ON h.proc_key = b.proc_key AND h.exec_no = b.exec_no AND h.depth > 0
    LEFT JOIN known AS k ON k.proc_key = h.from_key AND k.exec_no = h.from_no
    WHERE b.source = 'event'
), ended AS (
    SELECT proc_key, max(ts_ns) AS end_ns FROM exit GROUP BY proc_key
)
SELECT
    i.proc_key, CAST(i.proc_key & 4194303 AS INTEGER) AS pid, i.exec_no, i.start_ns,
    coalesce(
        lead(i.start_ns) OVER (PARTITION BY i.proc_key ORDER BY i.exec_no, i.start_ns), e.end_ns
    ) AS end_ns,
    i.comm, i.exe, i.argv,
    coalesce(nullif(array_to_string(i.argv, ' '), ''), i.comm) AS command,
    i.cwd, i.uid, i.source, t.read_bytes AS exact_read_bytes,
    t.written_bytes AS exact_written_bytes, t.read_ops + t.written_ops AS exact_ops
FROM image AS i
LEFT JOIN ended AS e ON e.proc_key = i.proc_key
LEFT JOIN exact_total AS t ON t.proc_key = i.proc_key AND t.exec_no = i.exec_no;
