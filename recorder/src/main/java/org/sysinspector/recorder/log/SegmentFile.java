// SPDX-License-Identifier: Apache-2.0
// Writes one file of framed blocks.
package org.sysinspector.recorder.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Writes one file of framed blocks ({@link BlockLayout}): a segment, or what has the form of one. An error of the disk
 * leaves all blocks before as they are and takes back what was written of the block at hand. Not thread-safe, but for
 * {@link #sync}.
 */
public final class SegmentFile implements BlockSink, Closeable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Path path;
    private final WritableFile file;
    private final byte[] seed;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer header =
            ByteBuffer.allocateDirect(BlockLayout.BLOCK_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer[] parts = {header, NOTHING};
    private long size;
    private long sequence;
    private long events;
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;
    private boolean unusable;

    /**
     * Makes the file and writes its header.
     *
     * @param storage where to
     * @param path the file, not there yet
     * @param captureId 32 hexadecimal digits
     * @param number of the segment
     * @param sequence number of the first block
     * @param eventsBefore events in all blocks before
     * @throws IOException if it cannot be made; then there is no file
     */
    public SegmentFile(Storage storage, Path path, String captureId, int number, long sequence, long eventsBefore)
            throws IOException {
        this.path = path;
        this.seed = BlockLayout.seed(captureId, number);
        this.sequence = sequence;
        this.events = eventsBefore;
        header.putLong(BlockLayout.FILE_MAGIC_OFFSET, BlockLayout.FILE_MAGIC)
                .putInt(BlockLayout.FILE_VERSION_OFFSET, BlockLayout.VERSION)
                .putInt(BlockLayout.FILE_SEGMENT_OFFSET, number)
                .put(BlockLayout.FILE_CAPTURE_ID_OFFSET, BlockLayout.captureIdBytes(captureId))
                .putLong(BlockLayout.FILE_SEQUENCE_OFFSET, sequence)
                .putLong(BlockLayout.FILE_EVENTS_BEFORE_OFFSET, eventsBefore);
        header.putInt(BlockLayout.FILE_CRC_OFFSET, BlockLayout.fileHeaderCrc(crc, header));
        this.file = storage.create(path);
        try {
            write(NOTHING);
        } catch (IOException e) {
            try {
                file.close();
                storage.delete(path);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /**
     * Goes on with a file whose writer is gone.
     *
     * @param size bytes that are good: what is behind them is cut off
     * @param sequence number that the next block gets
     * @param events in all blocks so far
     * @param firstNs smallest time in the segment's blocks, or Long.MAX_VALUE
     * @param lastNs largest time in them, or Long.MIN_VALUE
     * @throws IOException if it cannot be opened
     */
    public static SegmentFile resume(Storage storage, Path path, String captureId, int number, long size, long sequence,
            long events, long firstNs, long lastNs) throws IOException {
        return new SegmentFile(storage.resume(path, size), path, captureId, number, size, sequence, events, firstNs, lastNs);
    }

    private SegmentFile(WritableFile file, Path path, String captureId, int number, long size, long sequence, long events,
            long firstNs, long lastNs) {
        this.path = path;
        this.file = file;
        this.seed = BlockLayout.seed(captureId, number);
        this.size = size;
        this.sequence = sequence;
        this.events = events;
        this.firstNs = firstNs;
        this.lastNs = lastNs;
    }

    /**
     * Appends a block. Copies the records once, into the page cache, and allocates nothing.
     *
     * @param ringClass code of enum ring_class
     * @param cpu CPU of the ring, -1 where all share it
     * @param records records in the form of the ring, a multiple of 8 bytes, direct memory for speed; its position
     *     moves to its limit
     * @param eventCount records that are not discarded
     * @param first smallest time in them, CLOCK_BOOTTIME nanoseconds
     * @param last largest time in them
     * @param lostBefore events that this class and CPU lost so far, as far as known
     * @throws IllegalArgumentException if there are no records, or more than {@link BlockLayout#MAX_PAYLOAD_BYTES}
     * @throws IOException if the disk did not take it
     */
    @Override
    public void append(
            int ringClass, int cpu, ByteBuffer records, int eventCount, long first, long last, long lostBefore)
            throws IOException {
        int start = records.position();
        int bytes = records.remaining();
        if (bytes == 0 || bytes > BlockLayout.MAX_PAYLOAD_BYTES || bytes % BlockLayout.ALIGNMENT != 0) {
            throw new IllegalArgumentException("block of " + bytes + " bytes");
        }
        crc.reset();
        crc.update(records);
        records.position(start);
        frame(BlockLayout.KIND_DATA, ringClass, cpu, bytes, (int) crc.getValue(), eventCount, lostBefore, first, last);
        write(records);
        sequence++;
        events += eventCount;
        firstNs = Math.min(firstNs, first);
        lastNs = Math.max(lastNs, last);
    }

    /**
     * Writes the mark that the file is whole.
     *
     * @throws IOException if the disk did not take it
     */
    public void end() throws IOException {
        boolean empty = firstNs > lastNs;
        frame(BlockLayout.KIND_END, 0, -1, 0, 0, 0, 0, empty ? 0 : firstNs, empty ? 0 : lastNs);
        write(NOTHING);
    }

    /**
     * Returns when all that was written is on the disk. May run beside the thread that writes.
     *
     * @throws IOException if the disk does not say so
     */
    public void sync() throws IOException {
        try {
            file.sync();
        } catch (IOException e) {
            throw new IOException("cannot sync " + path + ": cause=" + e.getMessage(), e);
        }
    }

    /** Closes the file; without {@link #end} it counts as cut off. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Returns the bytes written. */
    public long size() {
        return size;
    }

    /** Returns the number that the next block gets. */
    public long sequence() {
        return sequence;
    }

    /** Returns the events in all blocks so far, those before this file included. */
    public long events() {
        return events;
    }

    private void frame(
            byte kind, int ringClass, int cpu, int bytes, int payloadCrc, int count, long lost, long first, long last) {
        header.putInt(BlockLayout.MAGIC_OFFSET, BlockLayout.BLOCK_MAGIC)
                .putInt(BlockLayout.PAYLOAD_BYTES_OFFSET, bytes)
                .putInt(BlockLayout.PAYLOAD_CRC_OFFSET, payloadCrc)
                .put(BlockLayout.KIND_OFFSET, kind)
                .put(BlockLayout.RING_CLASS_OFFSET, (byte) ringClass)
                .putShort(BlockLayout.CPU_OFFSET, (short) cpu)
                .putInt(BlockLayout.EVENTS_OFFSET, count)
                .putLong(BlockLayout.SEQUENCE_OFFSET, sequence)
                .putLong(BlockLayout.EVENTS_BEFORE_OFFSET, events)
                .putLong(BlockLayout.LOST_BEFORE_OFFSET, lost)
                .putLong(BlockLayout.FIRST_NS_OFFSET, first)
                .putLong(BlockLayout.LAST_NS_OFFSET, last);
        header.putInt(BlockLayout.HEADER_CRC_OFFSET, BlockLayout.blockHeaderCrc(crc, seed, header, 0));
    }

    private void write(ByteBuffer payload) throws IOException {
        if (unusable) {
            throw new IOException("cannot write " + path + ": an earlier write failed and could not be taken back");
        }
        header.clear();
        int start = payload.position();
        long bytes = header.remaining() + payload.remaining();
        parts[1] = payload;
        try {
            while (header.hasRemaining() || payload.hasRemaining()) {
                if (file.write(parts) <= 0) {
                    throw new IOException("the disk takes no more");
                }
            }
            size += bytes;
        } catch (IOException e) {
            payload.position(start);
            throw takenBack(e, bytes);
        } finally {
            parts[1] = NOTHING;
        }
    }

    private IOException takenBack(IOException cause, long bytes) {
        IOException problem = new IOException("cannot write " + path + ": offset=" + size + " bytes=" + bytes
                + " cause=" + cause.getMessage(), cause);
        try {
            file.truncate(size);
        } catch (IOException e) {
            unusable = true;
            problem.addSuppressed(e);
        }
        return problem;
    }
}
