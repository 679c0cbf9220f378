// SPDX-License-Identifier: Apache-2.0
// The io records of one CPU in a segment, one after the other.
package org.sysinspector.recorder.roll;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.sysinspector.recorder.log.RecordLayout;

/**
 * The io records of one CPU in a segment, one after the other, in the order of the log. Reads only blocks whose
 * checksum was found good, in pieces of bounded size. Belongs to one thread.
 */
final class IoStream {
    /** A header and the longest io record. */
    private static final int MOST_WORDS = RecordLayout.HEADER_BYTES / Long.BYTES + IoRecord.WIDE_WORDS;

    private final FileChannel segment;
    private final BlockList blocks;
    private final int cpu;
    private final Stragglers stragglers;
    private final ByteBuffer window;
    /** What was read. Longer, so that no record runs out of it, even if the log changed meanwhile. */
    private final long[] words;
    private int block = -1;
    private long blockEnd;
    /** Where in the file the words start. */
    private long start;
    /** Where the next header is in the words, and up to where it can be without another read. */
    private int next;
    private int limit;
    private int at;
    private long newestEnd = Long.MIN_VALUE;
    private long end;
    private boolean straggler;

    /**
     * Makes a stream.
     *
     * @param window to read through, of any streams of one thread: as much as it holds is read at a time; little-endian
     */
    IoStream(FileChannel segment, BlockList blocks, int cpu, Stragglers stragglers, ByteBuffer window) {
        this.segment = segment;
        this.blocks = blocks;
        this.cpu = cpu;
        this.stragglers = stragglers;
        this.window = window;
        this.words = new long[window.capacity() / Long.BYTES + MOST_WORDS];
    }

    /**
     * Goes on to the next record.
     *
     * @return false at the end
     * @throws IOException if the segment cannot be read
     */
    boolean next() throws IOException {
        while (next < limit || read()) {
            int header = (int) words[next];
            at = next + RecordLayout.HEADER_BYTES / Long.BYTES;
            next += RecordLayout.stride(header) / Long.BYTES;
            int type = IoRecord.type(words, at);
            if ((header & RecordLayout.DISCARD) == 0 && type >= RawRecords.IO_BIT
                    && RawRecords.isKnown(type, header & RecordLayout.LENGTH_MASK)) {
                long latency = IoRecord.latency(words, at);
                end = IoRecord.end(IoRecord.start(words, at), latency);
                straggler = stragglers.isOne(latency, end, newestEnd);
                newestEnd = Math.max(newestEnd, end);
                return true;
            }
        }
        return false;
    }

    /** Reads on in the block at hand or the one after it; returns false if there is none. */
    private boolean read() throws IOException {
        long from = start + (long) next * Long.BYTES;
        if (from >= blockEnd) {
            block = blocks.next(block + 1, RawRecords.RING_IO, cpu);
            if (block < 0) {
                return false;
            }
            from = blocks.position(block);
            blockEnd = from + blocks.length(block);
        }
        start = from;
        next = 0;
        window.clear().limit((int) Math.min(window.capacity(), blockEnd - from));
        while (window.hasRemaining()) {
            if (segment.read(window, start + window.position()) < 0) {
                throw new EOFException("log became shorter while it was read: offset=" + (start + window.position()));
            }
        }
        int filled = window.flip().limit() / Long.BYTES;
        window.asLongBuffer().get(words, 0, filled);
        // Only the end of a block is at hand up to its last record.
        limit = start + window.limit() >= blockEnd ? filled : filled - MOST_WORDS + 1;
        return true;
    }

    /** Returns when the operation ended. */
    long end() {
        return end;
    }

    /** Returns whether the record is merged in from the stragglers instead. */
    boolean isStraggler() {
        return straggler;
    }

    /** Returns the words that hold the record. */
    long[] words() {
        return words;
    }

    /** Returns where in {@link #words} it starts. */
    int at() {
        return at;
    }
}
