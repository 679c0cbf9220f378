// SPDX-License-Identifier: Apache-2.0
// What the BPF programs are told before they are loaded.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Pointer;

/**
 * What the BPF programs are told before they are loaded; the layout is {@code struct si_settings} in
 * {@code bpf/include/recorder.h}.
 *
 * @param commandOnly whether only the tree of the recorder's next child is recorded, from its exec on
 * @param ringBytes memory for all rings together, in bytes
 * @param coalesce whether, under pressure, consecutive operations of a thread on a descriptor become one record
 * @param latency whether to take the time at the entry of a system call too, not at its exit alone
 */
public record ProbeSettings(boolean commandOnly, long ringBytes, boolean coalesce, boolean latency) {
    /** Ring memory at most, where nothing else is asked for: 192 MiB. */
    private static final long MOST_BY_DEFAULT = 192L << 20;
    private static final long LEAST_BY_DEFAULT = 16L << 20;
    private static final int MEMORY_SHARE = 64;
    private static final long LEAST_RING_BYTES = 64L << 10;
    private static final long MOST_RING_BYTES = 256L << 20;
    /** However little there is for all: who did it is worth more than what was done. */
    private static final long LEAST_LIFECYCLE_BYTES = 1L << 20;

    private static final int SLOTS = 0;
    private static final int FILTER_TREE = 4;
    private static final int PAGE_BYTES = 8;
    private static final int IO_BYTES = 12;
    private static final int COALESCE = 16;

    /**
     * Returns the ring memory where nothing else is asked for: a 64th of the machine's, between 16 and 192 MiB.
     *
     * @param machineBytes memory of the machine
     */
    public static long defaultRingBytes(long machineBytes) {
        return Math.min(Math.max(machineBytes / MEMORY_SHARE, LEAST_BY_DEFAULT), MOST_BY_DEFAULT);
    }

    void write(Pointer settings, int slots, int pageBytes, int cpus) {
        settings.setInt(SLOTS, slots);
        settings.setInt(FILTER_TREE, commandOnly ? 1 : 0);
        settings.setInt(PAGE_BYTES, pageBytes);
        settings.setInt(IO_BYTES, ioBytes(cpus));
        settings.setInt(COALESCE, coalesce ? 1 : 0);
    }

    /**
     * Bytes of the ring for fork, exec and exit: a quarter of the budget, rounded down to a power of two. With the usual budgets that is
     * what rounding leaves of the others' parts. A process with short paths and arguments takes about 500 bytes of it: 8 MiB
     * hold 16,000 while nobody reads.
     */
    int lifecycleBytes() {
        return powerOfTwo(Math.max(ringBytes / 4, LEAST_LIFECYCLE_BYTES));
    }

    /** Bytes of the ring for names: a sixth. */
    int namesBytes() {
        return powerOfTwo(ringBytes / 6);
    }

    /** Bytes of each CPU's ring for io: its part of two thirds. */
    int ioBytes(int cpus) {
        return powerOfTwo(ringBytes / 3 * 2 / cpus);
    }

    private static int powerOfTwo(long bytes) {
        return (int) Long.highestOneBit(Math.min(Math.max(bytes, LEAST_RING_BYTES), MOST_RING_BYTES));
    }
}
