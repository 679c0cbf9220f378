-- SPDX-License-Identifier: Apache-2.0
-- What did not succeed.
-- include: system/errno.sql
-- include: capture/capture.sql

-- failure: opens or execs that failed alike: same call, same name, same error, same name of the
-- caller.
-- Columns:
--   call: open or exec
--   errno: name of the error
--   path: name that failed, ? if it could not be read
--   comm: name of the thread that called
--   failures: how often
--   processes: how many processes
--   first_ns [ns]: when the first was (boot clock)
--   last_ns [ns]: when the last was (boot clock)
CREATE VIEW failure AS
SELECT
    f.call, coalesce(min(e.name), CAST(-f.ret AS VARCHAR)) AS errno, f.path, f.comm,
    count(*) AS failures,
    count(DISTINCT f.proc_key) AS processes, min(f.ts_ns) AS first_ns, max(f.ts_ns) AS last_ns
FROM (
    SELECT 'open' AS call, ts_ns, proc_key, ret, coalesce(path, '?') AS path,
    coalesce(comm, '?') AS comm
    FROM open
    WHERE ret < 0
    UNION ALL
    SELECT 'exec', x.ts_ns, x.proc_key, x.ret, x.path, x.comm
    FROM exec AS x
    CROSS JOIN capture AS c
    WHERE x.ret < 0 AND x.ts_ns >= c.from_ns AND x.ts_ns < c.to_ns
) AS f
LEFT JOIN errno AS e ON e.errno = -f.ret
GROUP BY f.call, f.ret, f.path, f.comm;
