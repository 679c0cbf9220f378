// SPDX-License-Identifier: Apache-2.0
// What is written to a table is what is read from it, whatever the columns are like.
package org.sysinspector.recorder.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sysinspector.capture.Manifest;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

class TableWriterTest {
    private static final TableSchema TABLE = SchemaCatalog.get().table("exec");

    private static final int LONG_TEXT = 4000;
    private static final int LONG_TEXTS = 5_003;
    private static final long MOST_PAGE_BYTES = 4 << 20;

    @TempDir
    private Path temporary;

    /** Columns have {@code distinct} values, mostly the one before where {@code runs}; row groups of some bytes. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, false, 4000000", "2, 1023, 5, false, 4000000", "3, 1025, 300, true, 4000000",
        "4, 60000, 1, false, 4000000", "5, 140000, 3, true, 200000", "6, 70000, 40000, false, 8000000",
        "7, 120000, 2000000000, false, 8000000", "8, 100000, 100, false, 50000"
    })
    void whatIsWrittenIsRead(int seed, int count, int distinct, boolean runs, long rowGroupBytes) throws IOException {
        Path file = temporary.resolve("exec/000001.parquet");
        List<String> expected = new ArrayList<>();
        Manifest.TableFile written;
        try (TableWriter writer = new TableWriter(TABLE, file, Map.of(), rowGroupBytes, 3)) {
            Random random = new Random(seed);
            long[] values = new long[TABLE.columns().size()];
            for (int i = 0; i < count; i++) {
                expected.add(fill(writer.row(), values, random, distinct, runs));
                writer.write();
            }
            written = writer.finish(1);
        }
        assertEquals(count, written.rows());
        List<String> found = TableFiles.rows(file);
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < count; i++) {
            if (!expected.get(i).equals(found.get(i))) {
                assertEquals(expected.get(i), found.get(i), "row " + i + " seed=" + seed);
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        assertEquals(String.format("%08x", crc.getValue()), written.crc32c());
        assertEquals(bytes.length, written.bytes());
    }

    /** Texts that encode short but are long in themselves, and some that repeat: a page is made of all its texts at once. */
    @ParameterizedTest
    @CsvSource({"100000000, 1", "100, 1000"})
    void aPageOfLongTextsHasFewRows(int distinct, int pages) throws IOException {
        Path file = temporary.resolve("exec/000001.parquet");
        int position = TABLE.columnIndex("path");
        try (TableWriter writer = new TableWriter(TABLE, file, Map.of(), 4 << 20, 3)) {
            for (int i = 0; i < LONG_TEXTS; i++) {
                fill(writer.row(), new long[TABLE.columns().size()], new Random(i), 1, false);
                writer.row().set(position, "/" + "p".repeat(LONG_TEXT) + i % distinct);
                writer.write();
            }
            assertEquals(LONG_TEXTS, writer.finish(1).rows());
        }
        List<Integer> values = TableFiles.pageValues(file, position);
        assertEquals(LONG_TEXTS, values.stream().mapToInt(Integer::intValue).sum());
        for (int page = 0; page < Math.min(pages, values.size()); page++) {
            long bytes = (long) values.get(page) * LONG_TEXT;
            assertTrue(bytes < MOST_PAGE_BYTES, "texts of page " + page + " take " + bytes);
        }
    }

    @Test
    void withoutRowsThereIsNoFile() throws IOException {
        Path file = temporary.resolve("exec/000001.parquet");
        try (TableWriter writer = new TableWriter(TABLE, file, Map.of(), 1 << 20, 3)) {
            assertNull(writer.finish(1));
        }
        assertFalse(Files.exists(file.getParent()));
    }

    @Test
    void aMissingValueIsNotWritten() throws IOException {
        Path file = temporary.resolve("exec/000001.parquet");
        try (TableWriter writer = new TableWriter(TABLE, file, Map.of(), 1 << 20, 3)) {
            writer.row().clear();
            writer.write();
            Exception problem = assertThrows(IllegalStateException.class, () -> writer.finish(1));
            assertTrue(problem.getMessage().startsWith("no value for exec."), problem.getMessage());
        }
        assertFalse(Files.exists(file));
    }

    private static String fill(Row row, long[] values, Random random, int distinct, boolean runs) {
        row.clear();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            if (!runs || random.nextInt(20) == 0) {
                values[i] = random.nextInt(distinct);
            }
            ColumnSchema column = TABLE.columns().get(i);
            boolean isAbsent = column.nullable() && values[i] % 3 == 0;
            String value = switch (column.type()) {
                case INT64 -> Long.toString(set(row, i, values[i] * 0x123456789L));
                case INT32 -> Long.toString(set(row, i, (int) (values[i] - 5)));
                case BOOLEAN -> set(row, i, values[i] & 1) == 0 ? "false" : "true";
                case STRING -> {
                    String s = isAbsent ? null : "/path/" + values[i];
                    row.set(i, s);
                    yield s;
                }
                case LIST -> {
                    List<String> elements = new ArrayList<>();
                    for (int e = 0; e < values[i] % 4; e++) {
                        elements.add("a" + (values[i] + e));
                        row.addElement(Binary.fromString("a" + (values[i] + e)));
                    }
                    row.set(i, 0L);
                    yield elements.toString();
                }
            };
            if (!isAbsent) {
                text.append(text.length() == 0 ? "" : " ").append(column.name()).append('=').append(value);
            }
        }
        return text.toString();
    }

    private static long set(Row row, int column, long value) {
        row.set(column, value);
        return value;
    }
}
