// SPDX-License-Identifier: Apache-2.0
// What the database may reach, and what it leaves behind.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.DatabaseOptions;
import org.sysinspector.analyzer.database.TimePoint;
import org.sysinspector.capture.ManifestFile;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

class CaptureDatabaseTest {
    @TempDir
    Path temp;

    @Test
    void itReachesNeitherTheNetworkNorOtherFiles() throws Exception {
        Path capture = Fixture.of("build").write(temp.resolve("capture"));
        Path secret = Files.writeString(temp.resolve("secret.csv"), "a\n1\n");
        try (CaptureDatabase database = CaptureDatabase.open(capture, DatabaseOptions.defaults())) {
            for (String setting : List.of("autoinstall_known_extensions", "autoload_known_extensions",
                    "enable_external_access")) {
                assertEquals("false", value(database, "SELECT current_setting('" + setting + "')"), setting);
            }
            assertEquals("true", value(database, "SELECT current_setting('lock_configuration')"));
            for (String statement : List.of("SELECT * FROM read_csv('" + secret + "')", "INSTALL httpfs", "LOAD httpfs",
                    "SELECT * FROM read_parquet('https://localhost/x.parquet')",
                    "COPY (SELECT 1) TO '" + temp.resolve("out.csv") + "'", "ATTACH '" + temp.resolve("x.db") + "'",
                    "SET enable_external_access = true", "SET memory_limit = '100GiB'")) {
                assertThrows(SQLException.class, () -> value(database, statement), statement);
            }
        }
    }

    @Test
    void itStaysWithinItsMemoryAndSpillsToADirectoryThatGoesAway() throws Exception {
        Path capture = Fixture.of("build").write(temp.resolve("capture"));
        DatabaseOptions options = DatabaseOptions.defaults().withBounds(64L << 20, 1L << 30);
        Path directory;
        try (CaptureDatabase database = CaptureDatabase.open(capture, options)) {
            directory = database.result().getParent();
            assertEquals("64.0 MiB", value(database, "SELECT current_setting('memory_limit')"));
            assertEquals(directory.resolve("spill").toString(),
                    value(database, "SELECT current_setting('temp_directory')"));
            assertEquals("2000000", value(database, "SELECT count(*) FROM (SELECT range AS a, hash(range) AS b, "
                    + "'some text to carry along ' || range AS c FROM range(2000000) ORDER BY b, c) WHERE c <> ''"));
            value(database, "CREATE TABLE spilled AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(8000000)");
            assertTrue(Files.exists(directory.resolve("spill")), "nothing was spilled");
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void aCaptureThatCannotBeOpenedLeavesNoDirectoryBehind() throws Exception {
        Path capture = Fixture.of("build").write(temp.resolve("capture"));
        Path file = capture.resolve("tables/io/000001.parquet");
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, bytes.length - 60, bytes.length - 8, (byte) 0xff);
        Files.write(file, bytes);
        List<Path> before = temporaryDirectories();
        assertEquals(1, Cli.run("report", capture).code());
        assertEquals(before, temporaryDirectories());
    }

    @Test
    void aTableWithoutFilesIsEmptyWithItsColumns() throws Exception {
        Path capture = new Fixture().write(temp.resolve("capture"));
        try (CaptureDatabase database = CaptureDatabase.open(capture, DatabaseOptions.defaults())) {
            for (TableSchema table : SchemaCatalog.get().tables()) {
                String columns = String.join(",", table.columns().stream()
                        .map(c -> c.name() + " " + c.type().sqlName()).toList());
                assertEquals(columns, value(database, "SELECT string_agg(column_name || ' ' || column_type, ',') "
                        + "FROM (DESCRIBE " + table.name() + ")"));
                assertEquals("0", value(database, "SELECT count(*) FROM " + table.name()));
            }
        }
        assertEquals(0, Cli.run("report", capture).code());
    }

    @Test
    void columnsMoreOrFewerThanKnownDoNoHarm() throws Exception {
        Path capture = Fixture.of("build").write(temp.resolve("capture"));
        Path file = capture.resolve("tables/clock/000001.parquet");
        long size = Files.size(file);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = connection.createStatement()) {
            sql.execute("COPY (SELECT CAST(range + 7 AS INTEGER) AS boottime_ns, 'x' AS added FROM range(2)) TO '" + file
                    + "' (FORMAT parquet)");
        }
        Path manifest = capture.resolve("manifest.json");
        String clock = "\"table\" : \"clock\"";
        String text = Files.readString(manifest);
        int at = text.indexOf(clock);
        Files.write(manifest, ManifestFile.sealed(text.substring(0, at) + text.substring(at)
                .replaceFirst("\"bytes\" : " + size + ",\\s+\"crc32c\" : \"\\w+", "\"bytes\" : " + Files.size(file)
                        + ", \"crc32c\" : \"" + Fixture.crc32c(file))));
        try (CaptureDatabase database = CaptureDatabase.open(capture, DatabaseOptions.defaults())) {
            assertEquals("[7, NULL]", value(database, "SELECT CAST([boottime_ns, realtime_ns] AS VARCHAR) FROM clock ORDER BY ALL"));
        }
    }

    @Test
    void aPathWithPatternCharactersAndQuotesIsRead() throws Exception {
        Path capture = Fixture.of("build").write(temp.resolve("a[1]*'b?"));
        Fixture.of("spikes").write(temp.resolve("a1x'bx"));
        Cli cli = Cli.run("sql", capture, "SELECT count(*) AS n FROM io", "--format", "csv");
        assertEquals("", cli.notes());
        assertEquals("n\n9\n", cli.out());
    }

    @Test
    void aCutWindowCutsOperationsAndKeepsProcesses() throws Exception {
        Path capture = Fixture.of("build").write(temp.resolve("capture"));
        for (String from : List.of("+1300ms", "12:03:02.3", "2026-11-21T12:03:02.3Z", "2026-11-21T12:03:02.3",
                "2026-11-21T13:03:02.3+01:00")) {
            DatabaseOptions options = DatabaseOptions.defaults().withPart(Optional.of(new TimePoint(from)),
                    Optional.of(new TimePoint("+3s")));
            try (CaptureDatabase database = CaptureDatabase.open(capture, options)) {
                assertEquals("5", value(database, "SELECT count(*) FROM io"), from);
                assertEquals("2", value(database, "SELECT count(*) FROM open"), from);
                assertEquals("7", value(database, "SELECT count(*) FROM process"), from);
            }
        }
        Cli cli = Cli.run("report", capture, "--from", "+20s");
        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("nothing lies between --from and --to: window=2026-11-21T12:03:01Z +10000ms"),
                cli.err());
    }

    private static List<Path> temporaryDirectories() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().startsWith("sys-inspector-")).sorted().toList();
        }
    }

    private static String value(CaptureDatabase database, String query) throws SQLException {
        database.define(query);
        try (Statement sql = database.connection().createStatement()) {
            if (!sql.execute(query)) {
                return "";
            }
            try (ResultSet rows = sql.getResultSet()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }
}
