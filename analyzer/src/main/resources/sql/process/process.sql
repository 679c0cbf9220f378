-- SPDX-License-Identifier: Apache-2.0
-- Every process, with what it and its descendants did.
-- include: process/ancestry.sql
-- include: process/execution.sql
-- include: io/io_total.sql
-- include: loss/exact_io.sql

-- process: a process seen: born in the window, there at the start, or known by what it did.
-- Columns:
--   proc_key: process
--   pid: its pid
--   parent_key: process that forked it (its birth parent); for one from before the start its
--     parent then
--   parent_pid: pid of that parent
--   start_ns [ns]: when it began (boot clock)
--   end_ns [ns]: when it ended (boot clock), NULL if it was alive at the end
--   lifetime_ns [ns]: from start to end, NULL if it was alive at the end
--   exit_code: value given to exit, NULL if it was alive at the end
--   signal: signal that ended it, 0 if none, NULL if it was alive at the end
--   comm: its last known name
--   exe: binary it ran last, inherited from its parent if it made no exec; NULL if not known
--   argv: arguments of that binary, NULL if not known
--   command: the arguments joined by spaces; the name where there are none
--   uid: real user id
--   cgroup_id: cgroup v2 id
--   ns_pid: pid in its innermost pid namespace
--   source: event (born in the window, or known by what it did) or snapshot (there at the start)
--   execs: successful execs in the window
--   read_bytes [bytes]: bytes it took from descriptors (files, pipes, sockets)
--   written_bytes [bytes]: bytes it put into descriptors
--   ops: its operations on descriptors (one that moves bytes between two counts for each)
--   device_read_bytes [bytes]: bytes fetched from storage for it in its life, NULL if alive at
--     the end
--   device_written_bytes [bytes]: bytes it dirtied for storage in its life, NULL if alive at the
--     end
--   cpu_ns [ns]: CPU time of its life, NULL if it was alive at the end
--   tree_read_bytes [bytes]: read_bytes of it and all its descendants
--   tree_written_bytes [bytes]: written_bytes of it and all its descendants
--   tree_ops: ops of it and all its descendants
--   tree_device_read_bytes [bytes]: device_read_bytes of it and all its descendants that ended
--   tree_device_written_bytes [bytes]: device_written_bytes of it and all its descendants that
--     ended
--   tree_processes: it and all its descendants
--   tree_cpu_ns [ns]: CPU time of it and all its descendants that ended
--   exact_read_bytes [bytes]: what read_bytes is by the kernel's own count, exact whatever was
--     lost; NULL where that is not known of each execution that did something
--   exact_written_bytes [bytes]: what written_bytes is, likewise
--   exact_ops: what ops is, likewise
--   tree_exact_read_bytes [bytes]: exact_read_bytes of it and all its descendants; NULL where one
--     of them did something and its exact count is not known
--   tree_exact_written_bytes [bytes]: exact_written_bytes of all of them, likewise
--   tree_exact_ops: exact_ops of all of them, likewise
-- materialize
CREATE VIEW process AS
WITH seen AS (
    SELECT proc_key FROM birth
    UNION SELECT proc_key FROM exec
    UNION SELECT proc_key FROM exit
    UNION SELECT proc_key FROM open
    UNION SELECT proc_key FROM name_op
    UNION SELECT proc_key FROM exact_io WHERE proc_key IS NOT NULL
), ended AS (
    SELECT
        proc_key, max(ts_ns) AS end_ns, max_by(exit_code, ts_ns) AS exit_code,
        max_by(signal, ts_ns) AS signal, max_by(comm, ts_ns) AS comm,
        max(read_bytes) AS device_read_bytes, max(write_bytes) AS device_written_bytes,
        max(utime_ns + stime_ns) AS cpu_ns
    FROM exit
    GROUP BY proc_key
), became AS (
    SELECT
        proc_key, count(*) AS execs, max_by(comm, exec_no) AS comm, max_by(uid, exec_no) AS uid,
        max_by(cgroup_id, exec_no) AS cgroup_id, max_by(ns_pid, exec_no) AS ns_pid
    FROM exec
    WHERE ret = 0
    GROUP BY proc_key
), ran AS (
    SELECT
        proc_key, max_by(exe, exec_no) AS exe, max_by(argv, exec_no) AS argv
    FROM execution
    GROUP BY proc_key
), threaded AS (
    SELECT DISTINCT parent_key AS proc_key FROM fork WHERE is_thread
), moved AS (
    SELECT
        proc_key,
        sum(CASE WHEN dir = 'r' THEN bytes ELSE 0 END) AS read_bytes,
        sum(CASE WHEN dir = 'w' THEN bytes ELSE 0 END) AS written_bytes,
        sum(ops) AS ops
    FROM io_total
    GROUP BY proc_key
), exact AS (
    SELECT
        proc_key, count(*) = count(exact_ops) AS known,
        CAST(sum(CASE WHEN dir = 'r' THEN exact_bytes ELSE 0 END) AS BIGINT) AS read_bytes,
        CAST(sum(CASE WHEN dir = 'w' THEN exact_bytes ELSE 0 END) AS BIGINT) AS written_bytes,
        CAST(sum(exact_ops) AS BIGINT) AS ops
    FROM exact_io
    GROUP BY proc_key
), own AS (
    SELECT
        s.proc_key, b.parent_key,
        coalesce(b.start_ns, (s.proc_key >> 22) * 1000000) AS start_ns,
        d.end_ns, d.exit_code, d.signal,
        -- The last thread of a process with threads may go by another name than the process.
        CASE WHEN t.proc_key IS NULL AND b.source = 'event' THEN coalesce(d.comm, x.comm, b.comm)
            ELSE coalesce(x.comm, b.comm, d.comm) END AS comm,
        r.exe, r.argv, coalesce(x.uid, b.uid) AS uid,
        coalesce(x.cgroup_id, b.cgroup_id) AS cgroup_id,
        coalesce(b.ns_pid, x.ns_pid) AS ns_pid, coalesce(b.source, 'event') AS source,
        coalesce(x.execs, 0) AS execs,
        CAST(coalesce(m.read_bytes, 0) AS BIGINT) AS read_bytes,
        CAST(coalesce(m.written_bytes, 0) AS BIGINT) AS written_bytes,
        CAST(coalesce(m.ops, 0) AS BIGINT) AS ops,
        d.device_read_bytes, d.device_written_bytes, d.cpu_ns,
        k.read_bytes AS exact_read_bytes, k.written_bytes AS exact_written_bytes,
        k.ops AS exact_ops
    FROM seen AS s
    LEFT JOIN birth AS b ON b.proc_key = s.proc_key
    LEFT JOIN ended AS d ON d.proc_key = s.proc_key
    LEFT JOIN became AS x ON x.proc_key = s.proc_key
    LEFT JOIN ran AS r ON r.proc_key = s.proc_key
    LEFT JOIN threaded AS t ON t.proc_key = s.proc_key
    LEFT JOIN moved AS m ON m.proc_key = s.proc_key
    LEFT JOIN exact AS k ON k.proc_key = s.proc_key AND k.known
), tree AS (
    SELECT
        a.root_key,
        CAST(sum(o.read_bytes) AS BIGINT) AS read_bytes,
        CAST(sum(o.written_bytes) AS BIGINT) AS written_bytes,
        CAST(sum(o.ops) AS BIGINT) AS ops,
        CAST(coalesce(sum(o.device_read_bytes), 0) AS BIGINT) AS device_read_bytes,
        CAST(coalesce(sum(o.device_written_bytes), 0) AS BIGINT) AS device_written_bytes,
        count(*) AS processes,
        CAST(coalesce(sum(o.cpu_ns), 0) AS BIGINT) AS cpu_ns,
        count(CASE WHEN o.exact_ops IS NULL AND o.ops > 0 THEN 1 END) = 0 AS known,
        CAST(sum(o.exact_read_bytes) AS BIGINT) AS exact_read_bytes,
        CAST(sum(o.exact_written_bytes) AS BIGINT) AS exact_written_bytes,
        CAST(sum(o.exact_ops) AS BIGINT) AS exact_ops
    FROM (
        SELECT ancestor_key AS root_key, proc_key FROM ancestry
        UNION ALL
        SELECT proc_key, proc_key FROM seen
    ) AS a
    JOIN own AS o ON o.proc_key = a.proc_key
    GROUP BY a.root_key
)
SELECT
    o.proc_key, CAST(o.proc_key & 4194303 AS INTEGER) AS pid, o.parent_key,
    CAST(o.parent_key & 4194303 AS INTEGER) AS parent_pid, o.start_ns, o.end_ns,
    o.end_ns - o.start_ns AS lifetime_ns, o.exit_code, o.signal, o.comm, o.exe, o.argv,
    coalesce(nullif(array_to_string(o.argv, ' '), ''), o.comm) AS command,
    o.uid, o.cgroup_id, o.ns_pid, o.source, o.execs, o.read_bytes, o.written_bytes, o.ops,
    o.device_read_bytes, o.device_written_bytes, o.cpu_ns,
    t.read_bytes AS tree_read_bytes, t.written_bytes AS tree_written_bytes, t.ops AS tree_ops,
    t.device_read_bytes AS tree_device_read_bytes,
    t.device_written_bytes AS tree_device_written_bytes,
    t.processes AS tree_processes, t.cpu_ns AS tree_cpu_ns,
    o.exact_read_bytes, o.exact_written_bytes, o.exact_ops,
    CASE WHEN t.known THEN t.exact_read_bytes END AS tree_exact_read_bytes,
    CASE WHEN t.known THEN t.exact_written_bytes END AS tree_exact_written_bytes,
    CASE WHEN t.known THEN t.exact_ops END AS tree_exact_ops
FROM own AS o
JOIN tree AS t ON t.root_key = o.proc_key;
