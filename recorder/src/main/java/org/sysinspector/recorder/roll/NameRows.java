// SPDX-License-Identifier: Apache-2.0
// Makes the rows of the tables open and name_op.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.recorder.parquet.Row;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/** Makes the rows of the tables {@code open} and {@code name_op}. Belongs to one thread. */
final class NameRows {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final int FLAG_UNREADABLE = 1;
    private static final Binary[] OPERATIONS = RawRecords.binaries(RawRecords.NAME_OPS);

    private final ThreadTable threads;
    private final FileTable files;
    private final PathText text = new PathText();

    NameRows(ThreadTable threads, FileTable files) {
        this.threads = threads;
        this.files = files;
    }

    /** Returns what makes the rows of table open. */
    RowFiller open() {
        RecordSchema record = CATALOG.record("open");
        TableSchema table = CATALOG.table("open");
        RecordCopier copier = new RecordCopier(record, table);
        int latency = record.offset("latency_ns");
        int ret = record.offset("ret");
        int dev = record.offset("dev");
        int ino = record.offset("ino");
        int latencyColumn = table.columnIndex("latency_ns");
        int commColumn = table.columnIndex("comm");
        int pathColumn = table.columnIndex("path");
        int fdColumn = table.columnIndex("fd");
        int devColumn = table.columnIndex("dev");
        int inoColumn = table.columnIndex("ino");
        OpenPath path = new OpenPath(record);
        return (r, at, row) -> {
            copier.copy(r, at, row);
            int result = r.getInt(at + ret);
            boolean isOpen = result >= 0;
            setLatency(r, at, latency, row, latencyColumn);
            row.set(commColumn, comm(r, at, r.getLong(at + latency)));
            row.set(fdColumn, result, isOpen);
            row.set(devColumn, RawRecords.userDevice(r.getInt(at + dev)), isOpen);
            row.set(inoColumn, r.getLong(at + ino), isOpen);
            row.set(pathColumn, path.of(r, at));
        };
    }

    /** Returns what makes the rows of table name_op. */
    RowFiller nameOp() {
        TableSchema table = CATALOG.table("name_op");
        RecordCopier copier = new RecordCopier(NameOpFields.RECORD, table);
        int latencyColumn = table.columnIndex("latency_ns");
        int commColumn = table.columnIndex("comm");
        int opColumn = table.columnIndex("op");
        int pathColumn = table.columnIndex("path");
        int newPathColumn = table.columnIndex("new_path");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            int op = r.get(at + NameOpFields.OP) & 0xFF;
            setLatency(r, at, NameOpFields.LATENCY, row, latencyColumn);
            row.set(commColumn, comm(r, at, r.getLong(at + NameOpFields.LATENCY)));
            row.set(opColumn, op < OPERATIONS.length ? OPERATIONS[op] : Binary.fromString(Integer.toString(op)));
            row.set(pathColumn, NameOpFields.path(r, at, text));
            row.set(newPathColumn, NameOpFields.newPath(r, at, text));
        };
    }

    private static void setLatency(ByteBuffer record, int at, int field, Row row, int column) {
        long latency = record.getLong(at + field);
        row.set(column, latency, latency != IoRecord.NO_LATENCY);
    }

    private Binary comm(ByteBuffer record, int at, long latency) {
        long end = record.getLong(at + RawRecords.TS) + (latency == IoRecord.NO_LATENCY ? 0 : latency);
        int thread = threads.find(record.getInt(at) & RawRecords.TID_MASK, end);
        return thread < 0 ? null : threads.comm(thread);
    }

    /** The path of an open: by the id of the file, else directory and name as given, else unknown. */
    private final class OpenPath {
        private final int fileId;
        private final int flags;
        private final int ret;
        private final int dirLength;
        private final int pathLength;
        private final int tail;

        OpenPath(RecordSchema record) {
            fileId = record.offset("file_id");
            flags = record.offset("path_flags");
            ret = record.offset("ret");
            dirLength = record.offset("dir_len");
            pathLength = record.offset("path_len");
            tail = record.size();
        }

        String of(ByteBuffer record, int at) throws IOException {
            int size = record.getShort(at + pathLength) & 0xFFFF;
            int dirSize = record.getShort(at + dirLength) & 0xFFFF;
            int id = record.getInt(at + fileId);
            if (id != 0) {
                int file = files.find(id);
                if (file >= 0) {
                    return FileFields.path(files.buffer(), file, text);
                }
            }
            // A failed open of "" has an empty name; a success whose file record was lost has none at all.
            boolean isNamed = size > 0
                    || record.getInt(at + ret) < 0 && (record.getInt(at + flags) & FLAG_UNREADABLE) == 0;
            return isNamed ? text.join(record, at + tail, dirSize, at + tail + dirSize, size) : null;
        }
    }
}
