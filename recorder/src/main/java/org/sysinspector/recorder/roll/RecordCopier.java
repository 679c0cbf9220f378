// SPDX-License-Identifier: Apache-2.0
// Copies the fields of a raw record to the columns of the same name.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.recorder.parquet.Row;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.FieldSchema;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.TableSchema;

/**
 * Copies the fields of a raw record to the columns of the same name: numbers with the sign of their C type, char
 * arrays as text up to the first NUL. Also fills {@code pid} and {@code tid}. Whatever differs from that (devices,
 * paths, absent values) is for the table's own code to set afterwards. Belongs to one thread.
 */
final class RecordCopier {
    private final int[] columns;
    private final int[] offsets;
    private final int[] sizes;
    private final boolean[] signed;
    private final boolean[] text;
    private final int pid;
    private final int tid;
    private final int procKey;
    private final PathText names = new PathText();

    RecordCopier(RecordSchema record, TableSchema table) {
        List<FieldSchema> fields = new ArrayList<>();
        int pidColumn = -1;
        int tidColumn = -1;
        for (ColumnSchema column : table.columns()) {
            if (column.name().equals("pid")) {
                pidColumn = table.columnIndex("pid");
            } else if (column.name().equals("tid")) {
                tidColumn = table.columnIndex("tid");
            }
            record.fields().stream().filter(f -> f.name().equals(column.name()))
                    .filter(f -> f.ctype().startsWith("char") == (column.type() == ColumnType.STRING))
                    .forEach(fields::add);
        }
        pid = pidColumn;
        tid = tidColumn;
        procKey = pid < 0 ? -1 : record.offset("proc_key");
        columns = fields.stream().mapToInt(f -> table.columnIndex(f.name())).toArray();
        offsets = fields.stream().mapToInt(FieldSchema::offset).toArray();
        sizes = fields.stream().mapToInt(FieldSchema::size).toArray();
        signed = new boolean[fields.size()];
        text = new boolean[fields.size()];
        for (int i = 0; i < signed.length; i++) {
            signed[i] = fields.get(i).ctype().startsWith("s");
            text[i] = fields.get(i).ctype().startsWith("char");
        }
    }

    /** Clears a row and fills what the record says by name. */
    void copy(ByteBuffer record, int at, Row row) {
        row.clear();
        for (int i = 0; i < columns.length; i++) {
            if (text[i]) {
                row.set(columns[i], names.name(record, at + offsets[i], sizes[i]));
            } else {
                row.set(columns[i], number(record, at + offsets[i], sizes[i], signed[i]));
            }
        }
        if (pid >= 0) {
            row.set(pid, RawRecords.pid(record.getLong(at + procKey)));
        }
        if (tid >= 0) {
            row.set(tid, record.getInt(at) & RawRecords.TID_MASK);
        }
    }

    private static long number(ByteBuffer record, int at, int size, boolean signed) {
        return switch (size) {
            case Byte.BYTES -> record.get(at) & 0xFFL;
            case Short.BYTES -> record.getShort(at) & 0xFFFFL;
            case Integer.BYTES -> signed ? record.getInt(at) : record.getInt(at) & 0xFFFFFFFFL;
            default -> record.getLong(at);
        };
    }
}
