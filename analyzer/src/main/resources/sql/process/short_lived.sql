-- SPDX-License-Identifier: Apache-2.0
-- What polling would have missed.
-- include: process/process.sql
-- include: capture/capture.sql

-- short_lived: a process that was born and ended in the window within 100 ms.
-- Columns:
--   proc_key: process
--   pid: its pid
--   parent_key: process that forked it
--   comm: its last name
--   command: arguments of what it ran last, joined by spaces; the name where there are none
--   start_ns [ns]: when it began (boot clock)
--   lifetime_ns [ns]: from start to end
--   polled: true if it was alive at a whole second of the window, so that polling once a second
--     would have seen it
CREATE VIEW short_lived AS
SELECT
    p.proc_key, p.pid, p.parent_key, p.comm, p.command, p.start_ns, p.lifetime_ns,
    -- The last whole second before its end lies after its start.
    c.from_ns + CAST(floor((p.end_ns - c.from_ns) / 1000000000) AS BIGINT) * 1000000000
        >= p.start_ns AS polled
FROM process AS p
CROSS JOIN capture AS c
WHERE p.source = 'event' AND p.lifetime_ns < 100000000 AND p.start_ns >= c.from_ns
    AND p.end_ns <= c.to_ns;
