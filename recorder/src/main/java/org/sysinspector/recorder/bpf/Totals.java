// SPDX-License-Identifier: Apache-2.0
// What threads have moved that was not told yet.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.function.Consumer;
import org.sysinspector.recorder.SystemRefusal;

/** What threads have moved that was not told yet: the maps {@code slots} and {@code late_totals} of {@code bpf/include/thread.h}. */
final class Totals {
    private Totals() {}

    /**
     * Reads them. To be called once the programs are detached.
     *
     * @param slots entries of the map of slots
     * @param each is called for each such thread
     */
    static void read(BpfMaps maps, int slots, Consumer<ThreadTotal> each) throws SystemRefusal {
        int fd = maps.mapFd("slots");
        try (Memory key = new Memory(Integer.BYTES); Memory value = new Memory(ThreadTotal.SLOT_BYTES)) {
            for (int slot = 1; slot < slots; slot++) {
                key.setInt(0, slot);
                int result = LibBpf.bpf_map_lookup_elem(fd, key, value);
                if (result < 0) {
                    throw new KernelSupport().refusal("reading totals", -result, "");
                }
                ThreadTotal total = ThreadTotal.ofSlot(value);
                if (total == null) {
                    break; // slots are taken in order
                }
                if (total.operations() > 0) {
                    each.accept(total);
                }
            }
        }
        late(maps.mapFd("late_totals"), each);
    }

    private static void late(int fd, Consumer<ThreadTotal> each) {
        try (Memory key = new Memory(ThreadTotal.KEY_BYTES); Memory value = new Memory(ThreadTotal.VALUE_BYTES)) {
            for (Pointer last = null; LibBpf.bpf_map_get_next_key(fd, last, key) == 0; last = key) {
                if (LibBpf.bpf_map_lookup_elem(fd, key, value) == 0) {
                    each.accept(ThreadTotal.ofLate(key, value));
                }
            }
        }
    }
}
