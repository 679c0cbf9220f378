// SPDX-License-Identifier: Apache-2.0
// What the log tells of losses.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;

/**
 * What the log tells of losses up to a moment, by class, reason and CPU. The recorder keeps it in the BPF map {@code told} as well:
 * at index 0 before the block that tells it is appended, at index 1 when it is in the log. So whoever saves the tail of a recorder
 * that was killed knows what is still to be told. Immutable.
 */
public final class ToldLosses {
    private static final int AHEAD = 0;
    private static final int DONE = 1;
    private static final long ANY = 0;

    private final long ns;
    private final int cpus;
    private final long[] lost;

    private ToldLosses(long ns, int cpus, long[] lost) {
        this.ns = ns;
        this.cpus = cpus;
        this.lost = lost;
    }

    /** Returns that nothing is told up to a moment. */
    public static ToldLosses nothing(long ns, int cpus) {
        return new ToldLosses(ns, cpus, new long[Counters.CLASSES * Counters.REASONS * cpus]);
    }

    /** Returns that all losses counted are told up to a moment. */
    public static ToldLosses all(long ns, Counters counters) {
        ToldLosses told = nothing(ns, counters.cpus());
        for (int c = 0; c < Counters.CLASSES; c++) {
            for (int reason = 0; reason < Counters.REASONS; reason++) {
                for (int cpu = 0; cpu < told.cpus; cpu++) {
                    told.lost[told.index(c, reason, cpu)] = counters.lostFor(c, reason, cpu);
                }
            }
        }
        return told;
    }

    static int bytes(int cpus) {
        return Long.BYTES * (1 + Counters.CLASSES * Counters.REASONS * cpus);
    }

    private int index(int ringClass, int reason, int cpu) {
        return (ringClass * Counters.REASONS + reason) * cpus + cpu;
    }

    /** Returns the moment in CLOCK_BOOTTIME nanoseconds: that of the clock record beside them. */
    public long ns() {
        return ns;
    }

    /** Returns the events told. */
    public long lostFor(int ringClass, int reason, int cpu) {
        return lost[index(ringClass, reason, cpu)];
    }

    /** Keeps it in the map: before it is in the log, or after. */
    void keep(int fd, boolean isInLog) {
        try (Memory key = new Memory(Integer.BYTES); Memory value = new Memory(bytes(cpus))) {
            key.setInt(0, isInLog ? DONE : AHEAD);
            value.setLong(0, ns);
            value.write(Long.BYTES, lost, 0, lost.length);
            LibBpf.bpf_map_update_elem(fd, key, value, ANY); // it cannot fail: the key is there
        }
    }

    /** Returns what the map has: that which is in the log, or that which was about to be. */
    static ToldLosses kept(int fd, int cpus, boolean isInLog) {
        try (Memory key = new Memory(Integer.BYTES); Memory value = new Memory(bytes(cpus))) {
            value.clear();
            key.setInt(0, isInLog ? DONE : AHEAD);
            LibBpf.bpf_map_lookup_elem(fd, key, value);
            return new ToldLosses(value.getLong(0), cpus,
                    value.getLongArray(Long.BYTES, Counters.CLASSES * Counters.REASONS * cpus));
        }
    }
}
