-- SPDX-License-Identifier: Apache-2.0
-- Which files were used most.
-- include: file/file_path.sql
-- include: io/io_total.sql
-- include: loss/lossy_interval.sql
-- include: process/process.sql

-- busy_file: a file on which operations were made, with all of them together.
-- Columns:
--   dev: device of the file, NULL if the descriptor was not open
--   ino: inode
--   generation: generation of the inode
--   path: name of the file at its last operation, ? if not known
--   file_type: type of the file
--   read_bytes [bytes]: bytes that left it
--   written_bytes [bytes]: bytes that entered it
--   ops: operations
--   processes: processes behind them
--   users: the names behind most of the bytes, at most three, with their pid or their number
--   lost: at most so many operations on it are missing: those lost in the window, on whichever
--     file; NULL if it is not known how many
CREATE VIEW busy_file AS
WITH per_name AS (
    SELECT
        t.dev, t.ino, t.generation, coalesce(p.comm, '?') AS comm, min(t.file_type) AS file_type,
        sum(CASE WHEN t.dir = 'r' THEN t.bytes ELSE 0 END) AS read_bytes,
        sum(CASE WHEN t.dir = 'w' THEN t.bytes ELSE 0 END) AS written_bytes,
        sum(t.ops) AS ops, count(DISTINCT t.proc_key) AS processes, min(p.pid) AS pid,
        max(t.last_ns) AS last_ns
    FROM io_total AS t
    LEFT JOIN process AS p ON p.proc_key = t.proc_key
    GROUP BY t.dev, t.ino, t.generation, coalesce(p.comm, '?')
), ranked AS (
    SELECT
        *, row_number() OVER (
            PARTITION BY dev, ino, generation ORDER BY read_bytes + written_bytes DESC, ops DESC,
            comm
        ) AS place
    FROM per_name
), per_file AS (
    SELECT
        dev, ino, generation, min(file_type) AS file_type, sum(read_bytes) AS read_bytes,
        sum(written_bytes) AS written_bytes, sum(ops) AS ops, sum(processes) AS processes,
        max(last_ns) AS last_ns,
        string_agg(
            CASE WHEN place > 3 THEN NULL
                WHEN processes > 1 THEN concat(comm, ' x ', processes)
                WHEN pid IS NULL THEN comm
                ELSE concat(comm, ' (', pid, ')') END,
            ', ' ORDER BY place
        ) AS users
    FROM ranked
    GROUP BY dev, ino, generation
)
SELECT
    f.dev, f.ino, f.generation, coalesce(n.path, '?') AS path, f.file_type,
    CAST(f.read_bytes AS BIGINT) AS read_bytes, CAST(f.written_bytes AS BIGINT) AS written_bytes,
    CAST(f.ops AS BIGINT) AS ops, CAST(f.processes AS BIGINT) AS processes, f.users,
    l.lost
FROM per_file AS f
JOIN class_loss AS l ON l.class = 'io'
LEFT JOIN file_name AS n
    ON n.dev = f.dev AND n.ino = f.ino AND n.generation = coalesce(f.generation, 0)
    AND f.last_ns >= n.from_ns AND f.last_ns < n.to_ns;
