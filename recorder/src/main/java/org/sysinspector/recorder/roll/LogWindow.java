// SPDX-License-Identifier: Apache-2.0
// Reads single records of a segment by their position.
package org.sysinspector.recorder.roll;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.sysinspector.recorder.log.RecordLayout;

/**
 * Reads single records of a segment by the position of their payload in the file, through a window of bounded size.
 * Only for positions in blocks whose checksum was found good. Belongs to one thread.
 */
final class LogWindow {
    private static final int MAX_RECORD_BYTES = 1 << 20;

    private final FileChannel channel;
    private final int back;
    private ByteBuffer buffer;
    private long start;
    private int filled;
    private int length;

    /**
     * Makes a window.
     *
     * @param channel the segment
     * @param bytes size of the window
     * @param back how much of it lies before the record asked for when it moves
     */
    LogWindow(FileChannel channel, int bytes, int back) {
        this.channel = channel;
        this.back = back;
        this.buffer = allocate(bytes);
    }

    /** Returns the bytes of the window, little-endian; valid until the next {@link #record}. */
    ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Brings a record into the window.
     *
     * @param position of its payload in the file
     * @return the index of its payload in {@link #buffer}
     * @throws IOException if the file became shorter or cannot be read
     */
    int record(long position) throws IOException {
        long head = position - RecordLayout.HEADER_BYTES;
        cover(head, RecordLayout.HEADER_BYTES);
        int bytes = buffer.getInt((int) (head - start)) & RecordLayout.LENGTH_MASK;
        if (bytes > MAX_RECORD_BYTES) {
            throw new IOException("log changed while it was read: offset=" + head + " length=" + bytes);
        }
        cover(head, RecordLayout.HEADER_BYTES + bytes);
        length = bytes;
        return (int) (position - start);
    }

    /** Returns the payload length of the record last asked for. */
    int length() {
        return length;
    }

    private void cover(long from, int bytes) throws IOException {
        if (from >= start && from + bytes <= start + filled) {
            return;
        }
        long newStart = Math.max(0, from - back);
        int needed = (int) (from - newStart) + bytes;
        if (needed > buffer.capacity()) {
            buffer = allocate(needed);
        }
        buffer.clear();
        filled = 0;
        start = newStart;
        while (filled < needed) {
            int read = channel.read(buffer, start + filled);
            if (read < 0) {
                throw new EOFException("log became shorter while it was read: offset=" + from + " needed=" + bytes);
            }
            filled += read;
        }
        buffer.clear();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
