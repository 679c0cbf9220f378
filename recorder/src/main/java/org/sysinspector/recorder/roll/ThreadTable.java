// SPDX-License-Identifier: Apache-2.0
// Whose a thread was at a moment: process, execution, name.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Whose a thread was at a moment, from the {@code thread} records. The kernel writes one just before the first
 * operation of a thread after its birth, exec or change of name is recorded, so with a time before that operation's
 * <em>end</em>: the newest record of the tid that is not after the end is the right one. 40 bytes a record in
 * primitive arrays. Belongs to one thread.
 */
final class ThreadTable extends SortableArrays {
    static final RecordSchema RECORD = SchemaCatalog.get().record("thread");
    private static final int EXEC_NO = RECORD.offset("exec_no");
    private static final int TS = RECORD.offset("ts_ns");
    private static final int KEY = RECORD.offset("proc_key");
    private static final int COMM = RECORD.offset("comm");
    private static final int COMM_BYTES = RECORD.field("comm").size();
    private static final int TID_MASK = 0xFFFFFF;
    private static final int CACHE_BITS = 12;
    private static final int CACHE = 1 << CACHE_BITS;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private int[] tids = new int[256];
    private int[] execNos = new int[256];
    private long[] times = new long[256];
    private long[] keys = new long[256];
    private long[] commLow = new long[256];
    private long[] commHigh = new long[256];
    private int size;
    private final int[] found = new int[CACHE];
    private final long[] cachedLow = new long[CACHE];
    private final long[] cachedHigh = new long[CACHE];
    private final Binary[] comms = new Binary[CACHE];

    /** Takes in a record. */
    void add(ByteBuffer record, int at) {
        if (size == tids.length) {
            int capacity = grown(size);
            tids = Arrays.copyOf(tids, capacity);
            execNos = Arrays.copyOf(execNos, capacity);
            times = Arrays.copyOf(times, capacity);
            keys = Arrays.copyOf(keys, capacity);
            commLow = Arrays.copyOf(commLow, capacity);
            commHigh = Arrays.copyOf(commHigh, capacity);
        }
        tids[size] = record.getInt(at) & TID_MASK;
        execNos[size] = record.getInt(at + EXEC_NO);
        times[size] = record.getLong(at + TS);
        keys[size] = record.getLong(at + KEY);
        commLow[size] = record.getLong(at + COMM);
        commHigh[size] = record.getLong(at + COMM + Long.BYTES);
        size++;
    }

    /** Sorts, so that {@link #find} works. Nothing may be added afterwards. */
    void complete() {
        sort();
        Arrays.fill(found, 0);
    }

    /** Returns the record that says whose a thread was at a time, or -1. */
    int find(int tid, long time) {
        if (size == 0) {
            return -1;
        }
        int slot = tid & CACHE - 1;
        int i = found[slot];
        if (tids[i] == tid && times[i] <= time && (i + 1 == size || tids[i + 1] != tid || times[i + 1] > time)) {
            return i;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tids[middle] < tid || tids[middle] == tid && times[middle] <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        i = low - 1;
        if (i < 0 || tids[i] != tid) {
            return -1;
        }
        found[slot] = i;
        return i;
    }

    long key(int i) {
        return keys[i];
    }

    int execNo(int i) {
        return execNos[i];
    }

    int tid(int i) {
        return tids[i];
    }

    long time(int i) {
        return times[i];
    }

    /** Returns whether another record of the same thread follows, not later than a time. */
    boolean isSuperseded(int i, long time) {
        return i + 1 < size && tids[i + 1] == tids[i] && times[i + 1] <= time;
    }

    /** Returns the name of the thread: the same object for the same name, but for few. */
    Binary comm(int i) {
        long low = commLow[i];
        long high = commHigh[i];
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
        record.putInt(at, tids[i] | RECORD.type() << 24)
                .putInt(at + EXEC_NO, execNos[i])
                .putLong(at + TS, times[i])
                .putLong(at + KEY, keys[i])
                .putLong(at + COMM, commLow[i])
                .putLong(at + COMM + Long.BYTES, commHigh[i]);
    }

    @Override
    int size() {
        return size;
    }

    @Override
    boolean isBefore(int i, int j) {
        return tids[i] < tids[j] || tids[i] == tids[j] && times[i] < times[j];
    }

    @Override
    void swap(int i, int j) {
        swap(tids, i, j);
        swap(execNos, i, j);
        swap(times, i, j);
        swap(keys, i, j);
        swap(commLow, i, j);
        swap(commHigh, i, j);
    }

    private static void swap(int[] array, int i, int j) {
        int value = array[i];
        array[i] = array[j];
        array[j] = value;
    }

    private static void swap(long[] array, int i, int j) {
        long value = array[i];
        array[i] = array[j];
        array[j] = value;
    }
}
