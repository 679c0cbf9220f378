// SPDX-License-Identifier: Apache-2.0
// Which file had which name from when to when: the rows of table file.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.recorder.roll.KnownNames.Known;

/**
 * Which file had which name from when to when: the rows of table {@code file}, from {@code file} and {@code name_op}
 * records taken in the order of their starts. A name that is known already gives no row. Rows wait for their end (a
 * later rename or unlink) until the segment ends or {@link #MAX_ROWS} wait; about 80 bytes a row, the text stays in
 * the log. An end that comes later than its row gives a row of its own: the old path, {@code since_ns} = {@code
 * until_ns}, cause rename or unlink.
 *
 * <p>Renaming a directory ends and makes the name of the directory only; the rows of what is in it stay as they are.
 * Belongs to one thread.
 */
final class NameHistory implements BlockList.Visitor {
    static final int MAX_ROWS = 1 << 16;
    private static final long RENAME_EXCHANGE = 2;

    private final KnownNames names;
    private final LogWindow log;
    private final NameHistoryWriter writer;
    private final PathText text = new PathText();
    private long flushed;
    private int size;
    private byte[] kinds = new byte[256];
    private long[] positions = new long[256];
    private long[] untils = new long[256];
    private Known[] files = new Known[256];

    NameHistory(KnownNames names, LogWindow log, TableWriter writer) {
        this.names = names;
        this.log = log;
        this.writer = new NameHistoryWriter(writer);
    }

    @Override
    public void record(ByteBuffer record, int at, long position, int type) throws IOException {
        if (type == FileFields.RECORD.type()) {
            seen(record, at, position);
        } else if (record.getInt(at + NameOpFields.RET) == 0) {
            done(record, at, position);
        }
        // One operation gives four rows at most.
        if (size + 4 > MAX_ROWS) {
            flush();
        }
    }

    /** Writes the rows that wait. */
    void flush() throws IOException {
        for (int i = 0; i < size; i++) {
            int at = log.record(positions[i]);
            writer.write(log.buffer(), at, kinds[i], untils[i], files[i]);
        }
        Arrays.fill(files, 0, size, null);
        flushed += size;
        size = 0;
    }

    private void seen(ByteBuffer record, int at, long position) {
        Known file = new Known(record.getInt(at + FileFields.DEV), record.getLong(at + FileFields.INO),
                record.getInt(at + FileFields.GENERATION), FileFields.mode(record, at),
                record.getInt(at + FileFields.FS_MAGIC));
        if ((record.get(at + FileFields.FLAGS) & FileFields.FLAG_DELETED) != 0) {
            // The name is gone; whatever has it now is another file.
            add(NameHistoryWriter.SEEN, position, file);
            return;
        }
        String path = FileFields.path(record, at, text);
        Known known = names.get(path);
        if (known != null && known.isSameFile(file)) {
            return;
        }
        if (known != null && !known.hasFile() && known.mode == 0 && known.row >= flushed) {
            // Renamed or linked before it was known which file it is: now it is.
            files[(int) (known.row - flushed)] = file;
            file.row = known.row;
        } else {
            file.row = add(NameHistoryWriter.SEEN, position, file);
        }
        names.put(path, file);
    }

    private void done(ByteBuffer record, int at, long position) {
        int op = record.get(at + NameOpFields.OP) & 0xFF;
        String path = NameOpFields.path(record, at, text);
        if (path == null) {
            return;
        }
        if (op == NameOpFields.UNLINK) {
            Known known = names.remove(path);
            if (known != null && known.row >= flushed) {
                untils[(int) (known.row - flushed)] = record.getLong(at + RawRecords.TS);
            }
            add(NameHistoryWriter.UNLINKED, position, Known.like(known));
            return;
        }
        String newPath = NameOpFields.newPath(record, at, text);
        if (newPath == null) {
            return;
        }
        if (op == NameOpFields.RENAME) {
            rename(record, at, position, path, newPath);
        } else if (op == NameOpFields.LINK) {
            make(NameHistoryWriter.LINKED, position, newPath, names.get(path));
        } else if (op == NameOpFields.SYMLINK) {
            make(NameHistoryWriter.SYMLINKED, position, newPath, new Known(0, 0, 0, PathText.S_IFLNK, 0));
        }
    }

    private void rename(ByteBuffer record, int at, long position, String path, String newPath) {
        Known source = names.get(path);
        Known target = names.get(newPath);
        // Two names of one file: rename does nothing then.
        if (path.equals(newPath) || source != null && target != null && source.isSameFile(target)) {
            return;
        }
        long time = record.getLong(at + RawRecords.TS);
        names.remove(path);
        end(source, time, NameHistoryWriter.MOVED_AWAY, position);
        end(target, time, NameHistoryWriter.REPLACED, position);
        make(NameHistoryWriter.RENAMED, position, newPath, source);
        if ((record.getLong(at + NameOpFields.ARG) & RENAME_EXCHANGE) != 0) {
            make(NameHistoryWriter.EXCHANGED, position, path, target);
        }
    }

    private void make(byte kind, long position, String path, Known file) {
        Known known = Known.like(file);
        known.row = add(kind, position, known);
        names.put(path, known);
    }

    private void end(Known known, long time, byte kind, long position) {
        if (known == null) {
            return;
        }
        if (known.row >= flushed) {
            untils[(int) (known.row - flushed)] = time;
        } else {
            add(kind, position, Known.like(known));
        }
    }

    private long add(byte kind, long position, Known file) {
        if (size == kinds.length) {
            int capacity = SortableArrays.grown(size);
            kinds = Arrays.copyOf(kinds, capacity);
            positions = Arrays.copyOf(positions, capacity);
            untils = Arrays.copyOf(untils, capacity);
            files = Arrays.copyOf(files, capacity);
        }
        kinds[size] = kind;
        positions[size] = position;
        untils[size] = NameHistoryWriter.NO_END;
        files[size] = file;
        return flushed + size++;
    }
}
