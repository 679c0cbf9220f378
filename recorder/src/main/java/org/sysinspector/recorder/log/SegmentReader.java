// SPDX-License-Identifier: Apache-2.0
// Reads a segment of the log, whole or damaged.
package org.sysinspector.recorder.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.sysinspector.recorder.capture.PrivateFiles;

/**
 * Reads a segment of the log, whole or damaged: hands out the blocks that are as they were written, and says what the
 * others held. Any bytes may follow the file header; the memory used is bounded. The file is read, not mapped: it may
 * become shorter meanwhile. For one thread.
 */
public final class SegmentReader implements AutoCloseable {
    /** Places of damage listed one by one; the rest is one entry. */
    static final int MAX_DAMAGE = 1000;

    private static final int FIRST_PAYLOAD_BUFFER = 64 << 10;

    private final FileChannel channel;
    private final String name;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer header = direct(BlockLayout.BLOCK_HEADER_BYTES);
    private final Block block = new Block();
    private final List<Damage> damage = new ArrayList<>();
    private final String captureId;
    private final int segmentNumber;
    private final long eventsBefore;
    private final byte[] seed;
    private ByteBuffer payload = direct(FIRST_PAYLOAD_BUFFER);
    private long size;
    private long position = BlockLayout.FILE_HEADER_BYTES;
    private long expectedSequence;
    private long expectedEvents;
    private long blocks;
    private long events;
    private long timeBefore;
    private boolean done;
    private boolean closedCleanly;

    private SegmentReader(FileChannel channel, Path path) throws IOException {
        this.channel = channel;
        this.name = String.valueOf(path.getFileName());
        this.size = channel.size();
        ByteBuffer head = direct(BlockLayout.FILE_HEADER_BYTES);
        FileHeaderCheck.check(path, head, readAt(head, 0), crc);
        byte[] id = new byte[BlockLayout.CAPTURE_ID_DIGITS / 2];
        head.get(BlockLayout.FILE_CAPTURE_ID_OFFSET, id);
        captureId = HexFormat.of().formatHex(id);
        segmentNumber = head.getInt(BlockLayout.FILE_SEGMENT_OFFSET);
        seed = BlockLayout.seed(captureId, segmentNumber);
        expectedSequence = head.getLong(BlockLayout.FILE_SEQUENCE_OFFSET);
        eventsBefore = head.getLong(BlockLayout.FILE_EVENTS_BEFORE_OFFSET);
        expectedEvents = eventsBefore;
    }

