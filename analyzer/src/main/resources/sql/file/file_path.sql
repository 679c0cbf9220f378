-- SPDX-License-Identifier: Apache-2.0
-- Which name a file had, and when.

-- file_path: a name that a file had from one moment to another. A rename or unlink seen later
-- closes it, in whichever file of the capture that row stands. Names whose file is not known are
-- left out.
-- Columns:
--   dev: device of the file system, as stat(2) codes it
--   ino: inode
--   generation: generation of the inode
--   path: absolute path; pipe:[INO], socket:[INO] and anon_inode:NAME for files without one
--   file_type: type of the file
--   since_ns [ns]: when the name was first seen or made (boot clock)
--   until_ns [ns]: when it ended (boot clock), NULL if that was not seen
--   cause: how it became known: snapshot, open, create, io, rename or link
--   proc_key: process that opened or made it
-- materialize
CREATE VIEW file_path AS
WITH event AS (
    SELECT
        dev, ino, generation, path, since_ns AS ts_ns, 0 AS is_end, until_ns AS end_ns, file_type,
        cause,
        proc_key
    FROM file
    WHERE ino IS NOT NULL AND cause <> 'unlink'
        AND (cause <> 'rename' OR until_ns IS NULL OR until_ns > since_ns)
    UNION ALL
    SELECT dev, ino, generation, path, until_ns, 1, until_ns, NULL, NULL, NULL
    FROM file
    WHERE ino IS NOT NULL AND (cause = 'unlink' OR (cause = 'rename' AND until_ns = since_ns))
    UNION ALL
    SELECT dev, ino, generation, old_path, since_ns, 1, since_ns, NULL, NULL, NULL
    FROM file
    WHERE ino IS NOT NULL AND cause = 'rename' AND old_path IS NOT NULL
), closed AS (
    SELECT
        *,
        min(end_ns) OVER (
            PARTITION BY dev, ino, generation, path ORDER BY ts_ns, is_end
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS until_ns
    FROM event
)
SELECT dev, ino, generation, path, file_type, ts_ns AS since_ns, until_ns, cause, proc_key
FROM closed
WHERE is_end = 0;

-- file_name: the one name to call a file by at a moment. The intervals of a file do not overlap
-- and leave no gap: the name that began last counts, before the first the first.
-- Columns:
--   dev: device of the file system, as stat(2) codes it
--   ino: inode
--   generation: generation of the inode, 0 where it is not known
--   from_ns [ns]: from when on (boot clock), 0 for the first name
--   to_ns [ns]: up to when, exclusive; the largest number for the last name
--   path: the name
-- materialize
CREATE VIEW file_name AS
WITH named AS (
    SELECT dev, ino, coalesce(generation, 0) AS generation, since_ns, max(path) AS path
    FROM file_path
    GROUP BY dev, ino, coalesce(generation, 0), since_ns
)
SELECT
    dev, ino, generation,
    CASE WHEN row_number() OVER (PARTITION BY dev, ino, generation ORDER BY since_ns) = 1
        THEN 0 ELSE since_ns END AS from_ns,
    lead(since_ns, 1, 9223372036854775807)
        OVER (PARTITION BY dev, ino, generation ORDER BY since_ns) AS to_ns,
    path
FROM named;
