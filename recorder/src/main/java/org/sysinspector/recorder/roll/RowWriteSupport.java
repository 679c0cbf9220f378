// SPDX-License-Identifier: Apache-2.0
// Hands a Row to Parquet, and turns a table schema into Parquet's.
package org.sysinspector.recorder.roll;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.TableSchema;

/** Hands a {@link Row} to Parquet; allocates nothing per row. Belongs to one thread. */
final class RowWriteSupport extends WriteSupport<Row> {
    private final TableSchema table;
    private final Map<String, String> metadata;
    private final String[] names;
    private final ColumnType[] types;
    private final boolean[] nullable;
    private RecordConsumer consumer;

    RowWriteSupport(TableSchema table, Map<String, String> metadata) {
        this.table = table;
        this.metadata = metadata;
        this.names = table.columns().stream().map(ColumnSchema::name).toArray(String[]::new);
        this.nullable = new boolean[names.length];
        for (int i = 0; i < nullable.length; i++) {
            nullable[i] = table.columns().get(i).nullable();
        }
        this.types = table.columns().stream().map(ColumnSchema::type).toArray(ColumnType[]::new);
    }

    /** Returns the Parquet schema of a table. */
    static MessageType schema(TableSchema table) {
        Types.MessageTypeBuilder builder = Types.buildMessage();
        for (ColumnSchema column : table.columns()) {
            builder.addField(field(column));
        }
        return builder.named(table.name());
    }

    private static Type field(ColumnSchema column) {
        Type.Repetition repetition = column.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
        return switch (column.type()) {
            case INT64 -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(column.name());
            case INT32 -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(column.name());
            case BOOLEAN -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(column.name());
            case STRING -> Types.primitive(PrimitiveTypeName.BINARY, repetition)
                    .as(LogicalTypeAnnotation.stringType()).named(column.name());
            case LIST -> Types.list(repetition)
                    .requiredElement(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType())
                    .named(column.name());
        };
    }

    // Parquet marks its Hadoop form deprecated yet abstract: so is this override, which nobody calls.
    @Deprecated
    @Override
    public WriteContext init(Configuration configuration) {
        return new WriteContext(schema(table), metadata);
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(schema(table), metadata);
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(Row row) {
        RecordConsumer out = consumer;
        out.startMessage();
        for (int i = 0; i < types.length; i++) {
            if (row.absent[i]) {
                if (!nullable[i]) {
                    throw new IllegalStateException("no value for " + table.name() + "." + names[i]);
                }
                continue;
            }
            out.startField(names[i], i);
            switch (types[i]) {
                case INT64 -> out.addLong(row.numbers[i]);
                case INT32 -> out.addInteger((int) row.numbers[i]);
                case BOOLEAN -> out.addBoolean(row.numbers[i] != 0);
                case STRING -> out.addBinary(row.texts[i]);
                case LIST -> writeList(out, row);
            }
            out.endField(names[i], i);
        }
        out.endMessage();
    }

    private static void writeList(RecordConsumer out, Row row) {
        out.startGroup();
        if (!row.list.isEmpty()) {
            out.startField("list", 0);
            for (Binary element : row.list) {
                out.startGroup();
                out.startField("element", 0);
                out.addBinary(element);
                out.endField("element", 0);
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }
}
