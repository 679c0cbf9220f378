// SPDX-License-Identifier: Apache-2.0
// Where the record of a file id lies.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.sysinspector.recorder.spill.LongTable;
import org.sysinspector.recorder.spill.Scratch;

/**
 * Where the {@code file} record of a file id lies: in the segment being rolled, or in the keyframe of the one
 * before. Ids count up over a whole capture and one in use is never older than {@link #IDS_IN_USE} before the newest
 * (the kernel renews older ones), so a direct-mapped table does; it grows where a single segment names more. 8
 * bytes an id; what the record says is read from the log. Belongs to one thread.
 */
final class FileTable {
    /** Ids that the kernel may still use, counted back from the newest. */
    static final int IDS_IN_USE = 1 << 17;

    private static final int FIRST_CAPACITY = 1 << 18;
    private static final int MAX_CAPACITY = 1 << 22;
    private static final int ALIGNMENT = 8;

    /** At the id's low bits: id, place. */
    private final LongTable table;
    private int newest;
    private final LogWindow segment;
    private final LogWindow keyframe;
    private LogWindow current;

    /** Makes one; {@code keyframe} is null if there is none. */
    FileTable(LogWindow segment, LogWindow keyframe, Scratch scratch) throws IOException {
        this.segment = segment;
        this.keyframe = keyframe;
        table = new LongTable(scratch, 1);
        table.resize(FIRST_CAPACITY);
    }

    /** Takes in a record of the segment, by the position of its payload. */
    void addFromSegment(int id, long position) throws IOException {
        add(id, (int) (position / ALIGNMENT));
    }

    /** Takes in a record of the keyframe. */
    void addFromKeyframe(int id, long position) throws IOException {
        add(id, ~(int) (position / ALIGNMENT));
    }

    /**
     * Brings the record of an id into {@link #buffer}.
     *
     * @return the index of its payload there, or -1 if the id is not known
     * @throws IOException if the log cannot be read
     */
    int find(int id) throws IOException {
        if (!has(id)) {
            return -1;
        }
        int place = (int) table.get(slot(id), 0);
        current = place < 0 ? keyframe : segment;
        return current.record((long) (place < 0 ? ~place : place) * ALIGNMENT);
    }

    /** Returns the bytes that {@link #find} brought in. */
    ByteBuffer buffer() {
        return current.buffer();
    }

    /** Returns the length of the record that {@link #find} brought in. */
    int length() {
        return current.length();
    }

    /** Returns whether an id is known. */
    boolean has(int id) {
        return id != 0 && idAt(slot(id)) == id;
    }

    /** Returns the oldest id that the kernel may still use. */
    int oldestInUse() {
        return newest - IDS_IN_USE + 1;
    }

    private int slot(int id) {
        return id & table.size() - 1;
    }

    private int idAt(int slot) {
        return (int) (table.get(slot, 0) >>> Integer.SIZE);
    }

    private void add(int id, int place) throws IOException {
        if (id == 0) {
            return;
        }
        int other = idAt(slot(id));
        if (other != 0 && other != id && table.size() < MAX_CAPACITY) {
            grow();
        }
        table.set(slot(id), 0, (long) id << Integer.SIZE | place & 0xFFFFFFFFL);
        if (newest == 0 || id - newest > 0) {
            newest = id;
        }
    }

    /** Doubles the table: what is in a slot stays there or goes to the one that is as far on as the table was long. */
    private void grow() throws IOException {
        int half = table.size();
        table.resize(half * 2);
        for (int i = 0; i < half; i++) {
            int to = slot(idAt(i));
            if (idAt(i) != 0 && to != i) {
                table.copy(i, to);
                table.set(i, 0, 0);
            }
        }
    }
}
