// SPDX-License-Identifier: Apache-2.0
// What the BPF programs counted, by CPU, class of ring and reason of loss.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.util.Arrays;
import java.util.List;
import org.sysinspector.schema.SchemaCatalog;

/**
 * What the BPF programs counted since they were loaded: {@code struct si_counters} in {@code bpf/include/recorder.h}, and
 * for io what stands in the rings. seen = written + lost for each class and CPU; reasons are codes of enum loss_reason. Immutable.
 */
public final class Counters {
    /** Codes of enum ring_class; those that the kernel does not count stay 0. */
    public static final int CLASSES = SchemaCatalog.get().enumeration("ring_class").names().length;

    /** Codes of enum loss_reason. */
    public static final int REASONS = SchemaCatalog.get().enumeration("loss_reason").names().length;

    static final int SEEN = 0;
    static final int LOST = CLASSES * Long.BYTES;
    static final int BYTES = LOST + CLASSES * REASONS * Long.BYTES;

    private static final int RING_FULL = reason("ring_full");
    private static final int NO_SLOT = reason("no_slot");
    private static final int NO_SCRATCH = reason("no_scratch");

    private final long[][] seen;
    private final long[][][] lost;

    /**
     * Reads counters.
     *
     * @param values what each possible CPU counted
     * @param rings of them, those of one CPU count for themselves
     */
    Counters(Memory values, int cpus, List<MappedRing> rings) {
        seen = new long[CLASSES][cpus];
        lost = new long[CLASSES][REASONS][cpus];
        for (MappedRing ring : rings) {
            if (ring.reader() instanceof IoRingReader io) {
                // Lost first: what is lost was seen before.
                lost[ring.ringClass()][NO_SCRATCH][ring.cpu()] = io.collided();
                lost[ring.ringClass()][NO_SLOT][ring.cpu()] = io.withoutSlot();
                lost[ring.ringClass()][RING_FULL][ring.cpu()] = io.lost();
                seen[ring.ringClass()][ring.cpu()] = io.seen();
            }
        }
        for (int cpu = 0; cpu < cpus; cpu++) {
            long at = (long) cpu * BYTES;
            for (int c = 0; c < CLASSES; c++) {
                seen[c][cpu] += values.getLong(at + SEEN + (long) Long.BYTES * c);
                for (int reason = 0; reason < REASONS; reason++) {
                    lost[c][reason][cpu] += values.getLong(at + LOST + (long) Long.BYTES * (c * REASONS + reason));
                }
            }
        }
    }

    private static int reason(String name) {
        return SchemaCatalog.get().enumeration("loss_reason").code(name);
    }

    /** Returns the CPUs counted: all that there can be. */
    public int cpus() {
        return seen[0].length;
    }

    /** Returns the events of a class that reached the point of being written, on all CPUs. */
    public long seen(int ringClass) {
        return Arrays.stream(seen[ringClass]).sum();
    }

    /** Returns the events of a class that came to a CPU; to all of them where it is -1. */
    public long seen(int ringClass, int cpu) {
        return cpu < 0 ? seen(ringClass) : seen[ringClass][cpu];
    }

    /** Returns the events of a class lost for a reason, on all CPUs. */
    public long lostFor(int ringClass, int reason) {
        return Arrays.stream(lost[ringClass][reason]).sum();
    }

    /** Returns the events of a class lost for a reason on one CPU. */
    public long lostFor(int ringClass, int reason, int cpu) {
        return lost[ringClass][reason][cpu];
    }

    /** Returns the events of a class that were lost, on all CPUs. */
    public long lost(int ringClass) {
        long total = 0;
        for (long[] cpus : lost[ringClass]) {
            total += Arrays.stream(cpus).sum();
        }
        return total;
    }

    /** Returns the events of a class lost on one CPU. */
    public long lost(int ringClass, int cpu) {
        long total = 0;
        for (long[] cpus : lost[ringClass]) {
            total += cpus[cpu];
        }
        return total;
    }

    /** Returns the events of all classes lost on all CPUs. */
    public long lost() {
        long total = 0;
        for (int c = 0; c < CLASSES; c++) {
            total += lost(c);
        }
        return total;
    }
}
