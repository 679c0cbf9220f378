// SPDX-License-Identifier: Apache-2.0
// Which file had which name from when to when: the rows of table file.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.recorder.roll.KnownNames.Known;
import org.sysinspector.recorder.spill.LongTable;
import org.sysinspector.recorder.spill.Scratch;

/**
 * Which file had which name from when to when: the rows of table {@code file}, from {@code file} and {@code name_op}
 * records taken in the order of their starts. A name that is known already gives no row. Rows wait for their end (a
 * later rename or unlink) until the segment ends; 48 bytes a row, the text stays in the log. An end that comes in a later
 * segment than its row gives a row of its own: the old path, {@code since_ns} = {@code until_ns}, cause rename or unlink.
 *
 * <p>Renaming a directory ends and makes the name of the directory only; the rows of what is in it stay as they are.
 * Belongs to one thread.
 */
final class NameHistory implements BlockList.Visitor {
    private static final long RENAME_EXCHANGE = 2;
    private static final int KIND = 0;
    private static final int POSITION = 1;
    private static final int UNTIL = 2;
    private static final int INO = 3;
    private static final int DEV_GENERATION = 4;
    private static final int MODE_MAGIC = 5;
    private static final long LOW = 0xFFFFFFFFL;

    private final KnownNames names;
    private final LogWindow log;
    private final NameHistoryWriter writer;
    private final PathText text = new PathText();
    private final LongTable rows;

    NameHistory(KnownNames names, LogWindow log, Scratch scratch, TableWriter writer) {
        this.names = names;
        this.log = log;
        this.rows = new LongTable(scratch, 6);
        this.writer = new NameHistoryWriter(writer);
    }

    @Override
    public void record(ByteBuffer record, int at, long position, int type) throws IOException {
        if (type == FileFields.RECORD.type()) {
            seen(record, at, position);
        } else if (record.getInt(at + NameOpFields.RET) == 0) {
            done(record, at, position);
        }
    }

    /** Writes the rows. */
    void finish() throws IOException {
        for (int i = 0; i < rows.size(); i++) {
            int at = log.record(rows.get(i, POSITION));
            writer.write(log.buffer(), at, (int) rows.get(i, KIND), rows.get(i, UNTIL), file(i));
        }
    }

    private void seen(ByteBuffer record, int at, long position) throws IOException {
        Known file = Known.of(record, at);
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
        int row = Known.NO_ROW;
        if (known != null && !known.hasFile() && known.mode() == 0) {
            row = known.row();
        }
        if (row == Known.NO_ROW) {
            row = add(NameHistoryWriter.SEEN, position, file);
        } else {
            // Renamed or linked before it was known which file it is: now it is.
            setFile(row, file);
        }
        names.put(path, file.at(row), position, KnownNames.FILE_PATH);
    }

    private void done(ByteBuffer record, int at, long position) throws IOException {
        int op = record.get(at + NameOpFields.OP) & 0xFF;
        String path = NameOpFields.path(record, at, text);
        if (path == null) {
            return;
        }
        if (op == NameOpFields.UNLINK) {
            Known known = names.remove(path);
            if (known != null && known.row() != Known.NO_ROW) {
                rows.set(known.row(), UNTIL, record.getLong(at + RawRecords.TS));
            }
            add(NameHistoryWriter.UNLINKED, position, known);
            return;
        }
        String newPath = NameOpFields.newPath(record, at, text);
        if (newPath == null) {
            return;
        }
        if (op == NameOpFields.RENAME) {
            rename(record, at, position, path, newPath);
        } else if (op == NameOpFields.LINK) {
            make(NameHistoryWriter.LINKED, position, newPath, KnownNames.SECOND_PATH, names.get(path));
        } else if (op == NameOpFields.SYMLINK) {
            make(NameHistoryWriter.SYMLINKED, position, newPath, KnownNames.SECOND_PATH,
                    new Known(0, 0, 0, PathText.S_IFLNK, 0, Known.NO_ROW));
        }
    }

    private void rename(ByteBuffer record, int at, long position, String path, String newPath)
            throws IOException {
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
        make(NameHistoryWriter.RENAMED, position, newPath, KnownNames.SECOND_PATH, source);
        if ((record.getLong(at + NameOpFields.ARG) & RENAME_EXCHANGE) != 0) {
            make(NameHistoryWriter.EXCHANGED, position, path, KnownNames.FIRST_PATH, target);
        }
    }

    private void make(byte kind, long position, String path, int pathIs, Known file) throws IOException {
        int row = add(kind, position, file);
        names.put(path, file(row).at(row), position, pathIs);
    }

    private void end(Known known, long time, byte kind, long position) throws IOException {
        if (known == null) {
            return;
        }
        if (known.row() != Known.NO_ROW) {
            rows.set(known.row(), UNTIL, time);
        } else {
            add(kind, position, known);
        }
    }

    /** Adds a row for a file, null if it is not known. */
    private int add(byte kind, long position, Known file) throws IOException {
        int row = rows.add();
        rows.set(row, KIND, kind);
        rows.set(row, POSITION, position);
        rows.set(row, UNTIL, NameHistoryWriter.NO_END);
        setFile(row, file == null ? Known.NOTHING : file);
        return row;
    }

    private void setFile(int row, Known file) {
        rows.set(row, INO, file.ino());
        rows.set(row, DEV_GENERATION, (long) file.dev() << Integer.SIZE | file.generation() & LOW);
        rows.set(row, MODE_MAGIC, (long) file.mode() << Integer.SIZE | file.magic() & LOW);
    }

    private Known file(int row) {
        long devGeneration = rows.get(row, DEV_GENERATION);
        long modeMagic = rows.get(row, MODE_MAGIC);
        return new Known((int) (devGeneration >> Integer.SIZE), rows.get(row, INO), (int) devGeneration,
                (int) (modeMagic >> Integer.SIZE), (int) modeMagic, Known.NO_ROW);
    }
}
