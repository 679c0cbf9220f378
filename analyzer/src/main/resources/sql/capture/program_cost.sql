-- SPDX-License-Identifier: Apache-2.0
-- What the recorder's BPF programs took of the machine that they watched.

-- program_cost: a BPF program of the recorder whose runs were counted (10 ms of each second). A
-- program reached by a tail call is part of the one that went on to it.
-- Columns:
--   program: BPF program
--   slices: samples with anything new counted
--   counted_ns [ns]: time for which its runs were counted
--   run_count: runs in that time
--   run_ns [ns]: time in these runs
--   ns_per_run [ns]: time of a run on average, NULL if there was none
--   cpu_share: part of one CPU that it takes, an estimate for the whole window
CREATE VIEW program_cost AS
SELECT
    program, count(DISTINCT counted_ns) AS slices, max(counted_ns) AS counted_ns,
    max(run_count) AS run_count, max(run_ns) AS run_ns,
    CAST(max(run_ns) AS DOUBLE) / nullif(max(run_count), 0) AS ns_per_run,
    CAST(max(run_ns) AS DOUBLE) / max(counted_ns) AS cpu_share
FROM recorder
WHERE counted_ns > 0
GROUP BY program;
