-- SPDX-License-Identifier: Apache-2.0
-- How much of what the kernel counted was seen.
-- include: io/io_total.sql
-- include: process/ancestry.sql

-- coverage: a process that ended in the window: its bytes seen against the kernel's own count.
-- The kernel counts neither sockets' calls nor splice, so they are left out here; it does count
-- the few hundred bytes that it reads itself at each exec.
-- Columns:
--   proc_key: process
--   pid: its pid
--   whole: true if it was born in the window too, so that both counts cover its whole life
--   execs: successful execs in the window
--   seen_read_bytes [bytes]: bytes of its rows of io with dir r
--   rchar [bytes]: bytes read by calls, as the kernel counted, NULL if not known
--   seen_written_bytes [bytes]: bytes of its rows of io with dir w
--   wchar [bytes]: bytes written by calls, as the kernel counted, NULL if not known
--   missed_bytes [bytes]: counted by the kernel and not seen, both directions; 0 at least, or NULL
CREATE VIEW coverage AS
WITH moved AS (
    SELECT
        proc_key,
        CAST(sum(CASE WHEN dir = 'r' THEN counted_bytes ELSE 0 END) AS BIGINT) AS read_bytes,
        CAST(sum(CASE WHEN dir = 'w' THEN counted_bytes ELSE 0 END) AS BIGINT) AS written_bytes
    FROM io_total
    GROUP BY proc_key
), became AS (
    SELECT proc_key, count(*) AS execs FROM exec WHERE ret = 0 GROUP BY proc_key
)
SELECT
    e.proc_key, e.pid, b.proc_key IS NOT NULL AS whole, coalesce(x.execs, 0) AS execs,
    coalesce(m.read_bytes, 0) AS seen_read_bytes, e.rchar,
    coalesce(m.written_bytes, 0) AS seen_written_bytes, e.wchar,
    CASE WHEN e.rchar IS NOT NULL AND e.wchar IS NOT NULL THEN
        greatest(e.rchar - coalesce(m.read_bytes, 0), 0)
            + greatest(e.wchar - coalesce(m.written_bytes, 0), 0) END AS missed_bytes
FROM exit AS e
LEFT JOIN birth AS b ON b.proc_key = e.proc_key AND b.source = 'event'
LEFT JOIN moved AS m ON m.proc_key = e.proc_key
LEFT JOIN became AS x ON x.proc_key = e.proc_key;
