// SPDX-License-Identifier: Apache-2.0
// What one thread moved in one execution, as the BPF programs keep it.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;

/**
 * What one thread moved in one execution, as the BPF programs keep it: {@code struct si_slot}, {@code si_total_key} and
 * {@code si_moved_side} in {@code bpf/include/thread.h}.
 *
 * @param procKey process
 * @param execNo execution
 * @param tid thread
 * @param readOps operations of direction r
 * @param readBytes bytes they moved
 * @param writtenOps operations of direction w
 * @param writtenBytes bytes they moved
 */
public record ThreadTotal(
        long procKey, int execNo, int tid, long readOps, long readBytes, long writtenOps, long writtenBytes) {
    static final int SLOT_BYTES = 192;
    static final int KEY_BYTES = 16;
    static final int VALUE_BYTES = 32;
    static final int SLOT_PROC_KEY = 8;
    static final int SLOT_EXEC_NO = 16;
    static final int SLOT_TID = 20;
    static final int SLOT_MOVED = 32;

    private static final int KEY_EXEC_NO = 8;
    private static final int KEY_TID = 12;

    /** Returns what a slot holds, null if it was never taken. */
    static ThreadTotal ofSlot(Memory slot) {
        int tid = slot.getInt(SLOT_TID);
        return tid == 0 ? null : of(slot.getLong(SLOT_PROC_KEY), slot.getInt(SLOT_EXEC_NO), tid, slot, SLOT_MOVED);
    }

    static ThreadTotal ofLate(Memory key, Memory value) {
        return of(key.getLong(0), key.getInt(KEY_EXEC_NO), key.getInt(KEY_TID), value, 0);
    }

    private static ThreadTotal of(long procKey, int execNo, int tid, Memory moved, int at) {
        return new ThreadTotal(procKey, execNo, tid, moved.getLong(at), moved.getLong(at + 8L), moved.getLong(at + 16L),
                moved.getLong(at + 24L));
    }

    /** Returns the operations of both directions. */
    long operations() {
        return readOps + writtenOps;
    }
}
