// SPDX-License-Identifier: Apache-2.0
// What the BPF programs counted, by CPU and class of ring.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.util.List;

/**
 * What the BPF programs counted since they were loaded: {@code struct si_counters} in {@code bpf/include/recorder.h}, and
 * for io what stands in the rings. Immutable.
 */
public final class Counters {
    /** Classes of ring that the kernel counts. */
    public static final int CLASSES = 3;

    static final int BYTES = 72;
    private static final int SEEN = 0;
    private static final int LOST = 32;
    private static final int COMPAT = 64;

    private final long[][] seen;
    private final long[][] lost;
    private long compat;

    Counters(Memory values, int cpus, List<IoRingReader> io, int ioClass) {
        seen = new long[CLASSES][cpus];
        lost = new long[CLASSES][cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            long at = (long) cpu * BYTES;
            for (int c = 0; c < CLASSES; c++) {
                seen[c][cpu] = values.getLong(at + SEEN + 8L * c);
                lost[c][cpu] = values.getLong(at + LOST + 8L * c);
            }
            // Lost first: what is lost was seen before.
            lost[ioClass][cpu] = io.get(cpu).lost();
            seen[ioClass][cpu] = io.get(cpu).seen();
            compat += values.getLong(at + COMPAT);
        }
    }

    /** Returns the CPUs counted. */
    public int cpus() {
        return seen[0].length;
    }

    /** Returns the events of a class that reached the point of being written, on all CPUs. */
    public long seen(int ringClass) {
        return sum(seen[ringClass]);
    }

    /** Returns the events of a class that had no place in their ring, on all CPUs. */
    public long lost(int ringClass) {
        return sum(lost[ringClass]);
    }

    /** Returns the events of a class that came to a CPU; to all of them where it is -1. */
    public long seen(int ringClass, int cpu) {
        return cpu < 0 ? seen(ringClass) : seen[ringClass][cpu];
    }

    /** Returns the events of a class lost on one CPU. */
    public long lost(int ringClass, int cpu) {
        return lost[ringClass][cpu];
    }

    /** Returns the events of all classes lost on all CPUs. */
    public long lost() {
        long total = 0;
        for (int c = 0; c < CLASSES; c++) {
            total += lost(c);
        }
        return total;
    }

    /** Returns the 32-bit system calls that were seen and not decoded. */
    public long compat() {
        return compat;
    }

    private static long sum(long[] values) {
        long total = 0;
        for (long value : values) {
            total += value;
        }
        return total;
    }
}
