// SPDX-License-Identifier: Apache-2.0
// Golden tests of the SQL views: fixture, query, expected table.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sysinspector.analyzer.database.SqlModules;

/**
 * Golden tests of the SQL views. A file {@code golden/NAME.txt} has a line with the fixture, a query, a line of three
 * dashes and the table expected. After a wanted change: {@code mvn test -Dgolden.update=true}, then read the diff.
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String MARK = "---\n";
    /** What every query on some fixtures is told. */
    private static final Map<String, String> NOTES = Map.of(
            "lossy", "note: at least 37 events were lost (class io 27, lifecycle 6 or more, names 4): see view lossy_interval\n",
            "pressure", "note: under pressure operations share rows of io: count them with sum(ops), see view pressure_interval\n");

    @TempDir
    static Path captures;

    private static final Map<String, Path> WRITTEN = new HashMap<>();

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.map(f -> f.getFileName().toString().replace(".txt", "")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aQueryGivesTheExpectedTable(String name) throws Exception {
        Path file = GOLDEN.resolve(name + ".txt");
        String text = Files.readString(file);
        int mark = text.indexOf(MARK) + MARK.length();
        String query = text.substring(0, mark - MARK.length());
        String fixture = query.lines().findFirst().orElseThrow().replace("-- fixture: ", "");
        if (!WRITTEN.containsKey(fixture)) {
            WRITTEN.put(fixture, Fixture.of(fixture).write(captures.resolve(fixture)));
        }
        Cli cli = Cli.run("sql", WRITTEN.get(fixture), query);
        assertEquals(NOTES.getOrDefault(fixture, ""), cli.notes());
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text.substring(0, mark) + cli.out());
        }
        assertEquals(text.substring(mark), Boolean.getBoolean("golden.update") ? text.substring(mark) : cli.out());
    }

    @Test
    void everyViewHasAGoldenTest() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : names().toList()) {
            all.append(Files.readString(GOLDEN.resolve(name + ".txt")));
        }
        List<String> missing = SqlModules.load().stream().map(o -> o.name())
                .filter(n -> !all.toString().matches("(?s).*(FROM " + n + "\\b|\\b" + n + "\\().*")).toList();
        assertTrue(missing.isEmpty(), missing.toString());
    }
}
