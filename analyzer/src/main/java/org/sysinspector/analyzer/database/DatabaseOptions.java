// SPDX-License-Identifier: Apache-2.0
// How a capture is opened for questions.
package org.sysinspector.analyzer.database;

import java.util.Optional;

/**
 * How a capture is opened for questions.
 *
 * @param memoryBytes memory that DuckDB may use, in bytes
 * @param spillBytes what it may write to its temporary directory beyond that, in bytes
 * @param bucketNs length of a bucket in the search for spikes, in ns; 0 for one that suits the window: 100 ms, more
 *     where the window has over a million of these
 * @param from start of what is looked at: a moment as {@link TimePoint} reads it
 * @param to end of what is looked at
 */
public record DatabaseOptions(
        long memoryBytes, long spillBytes, long bucketNs, Optional<TimePoint> from, Optional<TimePoint> to) {

    /** 1 GiB. */
    public static final long DEFAULT_MEMORY_BYTES = 1L << 30;

    /** 8 GiB. */
    public static final long DEFAULT_SPILL_BYTES = 8L << 30;

    /** Returns the defaults: the whole window. */
    public static DatabaseOptions defaults() {
        return new DatabaseOptions(DEFAULT_MEMORY_BYTES, DEFAULT_SPILL_BYTES, 0, Optional.empty(), Optional.empty());
    }

    /** Returns the same with other bounds. */
    public DatabaseOptions withBounds(long memory, long spill) {
        return new DatabaseOptions(memory, spill, bucketNs, from, to);
    }

    /** Returns the same for a part of the window. */
    public DatabaseOptions withPart(Optional<TimePoint> start, Optional<TimePoint> end) {
        return new DatabaseOptions(memoryBytes, spillBytes, bucketNs, start, end);
    }

    /** Returns the same with buckets of this length, 0 for one that suits the window. */
    public DatabaseOptions withBucket(long ns) {
        return new DatabaseOptions(memoryBytes, spillBytes, ns, from, to);
    }
}
