// SPDX-License-Identifier: Apache-2.0
// Whose a thread was at a moment: process, execution, name.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.recorder.spill.LongTable;
import org.sysinspector.recorder.spill.Scratch;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Whose a thread was at a moment, from the {@code thread} records. The kernel writes one just before the first
 * operation of a thread after its birth, exec or change of name is recorded, so with a time before that operation's
 * <em>end</em>: the newest record of the tid that is not after the end is the right one. A {@code thread_end} record says
 * that the tid is nobody's from then on. 40 bytes a record. Belongs to one thread.
 */
final class ThreadTable {
    static final RecordSchema RECORD = SchemaCatalog.get().record("thread");
    static final RecordSchema END = SchemaCatalog.get().record("thread_end");
    private static final int EXEC_NO = RECORD.offset("exec_no");
    private static final int TS = RECORD.offset("ts_ns");
    private static final int KEY = RECORD.offset("proc_key");
    private static final int COMM = RECORD.offset("comm");
    private static final int COMM_BYTES = RECORD.field("comm").size();
    private static final int CACHE_BITS = 12;
    private static final int CACHE = 1 << CACHE_BITS;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int TID_EXEC_NO = 0;
    private static final int TIME = 1;
    private static final int OWNER = 2;
    private static final int COMM_LOW = 3;
    private static final int COMM_HIGH = 4;
    /** The owner of a tid whose thread has ended. */
    private static final long NOBODY = 0;

    private final LongTable records;
    private final int[] found = new int[CACHE];
    private final long[] cachedLow = new long[CACHE];
    private final long[] cachedHigh = new long[CACHE];
    private final Binary[] comms = new Binary[CACHE];

    ThreadTable(Scratch scratch) {
        records = new LongTable(scratch, 5);
    }

    /** Takes in a record of a thread. */
    void add(ByteBuffer record, int at) throws IOException {
        int row = add(record, at, record.getLong(at + KEY));
        records.set(row, COMM_LOW, record.getLong(at + COMM));
        records.set(row, COMM_HIGH, record.getLong(at + COMM + Long.BYTES));
    }

    /** Takes in a record of the end of a thread. */
    void addEnd(ByteBuffer record, int at) throws IOException {
        add(record, at, NOBODY);
    }

    private int add(ByteBuffer record, int at, long owner) throws IOException {
        int row = records.add();
        records.set(row, TID_EXEC_NO, (long) (record.getInt(at) & RawRecords.TID_MASK) << 32
                | record.getInt(at + EXEC_NO) & 0xFFFFFFFFL);
        records.set(row, TIME, record.getLong(at + TS));
        records.set(row, OWNER, owner);
        return row;
    }

    /** Sorts, so that {@link #find} works. Nothing may be added afterwards. */
    void complete() {
        records.sort((i, j) -> tid(i) < tid(j) || tid(i) == tid(j) && time(i) < time(j));
        Arrays.fill(found, 0);
    }

    /** Returns the record that says whose a thread was at a time, or -1. */
    int find(int tid, long time) {
        int size = records.size();
        if (size == 0) {
            return -1;
        }
        int slot = tid & CACHE - 1;
        int i = found[slot];
        if (tid(i) != tid || time(i) > time || isSuperseded(i, time)) {
            i = search(tid, time);
            if (i < 0) {
                return -1;
            }
            found[slot] = i;
        }
        return isEnd(i) ? -1 : i;
    }

    private int search(int tid, long time) {
        int low = 0;
        int high = records.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tid(middle) < tid || tid(middle) == tid && time(middle) <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && tid(low - 1) == tid ? low - 1 : -1;
    }

    int size() {
        return records.size();
    }

    /** Returns whether a record says that a thread has ended. */
    boolean isEnd(int i) {
        return records.get(i, OWNER) == NOBODY;
    }

    long key(int i) {
        return records.get(i, OWNER);
    }

    int execNo(int i) {
        return (int) records.get(i, TID_EXEC_NO);
    }

    int tid(int i) {
        return (int) (records.get(i, TID_EXEC_NO) >>> 32);
    }

    long time(int i) {
        return records.get(i, TIME);
    }

    /** Returns whether another record of the same thread follows, not later than a time. */
    boolean isSuperseded(int i, long time) {
        return i + 1 < records.size() && tid(i + 1) == tid(i) && time(i + 1) <= time;
    }

    /** Returns the name of the thread: the same object for the same name, but for few. */
    Binary comm(int i) {
        long low = records.get(i, COMM_LOW);
        long high = records.get(i, COMM_HIGH);
        long hash = (low * 31 + high) * SPREAD;
        int slot = (int) (hash >>> Long.SIZE - CACHE_BITS);
        if (comms[slot] == null || cachedLow[slot] != low || cachedHigh[slot] != high) {
            byte[] raw = ByteBuffer.allocate(COMM_BYTES).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(low).putLong(high).array();
            int length = 0;
            while (length < raw.length && raw[length] != 0) {
                length++;
            }
            comms[slot] = Binary.fromString(PathText.text(raw, 0, length));
            cachedLow[slot] = low;
            cachedHigh[slot] = high;
        }
        return comms[slot];
    }

    /** Writes a record again, as it was. */
    void put(int i, ByteBuffer record, int at) {
        int type = isEnd(i) ? END.type() : RECORD.type();
        record.putInt(at, tid(i) | type << RecordLayout.TYPE_SHIFT)
                .putInt(at + EXEC_NO, execNo(i))
                .putLong(at + TS, time(i))
                .putLong(at + KEY, key(i));
        if (!isEnd(i)) {
            record.putLong(at + COMM, records.get(i, COMM_LOW))
                    .putLong(at + COMM + Long.BYTES, records.get(i, COMM_HIGH));
        }
    }

    /** Returns the length of the record that {@link #put} writes. */
    int length(int i) {
        return isEnd(i) ? END.size() : RECORD.size();
    }
}
