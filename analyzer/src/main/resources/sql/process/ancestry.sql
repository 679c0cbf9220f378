-- SPDX-License-Identifier: Apache-2.0
-- Who descends from whom, by birth.

-- birth: a process whose birth, or whose parent at the start, is known.
-- Columns:
--   proc_key: process
--   parent_key: process that forked it; for one from before the start its parent then, NULL if it
--     had none
--   parent_exec_no: execution of the parent at that moment, NULL for one from before the start
--   exec_no: execution number it began with (or had at the start)
--   start_ns [ns]: when it began (boot clock)
--   comm: name it began with (or had at the start)
--   uid: real user id it began with (or had at the start)
--   cgroup_id: cgroup v2 id it began with (or had at the start)
--   ns_pid: pid in its innermost pid namespace
--   source: event (fork seen) or snapshot (from before the start)
CREATE VIEW birth AS
SELECT
    child_key AS proc_key, min_by(parent_key, ts_ns) AS parent_key,
    min_by(parent_exec_no, ts_ns) AS parent_exec_no, min_by(child_exec_no, ts_ns) AS exec_no,
    min(ts_ns) AS start_ns, min_by(comm, ts_ns) AS comm, min_by(uid, ts_ns) AS uid,
    min_by(cgroup_id, ts_ns) AS cgroup_id, min_by(ns_pid, ts_ns) AS ns_pid, 'event' AS source
FROM fork
WHERE NOT is_thread AND child_key <> parent_key
GROUP BY child_key
UNION ALL
SELECT
    proc_key, min_by(nullif(parent_key, proc_key), ts_ns), NULL, min_by(exec_no, ts_ns),
    min(start_ns),
    min_by(comm, ts_ns), min_by(uid, ts_ns), min_by(cgroup, ts_ns), min_by(ns_pid, ts_ns),
    'snapshot'
FROM snapshot
WHERE proc_key NOT IN (SELECT child_key FROM fork WHERE NOT is_thread)
GROUP BY proc_key;

-- ancestry: a process and one of its ancestors by birth. Every ancestor of every process, up to
-- 1,024 generations.
-- Columns:
--   proc_key: process
--   ancestor_key: its ancestor
--   distance [generations]: 1 for the parent, 2 for the grandparent, and so on
CREATE VIEW ancestry AS
WITH RECURSIVE climb AS (
    SELECT proc_key, parent_key AS ancestor_key, 1 AS distance
    FROM birth
    WHERE parent_key IS NOT NULL
    UNION ALL
    SELECT climb.proc_key, birth.parent_key, climb.distance + 1
    FROM climb
    JOIN birth ON birth.proc_key = climb.ancestor_key
    WHERE birth.parent_key IS NOT NULL AND birth.parent_key <> climb.proc_key
        AND climb.distance < 1024
)
SELECT proc_key, ancestor_key, min(distance) AS distance
FROM climb
GROUP BY proc_key, ancestor_key;
