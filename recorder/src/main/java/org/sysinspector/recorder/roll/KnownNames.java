// SPDX-License-Identifier: Apache-2.0
// The names of files that are known and have not ended.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.sysinspector.recorder.spill.LongTable;
import org.sysinspector.recorder.spill.PairList;
import org.sysinspector.recorder.spill.Scratch;

/**
 * The names of files that are known and have not ended, by path. Of a path only 128 bits of its SHA-256 are kept, and
 * where in the log or the keyframe its text is: two paths of one hash would have to be found first, also by whoever
 * chooses names with intent. 72 bytes a name. Belongs to one thread.
 */
final class KnownNames {
    /** Which text of a record is the name: the path of a file record, the first or the second of a name_op record. */
    static final int FILE_PATH = 0;
    static final int FIRST_PATH = 1;
    static final int SECOND_PATH = 2;

    private static final int FIRST_HEADS = 1 << 10;
    private static final int HASH = 0;
    private static final int HASH_LOW = 1;
    private static final int INO = 2;
    private static final int DEV_GENERATION = 3;
    private static final int MODE_MAGIC = 4;
    private static final int ROW = 5;
    private static final int PLACE = 6;
    private static final int USE_NEXT = 7;
    private static final int NONE = -1;
    private static final long LOW = 0xFFFFFFFFL;

    private final LongTable names;
    /** By hash: the first name, plus one; from there they are chained. */
    private final LongTable heads;
    private final MessageDigest sha256;
    private int free = NONE;
    private int size;
    private int uses;
    private int usesBefore;
    private long hash;
    private long hashLow;

    /**
     * A file behind a name, and the row that said so.
     *
     * @param dev device as the kernel codes it; with {@code ino} 0 where the file is not known
     * @param row number of the name's row among those of this segment, -1 if it has none there
     */
    record Known(int dev, long ino, int generation, int mode, int magic, int row) {
        static final int NO_ROW = -1;
        /** A file that is not known. */
        static final Known NOTHING = new Known(0, 0, 0, 0, 0, NO_ROW);

        /** Returns the file that a {@code file} record tells of. */
        static Known of(ByteBuffer record, int at) {
            return new Known(record.getInt(at + FileFields.DEV), record.getLong(at + FileFields.INO),
                    record.getInt(at + FileFields.GENERATION), FileFields.mode(record, at),
                    record.getInt(at + FileFields.FS_MAGIC), NO_ROW);
        }

        /** Returns the same file with another row. */
        Known at(int newRow) {
            return new Known(dev, ino, generation, mode, magic, newRow);
        }

        boolean hasFile() {
            return dev != 0 || ino != 0;
        }

        boolean isSameFile(Known other) {
            return hasFile() && dev == other.dev && ino == other.ino && generation == other.generation;
        }
    }

