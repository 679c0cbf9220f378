// SPDX-License-Identifier: Apache-2.0
// Waits for BPF programs that are running.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.util.concurrent.locks.LockSupport;

/** Waits for BPF programs that are running. */
final class RunningPrograms {
    private static final long ANY = 0;
    /** A program runs for microseconds. */
    private static final long LONG_ENOUGH_NS = 100_000_000;

    private RunningPrograms() {}

    /**
     * Returns once all programs that were running have ended, on whichever CPU. Not by membarrier(2), which a kernel with CPUs that
     * have no tick (nohz_full) refuses: the kernel itself waits before it answers the update of a map of maps.
     *
     * @param core the object that has such a map
     * @return whether the kernel waited; if not, for want of memory, this does, for much longer than a program runs
     */
    static boolean await(BpfMaps core) {
        try (Memory key = new Memory(Integer.BYTES); Memory value = new Memory(Integer.BYTES)) {
            key.setInt(0, 0);
            value.setInt(0, core.mapFd("waited"));
            boolean waited = LibBpf.bpf_map_update_elem(core.mapFd("waiting"), key, value, ANY) == 0;
            if (!waited) {
                LockSupport.parkNanos(LONG_ENOUGH_NS);
            }
            return waited;
        }
    }
}