    /**
     * Opens a segment as long as it is now.
     *
     * @throws LogFormatException if it is not a segment, of a newer or older format, or its file header is cut off or
     *     corrupt
     * @throws IOException if it cannot be read
     */
    public static SegmentReader open(Path file) throws IOException {
        FileChannel channel = PrivateFiles.open(file);
        try {
            return new SegmentReader(channel, file);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Reads on to the next whole block. Damage on the way goes to {@link #damage}.
     *
     * @return the block, the same object every time, or null at the end
     * @throws IOException if the file cannot be read
     */
    public Block next() throws IOException {
        while (!done) {
            if (position >= size) {
                done = true;
            } else if (readAt(header.clear(), position) < BlockLayout.BLOCK_HEADER_BYTES) {
                cutOff(-1);
            } else if (!isHeader(header, 0, position)) {
                skipToHeader();
            } else if (takeBlock()) {
                return block;
            }
        }
        return null;
    }

    /** Returns the damage found so far, in file order; complete once {@link #next} returned null. */
    public List<Damage> damage() {
        return Collections.unmodifiableList(damage);
    }

    /** Returns whether the end mark was read, right at the end of the file; without it the segment was cut off. */
    public boolean closedCleanly() {
        return closedCleanly;
    }

    /** Returns the capture's id, 32 hexadecimal digits. */
    public String captureId() {
        return captureId;
    }

    /** Returns the segment's number. */
    public int segmentNumber() {
        return segmentNumber;
    }

    /** Returns the events in all segments before. */
    public long eventsBefore() {
        return eventsBefore;
    }

    /**
     * Returns the events in this segment as far as they are accounted for: handed out or in damage of a known count.
     * Where the end is damaged, the next segment's {@link #eventsBefore} tells how many more there were.
     */
    public long eventsAccounted() {
        return expectedEvents - eventsBefore;
    }

    /** Returns the blocks handed out so far. */
    public long blocks() {
        return blocks;
    }

    /** Returns the events in the blocks handed out so far. */
    public long events() {
        return events;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Takes the block whose header was found good; returns whether it is to be handed out. */
    private boolean takeBlock() throws IOException {
        long missing = block.sequence() - expectedSequence;
        if (missing > 0) {
            add(Damage.Kind.MISSING, 0, block.eventsBefore() - expectedEvents, timeAfter(), "blocks=" + missing);
        }
        if (block.isEnd()) {
            expectedEvents = block.eventsBefore();
            takeEnd();
            return false;
        }
        int bytes = block.payloadBytes();
        expectedSequence = block.sequence() + 1;
        expectedEvents = block.eventsBefore() + block.events();
        if (payload.capacity() < bytes) {
            payload = direct(Integer.highestOneBit(bytes - 1) << 1);
        }
        payload.clear().limit(bytes);
        if (size - block.payloadOffset() < bytes || readAt(payload, block.payloadOffset()) < bytes) {
            cutOff(block.events());
            return false;
        }
        crc.reset();
        crc.update(payload.rewind());
        int found = (int) crc.getValue();
        if (found != block.payloadCrc()) {
            addBlock(Damage.Kind.CORRUPT_PAYLOAD, BlockLayout.BLOCK_HEADER_BYTES + bytes,
                    "expected=" + hex(block.payloadCrc()) + " found=" + hex(found));
            position = block.payloadOffset() + bytes;
            return false;
        }
        position = block.payloadOffset() + bytes;
        timeBefore = block.lastNs();
        blocks++;
        events += block.events();
        block.setRecords(payload.rewind());
        return true;
    }

    private void takeEnd() {
        done = true;
        position = block.payloadOffset();
        closedCleanly = position == size;
        if (!closedCleanly) {
            add(Damage.Kind.CORRUPT_HEADER, size - position, 0, timeBefore, "bytes after the end mark");
        }
    }

    /** The file ends within a block: its header is known (count of events) or not (-1). */
    private void cutOff(int count) {
        done = true;
        String detail = "file size=" + size;
        if (count < 0) {
            add(Damage.Kind.CUT_OFF, size - position, -1, timeBefore, detail);
        } else {
            addBlock(Damage.Kind.CUT_OFF, size - position, detail);
        }
    }

    /** No block is where one should be: goes to the next one that is, or to the end. */
    private void skipToHeader() throws IOException {
        String detail = "expected=" + hex(BlockLayout.BLOCK_MAGIC) + " found="
                + hex(header.getInt(BlockLayout.MAGIC_OFFSET));
        long found = search(position + BlockLayout.ALIGNMENT);
        if (found < 0) {
            add(Damage.Kind.CORRUPT_HEADER, size - position, -1, timeBefore, detail);
            done = true;
            return;
        }
        add(Damage.Kind.CORRUPT_HEADER, found - position, block.eventsBefore() - expectedEvents, timeAfter(), detail);
        position = found;
        expectedSequence = block.sequence();
        expectedEvents = block.eventsBefore();
    }

    /** Returns where the next good header is, having put it into the block; -1 if there is none. */
    private long search(long from) throws IOException {
        // No block is handed out while this looks on, so its memory is free.
        ByteBuffer window = payload;
        long start = from;
        while (size - start >= BlockLayout.BLOCK_HEADER_BYTES) {
            int last = readAt(window.clear(), start) - BlockLayout.BLOCK_HEADER_BYTES;
            window.clear();
            int at = 0;
            while (at <= last) {
                if (window.getInt(at) == BlockLayout.BLOCK_MAGIC && isHeader(window, at, start + at)) {
                    return start + at;
                }
                at += BlockLayout.ALIGNMENT;
            }
            if (at == 0) {
                break;
            }
            start += at;
        }
        return -1;
    }

    /** Returns whether a good header that may follow stands here, and puts it into the block. */
    private boolean isHeader(ByteBuffer buffer, int at, long offset) {
        boolean good = buffer.getInt(at + BlockLayout.MAGIC_OFFSET) == BlockLayout.BLOCK_MAGIC
                && buffer.getInt(at + BlockLayout.HEADER_CRC_OFFSET)
                        == BlockLayout.blockHeaderCrc(crc, seed, buffer, at);
        if (!good) {
            return false;
        }
        block.read(buffer, at, offset);
        int bytes = block.payloadBytes();
        boolean sized = block.isEnd()
                ? bytes == 0
                : bytes > 0 && bytes <= BlockLayout.MAX_PAYLOAD_BYTES && bytes % BlockLayout.ALIGNMENT == 0;
        // Neither a copy of an earlier block, nor a block that claims fewer events before it than there were.
        return sized && block.events() >= 0
                && block.sequence() >= expectedSequence && block.eventsBefore() >= expectedEvents;
    }

    private long timeAfter() {
        return block.isEnd() ? block.lastNs() : block.firstNs();
    }

    private void add(Damage.Kind kind, long bytes, long count, long timeAfter, String detail) {
        long before = timeBefore == 0 ? timeAfter : timeBefore;
        add(new Damage(kind, name, position, bytes, count, -1, -1,
                Math.min(before, timeAfter), Math.max(before, timeAfter), detail));
    }

    private void addBlock(Damage.Kind kind, long bytes, String detail) {
        add(new Damage(kind, name, position, bytes, block.events(), block.ringClass(), block.cpu(),
                block.firstNs(), block.lastNs(), detail));
    }

    private void add(Damage one) {
        if (damage.size() < MAX_DAMAGE) {
            damage.add(one);
        } else {
            damage.set(MAX_DAMAGE - 1, damage.get(MAX_DAMAGE - 1).and(one));
        }
    }

    /** Fills a buffer from a place in the file; returns the bytes read, fewer only where the file ends. */
    private int readAt(ByteBuffer buffer, long from) throws IOException {
        int start = buffer.position();
        long at = from;
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, at);
            if (count < 0) {
                // The file became shorter: what is gone is not waited for.
                size = Math.min(size, at);
                break;
            }
            at += count;
        }
        return buffer.position() - start;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String hex(int value) {
        return "0x" + HexFormat.of().toHexDigits(value);
    }
}
