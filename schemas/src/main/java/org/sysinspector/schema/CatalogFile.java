// SPDX-License-Identifier: Apache-2.0
// The compiled form of the schemas, written by the build and read at every start.
package org.sysinspector.schema;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The compiled form of the schemas: the fields of each object in order of declaration, lists with their length first. */
final class CatalogFile {
    private CatalogFile() {}

    static void write(SchemaCatalog catalog, DataOutputStream out) throws IOException {
        out.writeInt(catalog.enums().size());
        for (EnumSchema schema : catalog.enums()) {
            out.writeUTF(schema.name());
            out.writeUTF(schema.doc());
            out.writeInt(schema.values().size());
            for (Map.Entry<String, Integer> value : schema.values().entrySet()) {
                out.writeUTF(value.getKey());
                out.writeInt(value.getValue());
            }
        }
        out.writeInt(catalog.records().size());
        for (RecordSchema schema : catalog.records()) {
            out.writeUTF(schema.name());
            out.writeInt(schema.type());
            out.writeUTF(schema.ring());
            out.writeInt(schema.size());
            out.writeBoolean(schema.tail());
            out.writeInt(schema.fields().size());
            for (FieldSchema field : schema.fields()) {
                out.writeUTF(field.name());
                out.writeUTF(field.ctype());
                out.writeInt(field.offset());
                out.writeInt(field.size());
                out.writeUTF(field.unit());
                out.writeUTF(field.doc());
            }
            out.writeUTF(schema.doc());
        }
        out.writeInt(catalog.tables().size());
        for (TableSchema schema : catalog.tables()) {
            out.writeUTF(schema.name());
            out.writeUTF(schema.doc());
            out.writeInt(schema.columns().size());
            for (ColumnSchema column : schema.columns()) {
                out.writeUTF(column.name());
                out.writeUTF(column.type().name());
                out.writeUTF(column.unit());
                out.writeBoolean(column.nullable());
                out.writeUTF(column.doc());
            }
        }
    }

    static SchemaCatalog read(DataInputStream in) throws IOException {
        List<EnumSchema> enums = list(in, () -> new EnumSchema(in.readUTF(), in.readUTF(), codes(in)));
        List<RecordSchema> records = list(in, () -> new RecordSchema(in.readUTF(), in.readInt(), in.readUTF(), in.readInt(),
                in.readBoolean(), list(in, () -> new FieldSchema(in.readUTF(), in.readUTF(), in.readInt(), in.readInt(),
                        in.readUTF(), in.readUTF())), in.readUTF()));
        List<TableSchema> tables = list(in, () -> new TableSchema(in.readUTF(), in.readUTF(), list(in,
                () -> new ColumnSchema(in.readUTF(), ColumnType.valueOf(in.readUTF()), in.readUTF(), in.readBoolean(),
                        in.readUTF()))));
        return new SchemaCatalog(enums, records, tables);
    }

    private static Map<String, Integer> codes(DataInputStream in) throws IOException {
        Map<String, Integer> codes = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            codes.put(in.readUTF(), in.readInt());
        }
        return Collections.unmodifiableMap(codes);
    }

    private static <T> List<T> list(DataInputStream in, Item<T> item) throws IOException {
        List<T> items = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            items.add(item.read());
        }
        return Collections.unmodifiableList(items);
    }

    /** Reads one item of a list. */
    private interface Item<T> {
        T read() throws IOException;
    }
}
