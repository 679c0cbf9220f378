// SPDX-License-Identifier: Apache-2.0
// Writes the rows of table file.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.sysinspector.recorder.parquet.Row;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.recorder.roll.KnownNames.Known;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/** Writes the rows of table {@code file}: what {@link NameHistory} found, with the text from the log. One thread. */
final class NameHistoryWriter {
    static final TableSchema TABLE = SchemaCatalog.get().table("file");

    /** Kinds of rows: a name in use; new names; names that ended after their row was written, or were unlinked. */
    static final byte SEEN = 0;
    static final byte RENAMED = 1;
    static final byte EXCHANGED = 2;
    static final byte LINKED = 3;
    static final byte SYMLINKED = 4;
    static final byte UNLINKED = 5;
    static final byte MOVED_AWAY = 6;
    static final byte REPLACED = 7;

    /** The end of a name where none is known. */
    static final long NO_END = Long.MIN_VALUE;

    private static final int DEV = TABLE.columnIndex("dev");
    private static final int INO = TABLE.columnIndex("ino");
    private static final int GENERATION = TABLE.columnIndex("generation");
    private static final int PATH = TABLE.columnIndex("path");
    private static final int FILE_TYPE = TABLE.columnIndex("file_type");
    private static final int SINCE = TABLE.columnIndex("since_ns");
    private static final int UNTIL = TABLE.columnIndex("until_ns");
    private static final int CAUSE = TABLE.columnIndex("cause");
    private static final int OLD_PATH = TABLE.columnIndex("old_path");
    private static final int PROC_KEY = TABLE.columnIndex("proc_key");
    private static final int PID = TABLE.columnIndex("pid");
    private static final int EXEC_NO = TABLE.columnIndex("exec_no");
    private static final int SOURCE = TABLE.columnIndex("source");
    private static final String EVENT = "event";
    private static final String SNAPSHOT = "snapshot";

    private final TableWriter writer;
    private final PathText text = new PathText();

    NameHistoryWriter(TableWriter writer) {
        this.writer = writer;
    }

    /** Writes a row. */
    void write(ByteBuffer record, int at, int kind, long until, Known file) throws IOException {
        Row row = writer.row();
        row.clear();
        long time = record.getLong(at + RawRecords.TS);
        row.set(SINCE, time);
        boolean isOver = kind == UNLINKED || kind == MOVED_AWAY || kind == REPLACED;
        row.set(UNTIL, isOver ? time : until, isOver || until != NO_END);
        row.set(DEV, RawRecords.userDevice(file.dev()), file.hasFile());
        row.set(INO, file.ino(), file.hasFile());
        row.set(GENERATION, file.generation() & 0xFFFFFFFFL, file.hasFile());
        row.set(FILE_TYPE, file.hasFile() || file.mode() != 0
                ? FileFields.TYPES.get(RawRecords.fileType(file.mode())) : null);
        if (kind == SEEN) {
            setSeen(record, at, row);
        } else {
            setOperation(record, at, kind, row);
        }
        writer.write();
    }

    private void setSeen(ByteBuffer record, int at, Row row) {
        String cause = RawRecords.name(RawRecords.CAUSES, record.get(at + FileFields.CAUSE) & 0xFF);
        row.set(PATH, FileFields.path(record, at, text));
        row.set(CAUSE, cause);
        row.set(SOURCE, cause.equals(SNAPSHOT) ? SNAPSHOT : EVENT);
        setProcess(row, record.getLong(at + FileFields.PROC_KEY), record.getInt(at + FileFields.EXEC_NO));
    }

    private void setOperation(ByteBuffer record, int at, int kind, Row row) {
        String path = NameOpFields.path(record, at, text);
        String newPath = NameOpFields.newPath(record, at, text);
        boolean isNew = kind == RENAMED || kind == LINKED || kind == SYMLINKED || kind == REPLACED;
        row.set(PATH, isNew ? newPath : path);
        if (kind == RENAMED || kind == LINKED) {
            row.set(OLD_PATH, path);
        } else if (kind == EXCHANGED) {
            row.set(OLD_PATH, newPath);
        }
        row.set(CAUSE, switch (kind) {
            case LINKED -> "link";
            case SYMLINKED -> "create";
            case UNLINKED -> "unlink";
            default -> "rename";
        });
        row.set(SOURCE, EVENT);
        setProcess(row, record.getLong(at + NameOpFields.PROC_KEY), record.getInt(at + NameOpFields.EXEC_NO));
    }

    private static void setProcess(Row row, long key, int execNo) {
        row.set(PROC_KEY, key, key != 0);
        row.set(PID, RawRecords.pid(key), key != 0);
        row.set(EXEC_NO, execNo, key != 0);
    }
}
