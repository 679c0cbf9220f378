-- SPDX-License-Identifier: Apache-2.0
-- What stands out, and what explains it? One line for the ancestor, then the largest files of each spike.
SELECT
    wall(from_ns) AS at, metric, kind, round(share * 100, 1) AS percent, name, op, ops, value
FROM spike_cause
WHERE kind = 'ancestor' OR (kind = 'file' AND rank <= 3)
ORDER BY from_ns, metric, kind, rank;
