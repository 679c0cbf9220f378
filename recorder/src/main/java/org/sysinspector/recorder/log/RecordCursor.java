// SPDX-License-Identifier: Apache-2.0
// Walks over the records of a block.
package org.sysinspector.recorder.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Walks over the records of a block, past the discarded ones. Allocates nothing; for one thread. */
public final class RecordCursor {
    private ByteBuffer buffer;
    private int next;
    private int limit;
    private int offset;
    private int length;

    /**
     * Starts at the first record of a buffer.
     *
     * @param records little-endian, records from position to limit; neither is moved
     * @throws IllegalArgumentException if it is not little-endian
     */
    public void wrap(ByteBuffer records) {
        if (records.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("records must be little-endian");
        }
        buffer = records;
        next = records.position();
        limit = records.limit();
        offset = next;
        length = 0;
    }

    /**
     * Goes on to the next record.
     *
     * @return false if there is none
     * @throws LogFormatException if the lengths do not fit the buffer
     */
    public boolean next() throws LogFormatException {
        final int end = limit;
        int at = next;
        while (at < end) {
            if (end - at < RecordLayout.HEADER_BYTES) {
                throw damaged(at, end - at);
            }
            final int header = buffer.getInt(at);
            final int stride = RecordLayout.stride(header);
            if (header < 0 || stride > end - at) {
                throw damaged(at, header);
            }
            final int payload = at + RecordLayout.HEADER_BYTES;
            at += stride;
            if ((header & RecordLayout.DISCARD) == 0) {
                if (header < RecordLayout.MIN_PAYLOAD) {
                    throw damaged(payload - RecordLayout.HEADER_BYTES, header);
                }
                offset = payload;
                length = header;
                next = at;
                return true;
            }
        }
        next = at;
        return false;
    }

    /** Returns the index in the buffer at which the record's payload starts. */
    public int offset() {
        return offset;
    }

    /** Returns the bytes of the record's payload, at least 16. */
    public int length() {
        return length;
    }

    /** Returns the record's type, 0 to 255. */
    public int type() {
        return buffer.getInt(offset + RecordLayout.TID_TYPE_OFFSET) >>> RecordLayout.TYPE_SHIFT;
    }

    /** Returns the operations that an io record stands for; 1 for every other record. */
    public long operations() {
        return RecordLayout.operations(buffer, offset, length);
    }

    /** Returns the number that the kernel gave an io record: that of its first operation on its CPU, the low 32 bits. */
    public int number() {
        return buffer.getInt(offset - RecordLayout.HEADER_BYTES + RecordLayout.NUMBER_OFFSET);
    }

    private LogFormatException damaged(int at, int header) {
        return new LogFormatException("records of a block run out of it: index=" + at + " header=0x"
                + Integer.toHexString(header) + " limit=" + limit);
    }
}
