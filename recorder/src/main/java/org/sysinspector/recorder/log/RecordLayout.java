// SPDX-License-Identifier: Apache-2.0
// Where things lie in a record, in the rings and in the log alike.
package org.sysinspector.recorder.log;

import java.nio.ByteBuffer;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Layout of a record, in the rings of the kernel and, exactly as it lies there, in the log. All values are little-endian.
 *
 * <pre>
 * a record, at a multiple of 8:
 * 0        4        8
 * +--------+--------+-----------------------+---------+
 * | header | number | payload, length bytes | 0-7 pad |
 * +--------+--------+-----------------------+---------+
 * header = length | BUSY (1 &lt;&lt; 31: still being written) | DISCARD (1 &lt;&lt; 30: to be skipped)
 *
 * payload of ours:
 * 0 u32 tid | type &lt;&lt; 24    8 u64 ts_ns (start of the event, CLOCK_BOOTTIME)
 * names and lifecycle only:      24 u32 number of the event, of its class and on its CPU    28 u32 CPU
 * </pre>
 */
public final class RecordLayout {
    /** Bytes of a record's header. */
    public static final int HEADER_BYTES = 8;

    /** Records start at multiples of this. */
    public static final int ALIGNMENT = 8;

    /** Bit of a header: the record is still being written. */
    public static final int BUSY = 1 << 31;

    /** Bit of a header: the record was given up; skip it. */
    public static final int DISCARD = 1 << 30;

    /** Bits of a header that hold the length of the payload in bytes. */
    public static final int LENGTH_MASK = ~(BUSY | DISCARD);

    /** Offset in a header of the word that numbers the operations of an io ring; the kernel's own in other rings. */
    public static final int NUMBER_OFFSET = 4;

    /** Offset in the payload of the word that carries tid and type. */
    public static final int TID_TYPE_OFFSET = 0;

    /** The type is this word's bits from here on. */
    public static final int TYPE_SHIFT = 24;

    /** Offset in the payload of the time in nanoseconds. */
    public static final int TS_OFFSET = 8;

    /** Bytes that a payload has at least. */
    public static final int MIN_PAYLOAD = TS_OFFSET + Long.BYTES;

    private static final RecordSchema WIDE = SchemaCatalog.get().record("io_wide");
    private static final int WIDE_TYPE = WIDE.type();
    private static final int WIDE_BYTES = WIDE.size();
    private static final int WIDE_OPS = WIDE.offset("ops");

    private RecordLayout() {}

    /**
     * Returns the bytes from one record to the next.
     *
     * @param header first word of a record
     * @return header, payload and padding; never negative, at least 8
     */
    public static int stride(int header) {
        return ((header & LENGTH_MASK) + HEADER_BYTES + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /**
     * Returns the operations that a record stands for: 1, but for those put together under pressure, whose records are
     * always of the wide form.
     *
     * @param records little-endian
     * @param at index of the payload
     * @param length bytes of the payload
     */
    public static long operations(ByteBuffer records, int at, int length) {
        if (length < WIDE_BYTES || records.getInt(at + TID_TYPE_OFFSET) >>> TYPE_SHIFT < WIDE_TYPE) {
            return 1;
        }
        return records.getInt(at + WIDE_OPS) & 0xFFFFFFFFL;
    }
}
