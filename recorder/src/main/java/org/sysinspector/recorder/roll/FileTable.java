// SPDX-License-Identifier: Apache-2.0
// Where the record of a file id lies.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

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
    private static final int MAX_CAPACITY = 1 << 21;
    private static final int ALIGNMENT = 8;

    private int[] ids = new int[FIRST_CAPACITY];
    private int[] places = new int[FIRST_CAPACITY];
    private int newest;
    private LogWindow segment;
    private LogWindow keyframe;
    private LogWindow current;

    /** Sets where the records are read from. */
    void open(LogWindow segmentWindow, LogWindow keyframeWindow) {
        segment = segmentWindow;
        keyframe = keyframeWindow;
    }

    /** Takes in a record of the segment, by the position of its payload. */
    void addFromSegment(int id, long position) {
        add(id, (int) (position / ALIGNMENT));
    }

    /** Takes in a record of the keyframe. */
    void addFromKeyframe(int id, long position) {
        add(id, ~(int) (position / ALIGNMENT));
    }

    /**
     * Brings the record of an id into {@link #buffer}.
     *
     * @return the index of its payload there, or -1 if the id is not known
     * @throws IOException if the log cannot be read
     */
    int find(int id) throws IOException {
        int slot = id & ids.length - 1;
        if (id == 0 || ids[slot] != id) {
            return -1;
        }
        int place = places[slot];
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

    /** Returns the ids that the kernel may still use, in ascending order. */
    int[] idsInUse() {
        return Arrays.stream(ids)
                .filter(id -> id != 0 && newest - id >= 0 && newest - id < IDS_IN_USE).sorted().toArray();
    }

    private void add(int id, int place) {
        if (id == 0) {
            return;
        }
        int slot = id & ids.length - 1;
        if (ids[slot] != 0 && ids[slot] != id && ids.length < MAX_CAPACITY) {
            grow();
            slot = id & ids.length - 1;
        }
        ids[slot] = id;
        places[slot] = place;
        if (newest == 0 || id - newest > 0) {
            newest = id;
        }
    }

    private void grow() {
        int[] oldIds = ids;
        int[] oldPlaces = places;
        ids = new int[oldIds.length * 2];
        places = new int[oldIds.length * 2];
        for (int i = 0; i < oldIds.length; i++) {
            int slot = oldIds[i] & ids.length - 1;
            ids[slot] = oldIds[i];
            places[slot] = oldPlaces[i];
        }
    }
}
