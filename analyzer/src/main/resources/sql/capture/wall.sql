-- SPDX-License-Identifier: Apache-2.0
-- From the boot clock to wall time. DuckDB only: Spark has neither macros nor lists of structs in
-- this form.
-- include: capture/capture.sql

-- manifest_clock: the first and the last anchor, as the manifest has them.
-- Columns:
--   boottime_ns [ns]: CLOCK_BOOTTIME
--   realtime_ns [ns]: CLOCK_REALTIME at the same moment
CREATE TABLE manifest_clock (boottime_ns BIGINT, realtime_ns BIGINT);

-- clock_list: exactly one row: all anchors in order of time.
-- Columns:
--   anchors: list of (boottime_ns, realtime_ns)
-- materialize
CREATE VIEW clock_list AS
SELECT list({'boottime_ns': boottime_ns, 'realtime_ns': realtime_ns} ORDER BY boottime_ns)
    AS anchors
FROM (
    SELECT boottime_ns, min(realtime_ns) AS realtime_ns
    FROM (SELECT boottime_ns, realtime_ns FROM clock UNION ALL SELECT * FROM manifest_clock)
    GROUP BY boottime_ns
);

-- wall: wall(ts_ns) is the wall time (UTC) of a moment of the boot clock, reckoned from the last
-- anchor at or before it (from the first anchor for what lies before that).
CREATE MACRO wall(ts_ns) AS (
    SELECT make_timestamp((anchor.realtime_ns + (ts_ns - anchor.boottime_ns)) // 1000)
    FROM (
        SELECT coalesce(list_filter(anchors, lambda a: a.boottime_ns <= ts_ns)[-1], anchors[1])
            AS anchor
        FROM clock_list
    )
);
