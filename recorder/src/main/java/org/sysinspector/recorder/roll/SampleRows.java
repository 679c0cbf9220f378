// SPDX-License-Identifier: Apache-2.0
// Makes the rows of the tables clock, loss, pressure and recorder.
package org.sysinspector.recorder.roll;

import org.apache.parquet.io.api.Binary;
import org.sysinspector.recorder.log.Damage;
import org.sysinspector.recorder.parquet.Row;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/** Makes the rows of the tables {@code clock}, {@code loss}, {@code pressure} and {@code recorder}. Belongs to one thread. */
final class SampleRows {
    static final RecordSchema LOSS = SchemaCatalog.get().record("loss");
    static final int LOSS_LOST = LOSS.offset("lost");
    static final int LOSS_CLASS = LOSS.offset("ring_class");
    static final int LOSS_REASON = LOSS.offset("reason");

    static final RecordSchema PRESSURE = SchemaCatalog.get().record("pressure");

    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final TableSchema LOSS_TABLE = CATALOG.table("loss");
    private static final int FROM_COLUMN = LOSS_TABLE.columnIndex("from_ns");
    private static final int TO_COLUMN = LOSS_TABLE.columnIndex("to_ns");
    private static final int CPU_COLUMN = LOSS_TABLE.columnIndex("cpu");
    private static final int CLASS_COLUMN = LOSS_TABLE.columnIndex("class");
    private static final int REASON_COLUMN = LOSS_TABLE.columnIndex("reason");
    private static final int LOST_COLUMN = LOSS_TABLE.columnIndex("lost");
    private static final String[] REASONS = CATALOG.enumeration("loss_reason").names();
    private static final int BLOCK_DAMAGED = CATALOG.enumeration("loss_reason").code("block_damaged");

    private SampleRows() {}

    /** Returns what makes the rows of table clock. */
    static RowFiller clock() {
        RecordCopier copier = new RecordCopier(CATALOG.record("clock"), CATALOG.table("clock"));
        return copier::copy;
    }

    /** Returns what makes the rows of table loss. */
    static RowFiller loss() {
        RecordCopier copier = new RecordCopier(LOSS, LOSS_TABLE);
        int cpu = LOSS.offset("cpu");
        int reason = LOSS.offset("reason");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            int number = r.getInt(at + cpu);
            row.set(CPU_COLUMN, number, number >= 0);
            row.set(CLASS_COLUMN, className(r.getInt(at + LOSS_CLASS)));
            row.set(REASON_COLUMN, RawRecords.name(REASONS, r.getInt(at + reason)));
        };
    }

    /** Fills the row of table loss for a damaged place; where its events are not known, {@code lost} is 0. */
    static void fill(Damage damage, Row row) {
        row.clear();
        row.set(FROM_COLUMN, damage.firstNs());
        row.set(TO_COLUMN, damage.lastNs());
        row.set(CPU_COLUMN, damage.cpu(), damage.cpu() >= 0);
        row.set(CLASS_COLUMN, className(damage.ringClass()));
        row.set(REASON_COLUMN, RawRecords.name(REASONS, BLOCK_DAMAGED));
        row.set(LOST_COLUMN, Math.max(0, damage.events()));
    }

    /** Returns what makes the rows of table pressure. */
    static RowFiller pressure() {
        TableSchema table = CATALOG.table("pressure");
        RecordCopier copier = new RecordCopier(PRESSURE, table);
        String[] modes = CATALOG.enumeration("pressure_mode").names();
        int mode = PRESSURE.offset("mode");
        int used = PRESSURE.offset("used_bytes");
        int modeColumn = table.columnIndex("mode");
        int usedColumn = table.columnIndex("ring_used_bytes");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            row.set(modeColumn, RawRecords.name(modes, r.getInt(at + mode)));
            row.set(usedColumn, r.getLong(at + used));
        };
    }

    /** Returns what makes the rows of table recorder. */
    static RowFiller recorder() {
        RecordSchema record = CATALOG.record("recorder");
        TableSchema table = CATALOG.table("recorder");
        RecordCopier copier = new RecordCopier(record, table);
        Binary process = Binary.fromString("recorder");
        int counted = record.offset("counted_ns");
        int programColumn = table.columnIndex("program");
        int runsColumn = table.columnIndex("run_count");
        int runColumn = table.columnIndex("run_ns");
        int countedColumn = table.columnIndex("counted_ns");
        int cpuColumn = table.columnIndex("cpu_ns");
        int logColumn = table.columnIndex("log_bytes");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            boolean isProcess = row.text(programColumn).equals(process);
            if (isProcess || r.getLong(at + counted) == 0) {
                row.setNull(runsColumn);
                row.setNull(runColumn);
                row.setNull(countedColumn);
            }
            if (!isProcess) {
                row.setNull(cpuColumn);
                row.setNull(logColumn);
            }
        };
    }

    private static String className(int code) {
        return code < 0 ? "unknown" : RawRecords.name(RawRecords.RING_CLASSES, code);
    }
}
