// SPDX-License-Identifier: Apache-2.0
// The names of files that are known and have not ended.
package org.sysinspector.recorder.roll;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of files that are known and have not ended, by path. Bounded in number and in characters; the name least
 * lately used goes first (its row then stays without an end). Belongs to one thread.
 */
final class KnownNames {
    static final int MAX_NAMES = 1 << 16;
    private static final int MAX_CHARACTERS = 6 << 20;

    private final LinkedHashMap<String, Known> names = new LinkedHashMap<>(1024, 0.75f, true);
    private int characters;

    /** A known name: the file behind it, and the row that said so. */
    static final class Known {
        /** Device as the kernel codes it; with {@code ino} 0 where the file is not known. */
        int dev;

        long ino;
        int generation;
        int mode;
        int magic;
        /** Number of its row among those of this roll, -1 if it has none there. */
        long row = -1;

        /** Makes one for a file. */
        Known(int dev, long ino, int generation, int mode, int magic) {
            this.dev = dev;
            this.ino = ino;
            this.generation = generation;
            this.mode = mode;
            this.magic = magic;
        }

        /** Makes one for another name of the same file, or of a file that is not known. */
        static Known like(Known other) {
            return other == null
                    ? new Known(0, 0, 0, 0, 0)
                    : new Known(other.dev, other.ino, other.generation, other.mode, other.magic);
        }

        boolean hasFile() {
            return dev != 0 || ino != 0;
        }

        boolean isSameFile(Known other) {
            return hasFile() && dev == other.dev && ino == other.ino && generation == other.generation;
        }
    }

    /** Returns a name, or null. */
    Known get(String path) {
        return names.get(path);
    }

    /** Adds a name or replaces what was known of it. */
    void put(String path, Known known) {
        if (names.put(path, known) == null) {
            characters += path.length();
        }
        Iterator<String> eldest = names.keySet().iterator();
        while (names.size() > MAX_NAMES || characters > MAX_CHARACTERS && names.size() > 1) {
            characters -= eldest.next().length();
            eldest.remove();
        }
    }

    /** Removes a name and returns what was known of it, or null. */
    Known remove(String path) {
        Known known = names.remove(path);
        if (known != null) {
            characters -= path.length();
        }
        return known;
    }

    /** Returns all names, the one least lately used first. */
    Iterable<Map.Entry<String, Known>> entries() {
        return names.entrySet();
    }
}
