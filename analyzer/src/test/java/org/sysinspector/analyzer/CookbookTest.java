// SPDX-License-Identifier: Apache-2.0
// The cookbook's queries run and answer.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CookbookTest {
    private static final Path COOKBOOK = Path.of("../examples/sql");

    @TempDir
    Path temp;

    @Test
    void everyQueryAnswersAndStandsInTheReadme() throws Exception {
        Path capture = Fixture.of("spikes").write(temp.resolve("spikes"));
        Path other = Fixture.of("build").write(temp.resolve("build"));
        String readme = Files.readString(COOKBOOK.resolve("README.md"));
        List<Path> files;
        try (Stream<Path> all = Files.list(COOKBOOK)) {
            files = all.filter(f -> f.toString().endsWith(".sql")).sorted().toList();
        }
        assertTrue(files.size() >= 8);
        for (Path file : files) {
            assertTrue(readme.contains("`" + file.getFileName() + "`"), file.toString());
            long rows = 0;
            for (Path one : List.of(capture, other)) {
                Cli cli = Cli.run("sql", one, "-f", file, "--format", "ndjson");
                assertEquals("", cli.err(), file.toString());
                rows += cli.out().lines().count();
            }
            assertTrue(rows > 0, file + " answers nothing");
        }
    }
}
