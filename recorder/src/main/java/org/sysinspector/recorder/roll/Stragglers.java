// SPDX-License-Identifier: Apache-2.0
// The io records that come long after their start.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The io records that come long after their start. An operation is recorded at its end, each CPU's in the order of
 * their ends, but rows are sorted by start. Sorting through a window of time does that exactly only if no record
 * comes later than the window is long. So those that do (a read that waited, or one out of its CPU's order) are
 * found in a first pass, kept by position, and merged in by start. The window adapts: where there are too many of
 * them it doubles. By Little's law few operations can be both long and many. 24 bytes a record. Belongs to one
 * thread.
 */
final class Stragglers extends SortableArrays {
    /** Records of a CPU may be this much out of the order of their ends, at most, without being stragglers. */
    static final long SLACK_NS = 1_000_000;

    private static final long FIRST_WINDOW_NS = 4_000_000;
    private static final long MAX_WINDOW_NS = 1L << 41;
    private static final int MANY = 1 << 17;

    private long windowNs = FIRST_WINDOW_NS;
    private long[] starts = new long[256];
    private long[] positions = new long[256];
    private long[] lateness = new long[256];
    private int size;
    private final long[] newestEnd = new long[1 << 16];

    Stragglers() {
        Arrays.fill(newestEnd, Long.MIN_VALUE);
    }

    /** Takes in one record, in file order. */
    void scan(ByteBuffer record, int at, int cpu, long position) {
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

    long start(int i) {
        return starts[i];
    }

    long position(int i) {
        return positions[i];
    }

    @Override
    int size() {
        return size;
    }

    @Override
    boolean isBefore(int i, int j) {
        return starts[i] < starts[j] || starts[i] == starts[j] && positions[i] < positions[j];
    }

    @Override
    void swap(int i, int j) {
        long start = starts[i];
        long position = positions[i];
        long late = lateness[i];
        set(i, j);
        starts[j] = start;
        positions[j] = position;
        lateness[j] = late;
    }

    private static boolean isOutOfOrder(long end, long newest) {
        return newest != Long.MIN_VALUE && end < newest - SLACK_NS;
    }

    private void add(long start, long position, long late) {
        if (size == starts.length) {
            int capacity = grown(size);
            starts = Arrays.copyOf(starts, capacity);
            positions = Arrays.copyOf(positions, capacity);
            lateness = Arrays.copyOf(lateness, capacity);
        }
        starts[size] = start;
        positions[size] = position;
        lateness[size] = late;
        size++;
        if (size >= MANY) {
            widen();
        }
    }

    private void widen() {
        while (size > MANY / 2 && windowNs < MAX_WINDOW_NS) {
            windowNs *= 2;
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (lateness[i] > windowNs) {
                    set(kept++, i);
                }
            }
            size = kept;
        }
    }

    private void set(int to, int from) {
        starts[to] = starts[from];
        positions[to] = positions[from];
        lateness[to] = lateness[from];
    }
}
