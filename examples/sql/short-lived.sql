-- SPDX-License-Identifier: Apache-2.0
-- Which short-lived processes would polling have missed, and who started them?
SELECT
    s.command, q.command AS started_by, count(*) AS processes,
    round(median(s.lifetime_ns) / 1000000, 2) AS median_ms
FROM short_lived AS s
LEFT JOIN process AS q ON q.proc_key = s.parent_key
WHERE NOT s.polled
GROUP BY s.command, q.command
ORDER BY processes DESC, s.command
LIMIT 20;
