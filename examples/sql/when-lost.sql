-- SPDX-License-Identifier: Apache-2.0
-- When were events lost, and what may answers about that time be short of? No row: nothing was lost.
SELECT from_wall, to_wall, class, lost, counted, cpus, reason, meaning
FROM lossy_interval
ORDER BY from_ns, class;
