// SPDX-License-Identifier: Apache-2.0
// The reader of a ring, of either kind.
package org.sysinspector.recorder.bpf;

import java.io.IOException;

/** The reader of a ring, of either kind. One thread at a time may use it, and a ring has one. */
public interface SpanReader {
    /**
     * Hands records that are complete to a sink, in one span, and gives their memory back to the kernel. Allocates nothing.
     *
     * @param sink takes the span; if it throws, the ring keeps the records and the next call hands them over again
     * @param limitBytes the span is not longer than this, unless its only record is
     * @return bytes given back to the kernel, headers included; 0 if no record was ready
     * @throws IOException if the sink throws it, or the ring does not hold records
     */
    long drain(SpanSink sink, int limitBytes) throws IOException;

    /** Returns the bytes that wait in the ring, those still being written included. */
    long pendingBytes();
}
