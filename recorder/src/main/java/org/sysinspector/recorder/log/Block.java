// SPDX-License-Identifier: Apache-2.0
// One block of a segment as the reader hands it out.
package org.sysinspector.recorder.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One block of a segment as {@link SegmentReader} hands it out. The reader fills the same object again for the next
 * block.
 */
public final class Block {
    private long offset;
    private boolean end;
    private int payloadBytes;
    private int payloadCrc;
    private int ringClass;
    private int cpu;
    private int events;
    private long sequence;
    private long eventsBefore;
    private long lostBefore;
    private long firstNs;
    private long lastNs;
    private ByteBuffer records;

    Block() {}

    /** Takes the fields of a header that was found good. */
    void read(ByteBuffer header, int at, long fileOffset) {
        offset = fileOffset;
        end = header.get(at + BlockLayout.KIND_OFFSET) == BlockLayout.KIND_END;
        payloadBytes = header.getInt(at + BlockLayout.PAYLOAD_BYTES_OFFSET);
        payloadCrc = header.getInt(at + BlockLayout.PAYLOAD_CRC_OFFSET);
        ringClass = header.get(at + BlockLayout.RING_CLASS_OFFSET);
        cpu = header.getShort(at + BlockLayout.CPU_OFFSET);
        events = header.getInt(at + BlockLayout.EVENTS_OFFSET);
        sequence = header.getLong(at + BlockLayout.SEQUENCE_OFFSET);
        eventsBefore = header.getLong(at + BlockLayout.EVENTS_BEFORE_OFFSET);
        lostBefore = header.getLong(at + BlockLayout.LOST_BEFORE_OFFSET);
        firstNs = header.getLong(at + BlockLayout.FIRST_NS_OFFSET);
        lastNs = header.getLong(at + BlockLayout.LAST_NS_OFFSET);
    }

    void setRecords(ByteBuffer buffer) {
        records = buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean isEnd() {
        return end;
    }

    int payloadCrc() {
        return payloadCrc;
    }

    /** Returns where the block's header starts in the file, in bytes. */
    public long offset() {
        return offset;
    }

    /** Returns where the records start in the file, in bytes. */
    public long payloadOffset() {
        return offset + BlockLayout.BLOCK_HEADER_BYTES;
    }

    /** Returns the bytes of the records, their headers included. */
    public int payloadBytes() {
        return payloadBytes;
    }

    /** Returns the code of enum ring_class. */
    public int ringClass() {
        return ringClass;
    }

    /** Returns the CPU of the ring, -1 where all share it. */
    public int cpu() {
        return cpu;
    }

    /** Returns the records that are not discarded. */
    public int events() {
        return events;
    }

    /** Returns the number of the block in the capture, from 0. */
    public long sequence() {
        return sequence;
    }

    /** Returns the events in all blocks of the capture before this one. */
    public long eventsBefore() {
        return eventsBefore;
    }

    /** Returns the events that this class and CPU had lost by then, as far as was known. */
    public long lostBefore() {
        return lostBefore;
    }

    /** Returns the smallest time of the records, CLOCK_BOOTTIME nanoseconds. */
    public long firstNs() {
        return firstNs;
    }

    /** Returns the largest time of the records, CLOCK_BOOTTIME nanoseconds. */
    public long lastNs() {
        return lastNs;
    }

    /**
     * Returns the records from position to limit, little-endian; see {@link RecordCursor}. Valid until the reader goes
     * on.
     */
    public ByteBuffer records() {
        return records;
    }
}
