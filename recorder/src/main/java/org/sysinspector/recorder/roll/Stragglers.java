// SPDX-License-Identifier: Apache-2.0
// The io records that come long after their start.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sysinspector.recorder.spill.LongTable;
import org.sysinspector.recorder.spill.PairList;
import org.sysinspector.recorder.spill.Scratch;

/**
 * The io records that come long after their start. An operation is recorded at its end, each CPU's in the order of
 * their ends, but rows are sorted by start. Sorting through a window of time does that exactly only if no record
 * comes later than the window is long. So those that do (a read that waited, or one out of its CPU's order) are
 * found in a first pass, kept by position, and merged in by start. The window adapts: where there are too many of
 * them it doubles. By Little's law few operations can be both long and many. 24 bytes a record. Belongs to one
 * thread.
 */
final class Stragglers {
    /** Records of a CPU may be this much out of the order of their ends, at most, without being stragglers. */
    static final long SLACK_NS = 1_000_000;

    private static final long FIRST_WINDOW_NS = 4_000_000;
    private static final long MAX_WINDOW_NS = 1L << 41;
    private static final int MANY = 1 << 17;
    private static final int START = 0;
    private static final int POSITION = 1;
    private static final int LATENESS = 2;

    private long windowNs = FIRST_WINDOW_NS;
    private final LongTable records;
    private final long[] newestEnd = new long[1 << 16];

    Stragglers(Scratch scratch) {
        records = new LongTable(scratch, 3);
        Arrays.fill(newestEnd, Long.MIN_VALUE);
    }

    /** Takes in one record, in file order. */
    void scan(ByteBuffer record, int at, int cpu, long position) throws IOException {
        long latency = IoRecord.latency(record, at);
        long start = record.getLong(at + RawRecords.TS);
        long end = IoRecord.end(start, latency);
        long newest = newestEnd[cpu & 0xFFFF];
        if (end > newest) {
            newestEnd[cpu & 0xFFFF] = end;
        }
        if (isOne(latency, end, newest)) {
            add(start, position, isOutOfOrder(end, newest) ? Long.MAX_VALUE : latency);
        }
    }

    /** Returns whether a record is one, given the newest end of its CPU before it. Final once all are scanned. */
    boolean isOne(long latency, long end, long newest) {
        return latency > windowNs || isOutOfOrder(end, newest);
    }

    /** Returns how long before its end a record starts at most that is none. */
    long windowNs() {
        return windowNs;
    }

    int size() {
        return records.size();
    }

    long start(int i) {
        return records.get(i, START);
    }

    long position(int i) {
        return records.get(i, POSITION);
    }

    /** Sorts them by start; all are known. */
    void sort() {
        records.sort((i, j) -> PairList.isBefore(start(i), position(i), start(j), position(j)));
    }

    private static boolean isOutOfOrder(long end, long newest) {
        return newest != Long.MIN_VALUE && end < newest - SLACK_NS;
    }

    private void add(long start, long position, long late) throws IOException {
        int row = records.add();
        records.set(row, START, start);
        records.set(row, POSITION, position);
        records.set(row, LATENESS, late);
        if (records.size() >= MANY && windowNs < MAX_WINDOW_NS) {
            widen();
        }
    }

    private void widen() throws IOException {
        while (records.size() > MANY / 2 && windowNs < MAX_WINDOW_NS) {
            windowNs *= 2;
            int kept = 0;
            for (int i = 0; i < records.size(); i++) {
                if (records.get(i, LATENESS) > windowNs) {
                    records.copy(i, kept++);
                }
            }
            records.resize(kept);
        }
    }
}