    KnownNames(Scratch scratch) throws IOException {
        names = new LongTable(scratch, 8);
        heads = new LongTable(scratch, 1);
        heads.resize(FIRST_HEADS);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    /** Returns what is known of a name, or null. */
    Known get(String path) {
        int name = find(path);
        if (name == NONE) {
            return null;
        }
        used(name, ++uses);
        return known(name);
    }

    /**
     * Adds a name or replaces what was known of it.
     *
     * @param position of the record that has its text
     * @param text which text of that record
     */
    void put(String path, Known known, long position, int text) throws IOException {
        set(path, known, position << 2 | text, ++uses);
    }

    /** Adds a name from the keyframe, which has those used last first; {@code position} is that of a file record. */
    void putFromKeyframe(String path, Known known, long position) throws IOException {
        set(path, known, ~(position << 2 | FILE_PATH), --usesBefore);
    }

    /** Removes a name and returns what was known of it, or null. */
    Known remove(String path) {
        int name = find(path);
        if (name == NONE) {
            return null;
        }
        Known known = known(name);
        int next = next(name);
        int before = (int) heads.get(slot(), 0) - 1;
        if (before == name) {
            heads.set(slot(), 0, next + 1);
        } else {
            while (next(before) != name) {
                before = next(before);
            }
            link(before, next);
        }
        link(name, free);
        names.set(name, PLACE, 0);
        free = name;
        size--;
        return known;
    }

    /** Lists all names by their last use, the one used last first: pairs of which the second is for the other methods. */
    void list(PairList byUse) throws IOException {
        for (int name = 0; name < names.size(); name++) {
            if (names.get(name, PLACE) != 0) {
                byUse.add(-(names.get(name, USE_NEXT) >> Integer.SIZE), name);
            }
        }
        byUse.sort();
    }

    /** Returns what is known of a listed name. */
    Known known(int name) {
        long devGeneration = names.get(name, DEV_GENERATION);
        long modeMagic = names.get(name, MODE_MAGIC);
        return new Known((int) (devGeneration >> Integer.SIZE), names.get(name, INO), (int) devGeneration,
                (int) (modeMagic >> Integer.SIZE), (int) modeMagic, (int) names.get(name, ROW));
    }

    /** Returns whether the text of a listed name is in the keyframe and not in the segment. */
    boolean isInKeyframe(int name) {
        return names.get(name, PLACE) < 0;
    }

    /** Returns the position of the record that has the text of a listed name. */
    long position(int name) {
        return place(name) >>> 2;
    }

    /** Returns which text of that record it is. */
    int text(int name) {
        return (int) place(name) & 3;
    }

    private long place(int name) {
        long place = names.get(name, PLACE);
        return place < 0 ? ~place : place;
    }

    private void set(String path, Known known, long place, int use) throws IOException {
        int name = find(path);
        if (name == NONE) {
            name = insert();
        }
        names.set(name, INO, known.ino());
        names.set(name, DEV_GENERATION, (long) known.dev() << Integer.SIZE | known.generation() & LOW);
        names.set(name, MODE_MAGIC, (long) known.mode() << Integer.SIZE | known.magic() & LOW);
        names.set(name, ROW, known.row());
        names.set(name, PLACE, place);
        used(name, use);
    }

    /** Makes a name of the hash last looked for. */
    private int insert() throws IOException {
        if (size >= heads.size()) {
            grow();
        }
        int name = free;
        if (name == NONE) {
            name = names.add();
        } else {
            free = next(name);
        }
        names.set(name, HASH, hash);
        names.set(name, HASH_LOW, hashLow);
        link(name, (int) heads.get(slot(), 0) - 1);
        heads.set(slot(), 0, name + 1);
        size++;
        return name;
    }

    /** Returns a name, or {@link #NONE}; its hash stays in {@link #hash} and {@link #hashLow}. */
    private int find(String path) {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(path.getBytes(StandardCharsets.US_ASCII)));
        hash = digest.getLong();
        hashLow = digest.getLong();
        int name = (int) heads.get(slot(), 0) - 1;
        while (name != NONE && (names.get(name, HASH) != hash || names.get(name, HASH_LOW) != hashLow)) {
            name = next(name);
        }
        return name;
    }

    private int slot() {
        return slot(hash);
    }

    private int slot(long ofHash) {
        return (int) ofHash & heads.size() - 1;
    }

    private int next(int name) {
        return (int) names.get(name, USE_NEXT);
    }

    private void link(int name, int next) {
        names.set(name, USE_NEXT, names.get(name, USE_NEXT) & ~LOW | next & LOW);
    }

    private void used(int name, int use) {
        names.set(name, USE_NEXT, (long) use << Integer.SIZE | names.get(name, USE_NEXT) & LOW);
    }

    /** Doubles the heads: each chain falls apart into two. */
    private void grow() throws IOException {
        int half = heads.size();
        heads.resize(half * 2);
        for (int slot = 0; slot < half; slot++) {
            int name = (int) heads.get(slot, 0) - 1;
            heads.set(slot, 0, 0);
            while (name != NONE) {
                int next = next(name);
                int to = slot(names.get(name, HASH));
                link(name, (int) heads.get(to, 0) - 1);
                heads.set(to, 0, name + 1);
                name = next;
            }
        }
    }
}
