-- SPDX-License-Identifier: Apache-2.0
-- Who and what is behind a spike.
-- include: spike/spike.sql
-- include: process/ancestry.sql
-- include: process/process.sql
-- include: process/execution.sql
-- include: file/file_path.sql

-- spike_part: what one execution did to one file with one kind of call within a spike. For
-- process_starts the process born, for failed_opens and failed_execs the name that failed.
-- Columns:
--   spike_no: the spike
--   proc_key: process, NULL where what names it was lost
--   exec_no: its execution
--   dev: device of the file, NULL if there is none
--   ino: inode
--   generation: generation of the inode
--   path: name of the file at its last use in the spike, ? if not known; NULL for process_starts
--   op: kind of call
--   value: its part of the spike
--   ops: calls behind it
--   longest_ns [ns]: the longest of them (of calls put together in one row of io their mean)
-- materialize
CREATE VIEW spike_part AS
WITH spike_bucket AS (
    SELECT s.spike_no, s.metric, b.bucket
    FROM spike AS s
    JOIN metric_bucket AS b ON b.metric = s.metric AND b.from_ns >= s.from_ns
        AND b.from_ns < s.to_ns
), moved AS (
    SELECT
        h.spike_no, i.proc_key, i.exec_no, i.dev, i.ino, i.generation, i.op,
        sum(CASE h.metric
            WHEN 'ops' THEN i.ops
            WHEN 'fsync_time' THEN coalesce(i.latency_ns, 0)
            ELSE i.bytes END) AS value,
        sum(i.ops) AS ops,
        CAST(max(i.latency_ns / greatest(i.ops, 1)) AS BIGINT) AS longest_ns,
        max(i.ts_ns) AS last_ns
    FROM io AS i
    CROSS JOIN capture AS c
    JOIN spike_bucket AS h ON h.bucket = CAST(floor((i.ts_ns - c.from_ns) / c.bucket_ns) AS BIGINT)
    WHERE h.metric = 'ops'
        OR (h.metric = 'read_bytes' AND i.dir = 'r')
        OR (h.metric = 'written_bytes' AND i.dir = 'w')
        OR (h.metric = 'fsync_time' AND i.op IN ('fsync', 'fdatasync'))
    GROUP BY h.spike_no, i.proc_key, i.exec_no, i.dev, i.ino, i.generation, i.op
), single AS (
    SELECT
        'process_starts' AS metric, child_key AS proc_key, CAST(NULL AS INTEGER) AS exec_no,
        CAST(NULL AS VARCHAR) AS path, 'fork' AS op, ts_ns, CAST(NULL AS BIGINT) AS latency_ns
    FROM fork
    WHERE NOT is_thread
    UNION ALL
    SELECT 'failed_opens', proc_key, exec_no, coalesce(path, '?'), 'open', ts_ns, latency_ns
    FROM open
    WHERE ret < 0
    UNION ALL
    SELECT 'failed_execs', proc_key, exec_no, path, 'exec', ts_ns, NULL
    FROM exec
    WHERE ret < 0
)
SELECT
    m.spike_no, m.proc_key, m.exec_no, m.dev, m.ino, m.generation, coalesce(n.path, '?') AS path,
    m.op,
    CAST(m.value AS BIGINT) AS value, CAST(m.ops AS BIGINT) AS ops, m.longest_ns
FROM moved AS m
LEFT JOIN file_name AS n
    ON n.dev = m.dev AND n.ino = m.ino AND n.generation = coalesce(m.generation, 0)
    AND m.last_ns >= n.from_ns AND m.last_ns < n.to_ns
WHERE m.value > 0
UNION ALL
SELECT
    h.spike_no, s.proc_key, s.exec_no, NULL, NULL, NULL, s.path, s.op, count(*), count(*),
    max(s.latency_ns)
FROM single AS s
CROSS JOIN capture AS c
JOIN spike_bucket AS h
    ON h.metric = s.metric
        AND h.bucket = CAST(floor((s.ts_ns - c.from_ns) / c.bucket_ns) AS BIGINT)
GROUP BY h.spike_no, s.proc_key, s.exec_no, s.path, s.op;

