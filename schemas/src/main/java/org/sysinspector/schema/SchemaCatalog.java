// SPDX-License-Identifier: Apache-2.0
// All event schemas, as the build compiled them from the declarative files beside this module.
package org.sysinspector.schema;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All event schemas: raw records, tables and the codes they share. Their one source of truth is {@code events/*.yaml},
 * {@code enums.yaml} and {@code rings.yaml}; {@link SchemaCompiler} makes of them what is read here, once. Immutable, so any thread may use it.
 */
public final class SchemaCatalog {
    /** Version of the tables: goes up when a column changes its meaning or goes away. */
    public static final int TABLES_VERSION = 1;

    static final String RESOURCE = "catalog.json";

    private final Map<String, EnumSchema> enums = new LinkedHashMap<>();
    private final Map<String, RecordSchema> records = new LinkedHashMap<>();
    private final Map<String, TableSchema> tables = new LinkedHashMap<>();
    private final List<RingSchema> rings;

    SchemaCatalog(List<EnumSchema> enums, List<RecordSchema> records, List<TableSchema> tables, List<RingSchema> rings) {
        enums.forEach(e -> this.enums.put(e.name(), e));
        records.forEach(r -> this.records.put(r.name(), r));
        tables.forEach(t -> this.tables.put(t.name(), t));
        this.rings = List.copyOf(rings);
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

    /** Returns the kinds of ring that the kernel writes, in the order in which they are drained. */
    public List<RingSchema> rings() {
        return rings;
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

    private static SchemaCatalog read() {
        try (InputStream in = SchemaCatalog.class.getResourceAsStream(RESOURCE)) {
            Lists lists = new ObjectMapper().readValue(in, Lists.class);
            return new SchemaCatalog(lists.enums, lists.records, lists.tables, lists.rings);
        } catch (IOException e) {
            throw new UncheckedIOException("schemas " + RESOURCE, e);
        }
    }

    /** Writes what {@link #get} reads. */
    void write(OutputStream out) throws IOException {
        new ObjectMapper().writeValue(out, new Lists(enums(), records(), tables(), rings));
    }

    /** What a catalog is made of. */
    private record Lists(
            List<EnumSchema> enums, List<RecordSchema> records, List<TableSchema> tables, List<RingSchema> rings) {}

    private static final class Holder {
        static final SchemaCatalog INSTANCE = read();
    }
}
