// SPDX-License-Identifier: Apache-2.0
// Takes blocks of records.
package org.sysinspector.recorder.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes blocks of records: the log, or one segment of it. */
public interface BlockSink {
    /**
     * Appends a block; see {@link SegmentFile#append}.
     *
     * @throws IOException if the disk did not take it
     */
    void append(int ringClass, int cpu, ByteBuffer records, int eventCount, long firstNs, long lastNs, long lostBefore)
            throws IOException;
}
