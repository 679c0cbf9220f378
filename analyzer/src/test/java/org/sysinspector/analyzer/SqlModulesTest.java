// SPDX-License-Identifier: Apache-2.0
// The documentation of the SQL modules is complete and true.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.DatabaseOptions;
import org.sysinspector.analyzer.database.SqlModules;
import org.sysinspector.analyzer.database.SqlObject;

class SqlModulesTest {
    private static final Set<String> UNITS = Set.of("", "ns", "bytes", "generations");
    private static final Path SQL = Path.of("src/main/resources/sql");

    @TempDir
    Path temp;

    @Test
    void everyColumnOfEveryViewIsDocumentedInItsOrder() throws Exception {
        Path capture = Fixture.of("build").write(temp);
        try (CaptureDatabase database = CaptureDatabase.open(capture, DatabaseOptions.defaults());
                var sql = database.connection().createStatement()) {
            database.defineAll();
            for (SqlObject object : SqlModules.load()) {
                assertFalse(object.doc().isBlank(), object.name() + " does not say what a row is");
                if (object.kind().equals("macro")) {
                    continue;
                }
                List<String> actual = new ArrayList<>();
                try (var rows = sql.executeQuery("DESCRIBE " + object.name())) {
                    while (rows.next()) {
                        actual.add(rows.getString(1));
                    }
                }
                assertEquals(actual, object.columns().stream().map(SqlObject.Column::name).toList(), object.name());
                for (SqlObject.Column column : object.columns()) {
                    assertFalse(column.doc().isBlank(), object.name() + "." + column.name());
                    assertTrue(UNITS.contains(column.unit()), object.name() + "." + column.name());
                    boolean ns = column.name().endsWith("_ns");
                    boolean bytes = column.name().endsWith("_bytes");
                    if (ns || bytes) {
                        assertEquals(ns ? "ns" : "bytes", column.unit(), object.name() + "." + column.name());
                    }
                }
            }
        }
    }

    @Test
    void everyModuleIsIncludedAndHasTheHeader() throws Exception {
        Set<String> modules = new HashSet<>();
        SqlModules.load().forEach(o -> modules.add(o.module()));
        try (Stream<Path> files = Files.walk(SQL)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
                String name = SQL.relativize(file).toString();
                String text = Files.readString(file, StandardCharsets.US_ASCII);
                assertTrue(text.startsWith("-- SPDX-License-Identifier: Apache-2.0\n-- "), name);
                assertTrue(name.equals("all.sql") || modules.contains(name), name + " is not included");
                assertTrue(text.lines().allMatch(l -> l.length() < 100), name + " has a long line");
            }
        }
    }

    @Test
    void keepingCostlyViewsChangesNoAnswer() throws Exception {
        Path capture = Fixture.of("spikes").write(temp);
        String query = "SELECT * FROM spike_cause ORDER BY ALL";
        List<String> answers = new ArrayList<>();
        for (boolean keep : List.of(true, false)) {
            try (CaptureDatabase database = CaptureDatabase.open(capture, DatabaseOptions.defaults());
                    var sql = database.connection().createStatement()) {
                if (keep) {
                    database.define(query);
                } else {
                    database.defineAll();
                }
                try (var rows = sql.executeQuery("SELECT CAST(list(c) AS VARCHAR) FROM (" + query + ") AS c")) {
                    rows.next();
                    answers.add(rows.getString(1));
                }
            }
        }
        assertEquals(answers.get(0), answers.get(1));
        assertTrue(answers.get(0).contains("/var/backup/db.tar"));
    }
}
