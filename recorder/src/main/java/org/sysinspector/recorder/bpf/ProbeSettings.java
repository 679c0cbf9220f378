// SPDX-License-Identifier: Apache-2.0
// What the BPF programs are told before they are loaded.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Pointer;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * What the BPF programs are told before they are loaded; the layout is {@code struct si_settings} in
 * {@code bpf/include/recorder.h}.
 *
 * @param commandOnly whether only the tree of the recorder's next child is recorded, from its exec on
 * @param ringBytes memory for all rings together, in bytes
 * @param coalesce whether, under pressure, consecutive operations of a thread on a descriptor become one record
 * @param latency whether to take the time at the entry of a system call too, not at its exit alone
 * @param cpus CPUs that have a ring of their own, from 0 on; what happens on others is counted as lost
 * @param slots threads that make recorded calls at a time, at most; what others do is counted as lost
 */
public record ProbeSettings(
        boolean commandOnly, long ringBytes, boolean coalesce, boolean latency, int cpus, int slots) {
    private static final int MAX_SLOTS = 65536;
    /** Ring memory at most, where nothing else is asked for: 192 MiB. */
    private static final long MOST_BY_DEFAULT = 192L << 20;
    private static final long LEAST_BY_DEFAULT = 16L << 20;
    private static final int MEMORY_SHARE = 64;
    private static final long MOST_RING_BYTES = 256L << 20;

    private static final int SLOTS = 0;
    private static final int FILTER_TREE = 4;
    private static final int PAGE_BYTES = 8;
    private static final int IO_BYTES = 12;
    private static final int COALESCE = 16;

    /** Returns settings for the running system. */
    public static ProbeSettings of(boolean commandOnly, long ringBytes, boolean coalesce, boolean latency) {
        KernelSupport kernel = new KernelSupport();
        return new ProbeSettings(commandOnly, ringBytes, coalesce, latency, kernel.cpus(), Math.min(kernel.pidMax(), MAX_SLOTS));
    }

    /**
     * Returns the ring memory where nothing else is asked for: a 64th of the machine's, between 16 and 192 MiB.
     *
     * @param machineBytes memory of the machine
     */
    public static long defaultRingBytes(long machineBytes) {
        return Math.min(Math.max(machineBytes / MEMORY_SHARE, LEAST_BY_DEFAULT), MOST_BY_DEFAULT);
    }

    void write(Pointer settings) {
        settings.setInt(SLOTS, slotEntries());
        settings.setInt(FILTER_TREE, commandOnly ? 1 : 0);
        settings.setInt(PAGE_BYTES, MappedRing.PAGE_BYTES);
        settings.setInt(COALESCE, coalesce ? 1 : 0);
        for (RingSchema ring : SchemaCatalog.get().rings()) {
            if (ring.eachCpu()) {
                settings.setInt(IO_BYTES, bytes(ring));
            }
        }
    }

    /** Returns the entries of the map of slots; slot 0 is nobody's. */
    int slotEntries() {
        return slots + 1;
    }

    /** Returns the bytes of a ring: its share of the budget, each CPU's part of that, rounded down to a power of two. */
    int bytes(RingSchema ring) {
        long share = ringBytes / ring.of() * ring.parts() / (ring.eachCpu() ? cpus : 1);
        return (int) Long.highestOneBit(Math.min(Math.max(share, ring.leastBytes()), MOST_RING_BYTES));
    }
}
