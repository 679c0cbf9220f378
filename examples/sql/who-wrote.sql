-- SPDX-License-Identifier: Apache-2.0
-- Which programs wrote most, and to which files?
SELECT command, path, sum(ops) AS ops, sum(bytes) AS bytes
FROM file_io
WHERE dir = 'w' AND file_type = 'file'
GROUP BY command, path
ORDER BY bytes DESC, ops DESC
LIMIT 20;
