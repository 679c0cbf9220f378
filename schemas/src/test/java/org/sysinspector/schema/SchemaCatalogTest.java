// SPDX-License-Identifier: Apache-2.0
// Are the event schemas complete and free of contradictions?
package org.sysinspector.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaCatalogTest {
    private final SchemaCatalog catalog = SchemaCatalog.get();

    @Test
    void whatIsReadIsWhatTheDeclarativeFilesSay() throws Exception {
        SchemaCatalog declared = SchemaCompiler.catalog(Path.of(""));

        assertEquals(declared.enums(), catalog.enums());
        assertEquals(declared.records(), catalog.records());
        assertEquals(declared.tables(), catalog.tables());
        assertEquals(declared.rings(), catalog.rings());
    }

    @Test
    void aTableComesAtThePlaceThatItsFileGivesIt() {
        assertEquals(List.of("fork", "exec", "exit", "snapshot", "total", "open", "io", "file", "name_op", "loss", "pressure",
                "clock", "recorder"), catalog.tables().stream().map(TableSchema::name).toList());
    }

    @Test
    void whatIsCutByTimeIsAnEventAndTheFilesSayWhich() {
        assertEquals(List.of("fork", "exec", "exit", "open", "io", "name_op"),
                catalog.tables().stream().filter(TableSchema::events).map(TableSchema::name).toList());
        assertEquals(List.of("open", "io", "name_op"),
                catalog.tables().stream().filter(TableSchema::cut).map(TableSchema::name).toList());
    }

    @Test
    void everyRecordOfTheKernelTravelsInARingThatIsDrained() {
        List<String> drained = catalog.rings().stream().map(RingSchema::ringClass).toList();
        assertEquals(List.of("io", "names", "lifecycle"), drained, "what refers to others first");
        for (RecordSchema record : catalog.records()) {
            assertTrue(record.ring().equals("sample") || drained.contains(record.ring()), record.name());
        }
        for (RingSchema ring : catalog.rings()) {
            assertTrue(ring.parts() > 0 && ring.parts() <= ring.of(), ring.ringClass());
            assertEquals(1, Integer.bitCount(ring.leastBytes()), ring.ringClass());
        }
    }

    @Test
    void everyColumnHasAMeaningAndTimesAndSizesHaveAUnit() {
        for (TableSchema table : catalog.tables()) {
            assertFalse(table.doc().isEmpty(), table.name());
            for (ColumnSchema column : table.columns()) {
                String where = table.name() + "." + column.name();
                assertFalse(column.doc().isEmpty(), where);
                if (column.name().endsWith("_ns")) {
                    assertEquals("ns", column.unit(), where);
                }
                if (column.name().endsWith("bytes")) {
                    assertEquals("bytes", column.unit(), where);
                }
            }
        }
    }

    @Test
    void everyRowWithAKeyHasThePlainPidBesideIt() {
        for (TableSchema table : catalog.tables()) {
            List<String> names = table.columns().stream().map(ColumnSchema::name).toList();
            for (String name : names) {
                if (name.equals("proc_key") || name.endsWith("_key") && !name.equals("proc_key")) {
                    String pid = name.equals("proc_key") ? "pid" : name.replace("_key", "_pid");
                    assertTrue(names.contains(pid), table.name() + "." + name + " without " + pid);
                }
            }
        }
    }

    @Test
    void noTwoRecordsShareATypeAndIoTypesLeaveRoomForTheirBits() {
        Set<Integer> types = new HashSet<>();
        for (RecordSchema schema : catalog.records()) {
            assertTrue(types.add(schema.type()), schema.name());
            assertEquals(schema.name().startsWith("io"), schema.type() >= 0x80, schema.name());
            catalog.enumeration("ring_class").code(schema.ring());
        }
        int operations = catalog.enumeration("io_op").values().size();
        assertTrue(operations <= 32, "io_op has five bits: " + operations);
    }

    @Test
    void namesThatAreNotThereAreRefusedByName() {
        assertEquals("no table nonsense",
                assertThrows(IllegalArgumentException.class, () -> catalog.table("nonsense")).getMessage());
        assertEquals("record io has no field nonsense",
                assertThrows(IllegalArgumentException.class, () -> catalog.record("io").offset("nonsense")).getMessage());
        assertEquals("enum io_op has no value nonsense", assertThrows(IllegalArgumentException.class,
                () -> catalog.enumeration("io_op").code("nonsense")).getMessage());
    }

    @Test
    void theHeaderHasEveryRecordFieldAndCode() {
        String header = CHeader.of(catalog);
        for (RecordSchema schema : catalog.records()) {
            assertTrue(header.contains("struct si_" + schema.name() + " {"), schema.name());
            for (FieldSchema field : schema.fields()) {
                assertTrue(header.contains(" " + field.name() + ";") || header.contains(" " + field.name() + "["),
                        schema.name() + "." + field.name());
            }
        }
        assertTrue(header.contains("SI_IO_OP_COPY_FILE_RANGE = 12,"));
    }
}