-- spike_cause: one part of the breakdown of a spike: a file, an execution, or (kind ancestor, one
-- row a spike) the deepest process that together with its descendants makes up at least 80 % of
-- it.
-- Columns:
--   spike_no: the spike
--   metric: its figure
--   from_ns [ns]: its start (boot clock)
--   kind: file, execution or ancestor
--   rank: 1 for the largest of its kind
--   name: path of the file, or command of the execution or ancestor; ? if not known
--   proc_key: process; for a file the one with the largest part in it
--   exec_no: its execution, NULL for an ancestor and a process born
--   dev: device of the file, NULL for other kinds
--   ino: inode of the file
--   generation: generation of the inode
--   op: kind of call with the largest part
--   value: part of the spike
--   ops: calls behind it
--   longest_ns [ns]: the longest of these calls, NULL where no time is known
--   share: part of the spike, 0 to 1
-- materialize
CREATE VIEW spike_cause AS
WITH by_file AS (
    SELECT
        spike_no, 'file' AS kind, path AS name, max_by(proc_key, row(value, proc_key)) AS proc_key,
        max_by(exec_no, row(value, proc_key)) AS exec_no, dev, ino, generation,
        max_by(op, row(value, op)) AS op,
        sum(value) AS value, sum(ops) AS ops, max(longest_ns) AS longest_ns
    FROM spike_part
    WHERE path IS NOT NULL
    GROUP BY spike_no, path, dev, ino, generation
), image AS (
    SELECT proc_key, exec_no, min_by(command, start_ns) AS command
    FROM execution
    GROUP BY proc_key, exec_no
), by_execution AS (
    SELECT
        p.spike_no, 'execution' AS kind, min(coalesce(e.command, q.command, '?')) AS name,
        p.proc_key,
        p.exec_no, CAST(NULL AS BIGINT) AS dev, CAST(NULL AS BIGINT) AS ino,
        CAST(NULL AS BIGINT) AS generation, max_by(p.op, row(p.value, p.op)) AS op,
        sum(p.value) AS value, sum(p.ops) AS ops, max(p.longest_ns) AS longest_ns
    FROM spike_part AS p
    LEFT JOIN image AS e ON e.proc_key = p.proc_key AND e.exec_no = p.exec_no
    LEFT JOIN process AS q ON q.proc_key = p.proc_key
    GROUP BY p.spike_no, p.proc_key, p.exec_no
), line AS (
    SELECT proc_key, ancestor_key FROM ancestry
    UNION ALL
    SELECT proc_key, proc_key FROM process
), depth AS (
    SELECT proc_key, count(*) AS depth FROM line GROUP BY proc_key
), subtree AS (
    SELECT
        p.spike_no, l.ancestor_key AS proc_key, max_by(p.op, row(p.value, p.op)) AS op,
        sum(p.value) AS value,
        sum(p.ops) AS ops, max(p.longest_ns) AS longest_ns
    FROM spike_part AS p
    JOIN line AS l ON l.proc_key = p.proc_key
    GROUP BY p.spike_no, l.ancestor_key
), deepest AS (
    SELECT
        t.*, row_number() OVER (
            PARTITION BY t.spike_no ORDER BY d.depth DESC, t.value DESC, t.proc_key
        ) AS place
    FROM subtree AS t
    JOIN spike AS s ON s.spike_no = t.spike_no
    JOIN depth AS d ON d.proc_key = t.proc_key
    WHERE t.value >= 0.8 * s.value
), part AS (
    SELECT * FROM by_file
    UNION ALL
    SELECT * FROM by_execution
    UNION ALL
    SELECT
        d.spike_no, 'ancestor', coalesce(q.command, '?'), d.proc_key, NULL, NULL, NULL, NULL,
        d.op, d.value,
        d.ops, d.longest_ns
    FROM deepest AS d
    LEFT JOIN process AS q ON q.proc_key = d.proc_key
    WHERE d.place = 1
)
SELECT
    p.spike_no, s.metric, s.from_ns, p.kind,
    row_number() OVER (
        PARTITION BY p.spike_no, p.kind ORDER BY p.value DESC, p.name, p.proc_key, p.exec_no, p.ino
    ) AS rank,
    p.name, p.proc_key, p.exec_no, p.dev, p.ino, p.generation, p.op,
    CAST(p.value AS BIGINT) AS value,
    CAST(p.ops AS BIGINT) AS ops, p.longest_ns, p.value / s.value AS share
FROM part AS p
JOIN spike AS s ON s.spike_no = p.spike_no;
