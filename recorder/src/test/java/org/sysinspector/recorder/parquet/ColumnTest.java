// SPDX-License-Identifier: Apache-2.0
// Columns of every kind of value are read by DuckDB as they were written, and are encoded as suits them.
package org.sysinspector.recorder.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

class ColumnTest {
    private static final TableSchema TABLE = SchemaCatalog.get().table("io");
    /** Some batches, several pages, and not a whole number of either. */
    private static final int ROWS = 150_001;
    private static final int CHANGE = 70_000;
    private static final List<String> COLUMNS = List.of("ino", "fd", "comm");

    @TempDir
    private Path temporary;

    /** What values are like, and whether pages with and without a dictionary come of them. */
    private enum Kind {
        ONE_VALUE(true, false),
        ALTERNATING(true, false),
        RANDOM_FEW(true, false),
        RANDOM_SOME(true, false),
        RANDOM_MANY(false, true),
        ASCENDING(false, true),
        FEW_THEN_MANY(true, true),
        MOSTLY_ABSENT(true, false),
        ALL_ABSENT(false, true);

        private final boolean isDictionary;
        private final boolean isDirect;

        Kind(boolean isDictionary, boolean isDirect) {
            this.isDictionary = isDictionary;
            this.isDirect = isDirect;
        }

        /** Returns the value of a row; negative ones are absent where that is possible. */
        long value(int row, Random random) {
            return switch (this) {
                case ONE_VALUE -> 7;
                case ALTERNATING -> row & 1;
                case RANDOM_FEW -> random.nextInt(200);
                case RANDOM_SOME -> random.nextInt(900) * 1_000_003L & Integer.MAX_VALUE;
                case RANDOM_MANY -> random.nextInt(Integer.MAX_VALUE);
                case ASCENDING -> row * 3L + random.nextInt(3);
                case FEW_THEN_MANY -> row < CHANGE ? row / 100 % 5 : random.nextInt(Integer.MAX_VALUE);
                case MOSTLY_ABSENT -> row % 1000 == 999 ? row / 50_000 : -1;
                case ALL_ABSENT -> -1;
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void valuesAreReadAsTheyWereWritten(Kind kind) throws IOException, SQLException {
        Path file = temporary.resolve("io/000001.parquet");
        List<Long> written = write(kind, file);
        assertEquals(written, read(file, "ino"), "ino of " + kind);
        assertEquals(written.stream().map(v -> v == null ? -1 : v).toList(), read(file, "fd"), "fd of " + kind);
        assertEquals(written, read(file, "CAST(substr(comm, 2) AS BIGINT)"), "comm of " + kind);
        // Of fd no value is absent: -1 stands for that, and is a value like any other.
        for (String column : kind == Kind.ALL_ABSENT ? List.of("ino", "comm") : COLUMNS) {
            EncodingStats pages = pages(file, column);
            assertEquals(kind.isDictionary, pages.hasDictionaryEncodedPages(), column + " of " + kind);
            assertEquals(kind.isDirect, pages.hasNonDictionaryEncodedPages(), column + " of " + kind);
        }
        checkStatistics(file);
    }

    private static List<Long> write(Kind kind, Path file) throws IOException {
        Random random = new Random(11);
        List<Long> values = new ArrayList<>();
        try (TableWriter writer = new TableWriter(TABLE, file, Map.of(), 16 << 20, 3)) {
            Row row = writer.row();
            int ino = TABLE.columnIndex("ino");
            int fd = TABLE.columnIndex("fd");
            int comm = TABLE.columnIndex("comm");
            int op = TABLE.columnIndex("op");
            int dir = TABLE.columnIndex("dir");
            for (int i = 0; i < ROWS; i++) {
                row.clear();
                for (String name : List.of("ts_ns", "tid", "bytes", "ret", "ops")) {
                    row.set(TABLE.columnIndex(name), i);
                }
                row.set(op, "read");
                row.set(dir, "r");
                long value = kind.value(i, random);
                row.set(fd, value);
                row.set(ino, value, value >= 0);
                // Another object every time, as of another thread of the same name.
                row.set(comm, value < 0 ? null : Binary.fromString("c" + value));
                values.add(value < 0 ? null : value);
                writer.write();
            }
            assertEquals(ROWS, writer.finish(1).rows());
        }
        return values;
    }

    private static List<Long> read(Path file, String expression) throws SQLException {
        List<Long> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + expression + " FROM read_parquet('" + file + "') ORDER BY ts_ns")) {
            while (rows.next()) {
                long value = rows.getLong(1);
                values.add(rows.wasNull() ? null : value);
            }
        }
        return values;
    }

    private static EncodingStats pages(Path file, String column) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).withCodecFactory(new ZstdCodec(1)).build())) {
            assertEquals(1, reader.getRowGroups().size());
            return reader.getRowGroups().get(0).getColumns().stream()
                    .filter(c -> c.getPath().toDotString().equals(column)).findFirst().orElseThrow().getEncodingStats();
        }
    }

    /** What the footer says of numbers is true of the values. */
    private static void checkStatistics(Path file) throws SQLException {
        for (String column : List.of("ino", "fd", "ts_ns")) {
            String query = "SELECT stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata('" + file
                    + "') WHERE path_in_schema = '" + column + "'";
            // All values are read and compared: DuckDB takes min and max of a bare column from the footer.
            String truth = "SELECT CAST(min(v) AS VARCHAR), CAST(max(v) AS VARCHAR), count(*) - count(v) FROM (SELECT "
                    + column + " + 0 AS v FROM read_parquet('" + file + "'))";
            assertEquals(row(truth), row(query), column);
        }
    }

    private static List<String> row(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            rows.next();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                values.add(rows.getString(i));
            }
            return values;
        }
    }
}
