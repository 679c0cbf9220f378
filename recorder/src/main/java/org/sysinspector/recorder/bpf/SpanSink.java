// SPDX-License-Identifier: Apache-2.0
// Takes what a ring reader drained.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes what a {@link RingReader} drained. Called on the thread that drains. */
@FunctionalInterface
public interface SpanSink {
    /**
     * Takes whole records, all or none: the ring keeps them if this throws.
     *
     * @param records ring memory between position and limit: records with their 8-byte headers, discarded ones
     *     included. Valid only during the call; the position may be moved.
     * @param events records that are not discarded, at least 1
     * @param firstNs smallest time in them, CLOCK_BOOTTIME nanoseconds
     * @param lastNs largest time in them
     * @throws IOException if they cannot be taken
     */
    void span(ByteBuffer records, int events, long firstNs, long lastNs) throws IOException;
}
