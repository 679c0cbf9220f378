// SPDX-License-Identifier: Apache-2.0
// A file of the log while it is written.
package org.sysinspector.recorder.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of the log while it is written, at its end. One thread at a time writes; {@link #sync} may run beside it. */
public interface WritableFile extends Closeable {
    /**
     * Writes what it can of some buffers, in order, and moves their positions; it may stop short.
     *
     * @return bytes written
     * @throws IOException if nothing could be written
     */
    long write(ByteBuffer[] buffers) throws IOException;

    /**
     * Cuts the file; what is written next follows there.
     *
     * @param size bytes to keep
     */
    void truncate(long size) throws IOException;

    /** Returns when what was written is on the disk, so that it survives a loss of power. */
    void sync() throws IOException;
}
