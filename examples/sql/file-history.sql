-- SPDX-License-Identifier: Apache-2.0
-- Which names did a file have, and who used it under each? Files that had more than one name.
SELECT n.dev, n.ino, n.path, wall(n.since_ns) AS since, wall(n.until_ns) AS until, n.cause, p.command AS made_by
FROM file_path AS n
LEFT JOIN process AS p ON p.proc_key = n.proc_key
WHERE (n.dev, n.ino, n.generation) IN (
    SELECT (dev, ino, generation)
    FROM file_path
    GROUP BY dev, ino, generation
    HAVING count(*) > 1
)
ORDER BY n.dev, n.ino, n.since_ns;
