// SPDX-License-Identifier: Apache-2.0
// Decodes an io record, narrow or wide.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Decodes an {@code io} record, narrow or wide, in words of 64 bits: so the hottest loops read it once from memory and
 * check one bound. No state.
 */
final class IoRecord {
    private static final RecordSchema NARROW = SchemaCatalog.get().record("io");
    private static final RecordSchema WIDE = SchemaCatalog.get().record("io_wide");
    private static final int FILE_ID = NARROW.offset("file_id");
    private static final int LATENCY = NARROW.offset("latency_ns");
    private static final int RET = NARROW.offset("ret");
    private static final int OFFSET_FD = NARROW.offset("offset_fd");
    private static final int WIDE_OFFSET = WIDE.offset("offset");
    private static final int WIDE_LATENCY_HIGH = WIDE.offset("latency_high");
    private static final int WIDE_FD = WIDE.offset("fd");
    private static final int WIDE_BYTES = WIDE.offset("bytes");
    private static final int WIDE_OPS = WIDE.offset("ops");
    private static final long NO_OFFSET = (1L << 48) - 1;
    private static final long U32 = 0xFFFFFFFFL;

    static final int NARROW_WORDS = words(NARROW);
    static final int WIDE_WORDS = words(WIDE);
    /** Latency where the start was not seen. */
    static final long NO_LATENCY = -1;

    private IoRecord() {}

    /** Returns the time a call took, {@link #NO_LATENCY} if its start was not seen. */
    static long latency(ByteBuffer record, int at) {
        long low = record.getInt(at + LATENCY) & U32;
        if ((RawRecords.type(record, at) & RawRecords.IO_WIDE_BIT) == 0) {
            return low == U32 ? NO_LATENCY : low;
        }
        return low | (long) record.getInt(at + WIDE_LATENCY_HIGH) << 32;
    }

    /** Returns the time a call took, {@link #NO_LATENCY} if its start was not seen. */
    static long latency(long[] record, int at) {
        long low = number(record, at, LATENCY) & U32;
        if (!isWide(record, at)) {
            return low == U32 ? NO_LATENCY : low;
        }
        return low | (long) number(record, at, WIDE_LATENCY_HIGH) << 32;
    }

    /** Returns when a call ended, from its start and latency. */
    static long end(long start, long latency) {
        return start + (latency == NO_LATENCY ? 0 : latency);
    }

    /** Returns the type of a record, that of one that is no io record too. */
    static int type(long[] record, int at) {
        return (int) record[at] >>> 24;
    }

    static boolean isWide(long[] record, int at) {
        return (type(record, at) & RawRecords.IO_WIDE_BIT) != 0;
    }

    static int tid(long[] record, int at) {
        return (int) record[at] & RawRecords.TID_MASK;
    }

    static int fileId(long[] record, int at) {
        return number(record, at, FILE_ID);
    }

    static long start(long[] record, int at) {
        return record[at + RawRecords.TS / Long.BYTES];
    }

    static int ret(long[] record, int at) {
        return number(record, at, RET);
    }

    /** Returns the offset in the file of a narrow record, -1 if it has none. */
    static long narrowOffset(long[] record, int at) {
        long low = record[at + OFFSET_FD / Long.BYTES] & NO_OFFSET;
        return low == NO_OFFSET ? -1 : low;
    }

    static int narrowFd(long[] record, int at) {
        return (int) (record[at + OFFSET_FD / Long.BYTES] >>> 48);
    }

    /** Returns the offset in the file of a wide record, -1 if it has none. */
    static long wideOffset(long[] record, int at) {
        return record[at + WIDE_OFFSET / Long.BYTES];
    }

    static int wideFd(long[] record, int at) {
        return number(record, at, WIDE_FD);
    }

    static long wideBytes(long[] record, int at) {
        return record[at + WIDE_BYTES / Long.BYTES];
    }

    /** Returns the operations behind a wide record. */
    static int wideOps(long[] record, int at) {
        return number(record, at, WIDE_OPS);
    }

    /** Returns the 32 bits at an offset in bytes. */
    private static int number(long[] record, int at, int offset) {
        return (int) (record[at + offset / Long.BYTES] >>> offset % Long.BYTES * Byte.SIZE);
    }

    private static int words(RecordSchema record) {
        return (record.size() + Long.BYTES - 1) / Long.BYTES;
    }
}
