-- SPDX-License-Identifier: Apache-2.0
-- What the manifest says of the capture, as a table.

-- capture: exactly one row: what was recorded, and what is looked at.
-- Columns:
--   capture_id: 32 hex digits drawn at the start
--   host: name of the machine
--   kernel: release of the kernel
--   os: name of the distribution
--   arch: architecture
--   cpus: CPUs online
--   state: recording, recorded or complete
--   start_ns [ns]: first moment with all probes attached (boot clock)
--   end_ns [ns]: end of the window (boot clock)
--   from_ns [ns]: start of what is looked at (start_ns, or what --from says)
--   to_ns [ns]: end of what is looked at (end_ns, or what --to says)
--   bucket_ns [ns]: length of a bucket in the search for spikes (--bucket)
--   events: rows in all tables of the capture
--   lost: events lost
CREATE TABLE capture (
    capture_id VARCHAR, host VARCHAR, kernel VARCHAR, os VARCHAR, arch VARCHAR, cpus INTEGER,
    state VARCHAR,
    start_ns BIGINT, end_ns BIGINT, from_ns BIGINT, to_ns BIGINT, bucket_ns BIGINT, events BIGINT,
    lost BIGINT
);
