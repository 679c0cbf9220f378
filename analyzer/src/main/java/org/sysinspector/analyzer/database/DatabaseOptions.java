// SPDX-License-Identifier: Apache-2.0
// How a capture is opened for questions.
package org.sysinspector.analyzer.database;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a capture is opened for questions.
 *
 * @param memoryBytes memory that DuckDB may use, in bytes
 * @param bucketNs length of a bucket in the search for spikes, in ns
 * @param from start of what is looked at: a moment as {@link TimePoint} reads it
 * @param to end of what is looked at
 * @param output file that SQL may write to
 */
public record DatabaseOptions(
        long memoryBytes,
        long bucketNs,
        Optional<TimePoint> from,
        Optional<TimePoint> to,
        Optional<Path> output) {

    /** 1 GiB. */
    public static final long DEFAULT_MEMORY_BYTES = 1L << 30;

    /** 100 ms. */
    public static final long DEFAULT_BUCKET_NS = 100_000_000L;

    /** Returns the defaults: the whole window. */
    public static DatabaseOptions defaults() {
        return new DatabaseOptions(DEFAULT_MEMORY_BYTES, DEFAULT_BUCKET_NS, Optional.empty(), Optional.empty(),
                Optional.empty());
    }
}
