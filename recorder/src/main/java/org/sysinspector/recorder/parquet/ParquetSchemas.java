// SPDX-License-Identifier: Apache-2.0
// Turns a table schema into Parquet's.
package org.sysinspector.recorder.parquet;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.TableSchema;

/**
 * Turns a table schema into Parquet's: columns that may be absent are optional, lists have the standard three
 * levels.
 */
final class ParquetSchemas {
    private ParquetSchemas() {}

    /** Returns the Parquet schema of a table. */
    static MessageType of(TableSchema table) {
        Types.MessageTypeBuilder builder = Types.buildMessage();
        for (ColumnSchema column : table.columns()) {
            builder.addField(field(column));
        }
        return builder.named(table.name());
    }

    /** Returns the path of a column's values in the Parquet schema. */
    static String path(ColumnSchema column) {
        return column.type() == ColumnType.LIST ? column.name() + ".list.element" : column.name();
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
}
