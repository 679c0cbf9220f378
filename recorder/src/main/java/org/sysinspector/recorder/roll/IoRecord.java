// SPDX-License-Identifier: Apache-2.0
// Decodes an io record, narrow or wide.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Decodes an {@code io} record, narrow or wide. In the hottest loop: one object, reused, no allocation. One
 * thread.
 */
final class IoRecord {
    private static final RecordSchema NARROW = SchemaCatalog.get().record("io");
    private static final RecordSchema WIDE = SchemaCatalog.get().record("io_wide");
    private static final int FILE_ID = NARROW.offset("file_id");
    private static final int TS = NARROW.offset("ts_ns");
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

    /** Latency where the start was not seen. */
    static final long NO_LATENCY = -1;

    int tid;
    int fileId;
    int op;
    boolean isWrite;
    long start;
    long latency;
    long ret;
    long bytes;
    /** Operations behind the record. */
    int ops;
    long offset;
    int fd;

    /** Returns the time a call took, {@link #NO_LATENCY} if its start was not seen. */
    static long latency(ByteBuffer record, int at) {
        long low = record.getInt(at + LATENCY) & U32;
        if ((RawRecords.type(record, at) & RawRecords.IO_WIDE_BIT) == 0) {
            return low == U32 ? NO_LATENCY : low;
        }
        return low | (long) record.getInt(at + WIDE_LATENCY_HIGH) << 32;
    }

    /** Returns when a call ended, from its latency. */
    static long end(ByteBuffer record, int at, long latency) {
        return record.getLong(at + TS) + (latency == NO_LATENCY ? 0 : latency);
    }

    /** Takes in a record whole. */
    void read(ByteBuffer record, int at) {
        int type = RawRecords.type(record, at);
        tid = record.getInt(at) & RawRecords.TID_MASK;
        fileId = record.getInt(at + FILE_ID);
        op = type >> 1 & 31;
        isWrite = (type & 1) != 0;
        start = record.getLong(at + TS);
        latency = latency(record, at);
        ret = record.getInt(at + RET);
        if ((type & RawRecords.IO_WIDE_BIT) == 0) {
            long word = record.getLong(at + OFFSET_FD);
            long low = word & NO_OFFSET;
            offset = low == NO_OFFSET ? -1 : low;
            fd = (int) (word >>> 48);
            bytes = Math.max(ret, 0);
            ops = 1;
        } else {
            offset = record.getLong(at + WIDE_OFFSET);
            fd = record.getInt(at + WIDE_FD);
            bytes = record.getLong(at + WIDE_BYTES);
            ops = record.getInt(at + WIDE_OPS);
            ret = ops > 1 ? bytes : ret;
        }
    }
}
