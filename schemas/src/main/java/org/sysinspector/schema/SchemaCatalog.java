// SPDX-License-Identifier: Apache-2.0
// All event schemas, read from the declarative files beside this module.
package org.sysinspector.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * All event schemas: raw records, tables and the codes they share. Read once from {@code events/*.yaml} and
 * {@code enums.yaml}, the one source of truth. Immutable, so any thread may use it.
 */
public final class SchemaCatalog {
    /** Version of the tables: goes up when a column changes its meaning or goes away. */
    public static final int TABLES_VERSION = 1;

    private static final List<String> EVENTS = List.of(
            "fork", "exec", "exit", "snapshot", "total", "open", "io", "file", "name_op", "loss", "pressure", "clock",
            "recorder");

    private final Map<String, EnumSchema> enums = new LinkedHashMap<>();
    private final Map<String, RecordSchema> records = new LinkedHashMap<>();
    private final Map<String, TableSchema> tables = new LinkedHashMap<>();

    private SchemaCatalog() {
        for (Map.Entry<?, ?> entry : yaml("enums.yaml").entrySet()) {
            String name = (String) entry.getKey();
            Map<?, ?> body = (Map<?, ?>) entry.getValue();
            enums.put(name, new EnumSchema(name, text(body, "doc"), codes((Map<?, ?>) body.get("values"))));
        }
        for (String event : EVENTS) {
            Map<?, ?> root = yaml("events/" + event + ".yaml");
            for (Object item : (List<?>) root.get("records")) {
                RecordSchema schema = recordSchema((Map<?, ?>) item);
                records.put(schema.name(), schema);
            }
            tables.put(event, tableSchema(event, (Map<?, ?>) root.get("table")));
        }
    }

    /** Returns the catalog; it is read on the first call. */
    public static SchemaCatalog get() {
        return Holder.INSTANCE;
    }

    /** Returns all tables, in reading order. */
    public List<TableSchema> tables() {
        return List.copyOf(tables.values());
    }

    /** Returns all raw records. */
    public List<RecordSchema> records() {
        return List.copyOf(records.values());
    }

    /** Returns all enumerations. */
    public List<EnumSchema> enums() {
        return List.copyOf(enums.values());
    }

    /**
     * Returns a table.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public TableSchema table(String name) {
        return found(tables.get(name), "table", name);
    }

    /**
     * Returns a raw record.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public RecordSchema record(String name) {
        return found(records.get(name), "record", name);
    }

    /**
     * Returns an enumeration.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public EnumSchema enumeration(String name) {
        return found(enums.get(name), "enum", name);
    }

    private static <T> T found(T value, String kind, String name) {
        if (value == null) {
            throw new IllegalArgumentException("no " + kind + " " + name);
        }
        return value;
    }

    private static RecordSchema recordSchema(Map<?, ?> body) {
        String name = text(body, "name");
        List<FieldSchema> fields = new ArrayList<>();
        int offset = 0;
        for (Object item : (List<?>) body.get("fields")) {
            Map<?, ?> field = (Map<?, ?>) item;
            String ctype = text(field, "c");
            int size = sizeOf(ctype);
            if (!ctype.startsWith("char") && offset % size != 0) {
                throw new IllegalStateException("record " + name + ": gap before field " + field.get("name"));
            }
            fields.add(new FieldSchema(
                    text(field, "name"), ctype, offset, size, text(field, "unit"), text(field, "doc")));
            offset += size;
        }
        if (offset % 8 != 0) {
            throw new IllegalStateException("record " + name + ": size " + offset + " is not a multiple of 8");
        }
        return new RecordSchema(name, (Integer) body.get("type"), text(body, "ring"), offset,
                Boolean.TRUE.equals(body.get("tail")), List.copyOf(fields), text(body, "doc"));
    }

    private static TableSchema tableSchema(String name, Map<?, ?> body) {
        List<ColumnSchema> columns = new ArrayList<>();
        for (Object item : (List<?>) body.get("columns")) {
            Map<?, ?> column = (Map<?, ?>) item;
            columns.add(new ColumnSchema(text(column, "name"), ColumnType.of(text(column, "type")),
                    text(column, "unit"), Boolean.TRUE.equals(column.get("nullable")), text(column, "doc")));
        }
        return new TableSchema(name, text(body, "doc"), List.copyOf(columns));
    }

    private static Map<String, Integer> codes(Map<?, ?> values) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        values.forEach((name, code) -> codes.put((String) name, (Integer) code));
        return Collections.unmodifiableMap(codes);
    }

    private static int sizeOf(String ctype) {
        return switch (ctype) {
            case "u8" -> 1;
            case "u16" -> 2;
            case "u32", "s32" -> 4;
            case "u64", "s64" -> 8;
            default -> Integer.parseInt(ctype.substring("char[".length(), ctype.length() - 1));
        };
    }

    private static String text(Map<?, ?> body, String key) {
        Object value = body.get(key);
        return value == null ? "" : value.toString().strip();
    }

    private static Map<?, ?> yaml(String resource) {
        try (InputStream in = SchemaCatalog.class.getResourceAsStream(resource)) {
            return (Map<?, ?>) new Load(LoadSettings.builder().setLabel(resource).build()).loadFromInputStream(in);
        } catch (IOException e) {
            throw new UncheckedIOException("schema " + resource, e);
        }
    }

    private static final class Holder {
        static final SchemaCatalog INSTANCE = new SchemaCatalog();
    }
}
