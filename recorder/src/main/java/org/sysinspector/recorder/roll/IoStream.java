// SPDX-License-Identifier: Apache-2.0
// The io records of one CPU in a segment, one after the other.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.sysinspector.recorder.bpf.RingLayout;

/** The io records of one CPU in a segment, one after the other, in the order of the log. Belongs to one thread. */
final class IoStream {
    private static final int WINDOW_BYTES = 32 << 10;

    private final BlockList blocks;
    private final int cpu;
    private final Stragglers stragglers;
    private final LogWindow window;
    private int block = -1;
    private long next;
    private long blockEnd;
    private long newestEnd = Long.MIN_VALUE;
    private long end;
    private int index;
    private boolean straggler;

    IoStream(FileChannel segment, BlockList blocks, int cpu, Stragglers stragglers) {
        this.blocks = blocks;
        this.cpu = cpu;
        this.stragglers = stragglers;
        this.window = new LogWindow(segment, WINDOW_BYTES, 0);
    }

    /**
     * Goes on to the next record.
     *
     * @return false at the end
     * @throws IOException if the segment cannot be read
     */
    boolean next() throws IOException {
        while (true) {
            if (next >= blockEnd) {
                block = blocks.next(block + 1, RawRecords.RING_IO, cpu);
                if (block < 0) {
                    return false;
                }
                next = blocks.position(block) + RingLayout.HEADER_BYTES;
                blockEnd = blocks.position(block) + blocks.length(block);
            }
            index = window.record(next);
            ByteBuffer record = window.buffer();
            int header = record.getInt(index - RingLayout.HEADER_BYTES);
            next += RingLayout.stride(header);
            if ((header & RingLayout.DISCARD) == 0 && RawRecords.type(record, index) >= RawRecords.IO_BIT
                    && RawRecords.isKnown(record, index, header)) {
                long latency = IoRecord.latency(record, index);
                end = IoRecord.end(record, index, latency);
                straggler = stragglers.isOne(latency, end, newestEnd);
                newestEnd = Math.max(newestEnd, end);
                return true;
            }
        }
    }

    /** Returns when the operation ended. */
    long end() {
        return end;
    }

    /** Returns whether the record is merged in from the stragglers instead. */
    boolean isStraggler() {
        return straggler;
    }

    /** Returns the bytes that hold the record. */
    ByteBuffer buffer() {
        return window.buffer();
    }

    /** Returns where in {@link #buffer} it starts. */
    int index() {
        return index;
    }
}
