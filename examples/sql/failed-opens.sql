-- SPDX-License-Identifier: Apache-2.0
-- Which names were looked for in vain, and by whom?
SELECT errno, path, comm, failures, processes
FROM failure
WHERE call = 'open'
ORDER BY failures DESC, path, comm
LIMIT 30;
