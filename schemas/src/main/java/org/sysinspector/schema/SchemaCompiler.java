// SPDX-License-Identifier: Apache-2.0
// Makes of the declarative files what the programs read: the catalog and the C header.
package org.sysinspector.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads {@code events/*.yaml}, {@code enums.yaml} and {@code rings.yaml} and writes what the programs read of them, sooner than they would read YAML. Run
 * by the build.
 */
public final class SchemaCompiler {
    private SchemaCompiler() {}

    /**
     * Compiles the schemas.
     *
     * @param args the directory of the declarative files, that of the classes, and the header to write
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        SchemaCatalog catalog = catalog(Path.of(args[0]));
        Path compiled = Path.of(args[1], SchemaCatalog.class.getPackageName().replace('.', '/'), SchemaCatalog.RESOURCE);
        try (OutputStream out = Files.newOutputStream(compiled)) {
            catalog.write(out);
        }
        Path header = Path.of(args[2]);
        Files.createDirectories(header.getParent());
        Files.writeString(header, CHeader.of(catalog), StandardCharsets.US_ASCII);
    }

    /**
     * Reads the declarative files of a directory.
     *
     * @throws IOException if one cannot be read
     */
    static SchemaCatalog catalog(Path directory) throws IOException {
        List<EnumSchema> enums = new ArrayList<>();
        for (Map.Entry<?, ?> entry : yaml(directory.resolve("enums.yaml")).entrySet()) {
            String name = (String) entry.getKey();
            Map<?, ?> body = (Map<?, ?>) entry.getValue();
            enums.add(new EnumSchema(name, text(body, "doc"), codes((Map<?, ?>) body.get("values"))));
        }
        List<RecordSchema> records = new ArrayList<>();
        List<TableSchema> tables = new ArrayList<>();
        for (Map<?, ?> root : events(directory.resolve("events"))) {
            for (Object item : (List<?>) root.get("records")) {
                records.add(recordSchema((Map<?, ?>) item));
            }
            tables.add(tableSchema(text(root, "name"), (Map<?, ?>) root.get("table")));
        }
        List<RingSchema> rings = new ArrayList<>();
        for (Object item : (List<?>) load(directory.resolve("rings.yaml"))) {
            rings.add(ringSchema((Map<?, ?>) item));
        }
        return new SchemaCatalog(enums, records, tables, rings);
    }

    /** Returns what the files of a directory say, in the order that each gives itself. */
    private static List<Map<?, ?>> events(Path directory) throws IOException {
        List<Map<?, ?>> events = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.yaml")) {
            for (Path file : files) {
                Map<?, ?> event = yaml(file);
                if (!file.getFileName().toString().equals(event.get("name") + ".yaml")) {
                    throw new IllegalStateException(file + ": its name is " + event.get("name"));
                }
                events.add(event);
            }
        }
        events.sort(Comparator.comparing(event -> (Integer) event.get("order")));
        return events;
    }

    private static RingSchema ringSchema(Map<?, ?> body) {
        String[] share = text(body, "share").split("/");
        return new RingSchema(text(body, "class"), text(body, "map"), text(body, "cpu").equals("each"),
                Integer.parseInt(share[0]), Integer.parseInt(share[1]), (Integer) body.get("least_bytes"),
                text(body, "drain").equals("until_empty"), text(body, "doc"));
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
                Boolean.TRUE.equals(body.get("tail")), fields, text(body, "doc"));
    }

    private static TableSchema tableSchema(String name, Map<?, ?> body) {
        List<ColumnSchema> columns = new ArrayList<>();
        for (Object item : (List<?>) body.get("columns")) {
            Map<?, ?> column = (Map<?, ?>) item;
            columns.add(new ColumnSchema(text(column, "name"), ColumnType.of(text(column, "type")),
                    text(column, "unit"), Boolean.TRUE.equals(column.get("nullable")), text(column, "doc")));
        }
        return new TableSchema(name, text(body, "doc"), Boolean.TRUE.equals(body.get("cut")),
                Boolean.TRUE.equals(body.get("events")), columns);
    }

    private static Map<String, Integer> codes(Map<?, ?> values) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        values.forEach((name, code) -> codes.put((String) name, (Integer) code));
        return codes;
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

    private static Map<?, ?> yaml(Path file) throws IOException {
        return (Map<?, ?>) load(file);
    }

    private static Object load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromInputStream(in);
        }
    }
}
