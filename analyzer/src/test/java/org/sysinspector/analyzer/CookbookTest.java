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
        Path lossy = Fixture.of("lossy").write(temp.resolve("lossy"));
        String readme = Files.readString(COOKBOOK.resolve("README.md"));
        List<Path> files;
        try (Stream<Path> all = Files.list(COOKBOOK)) {
            files = all.filter(f -> f.toString().endsWith(".sql")).sorted().toList();
        }
        assertTrue(files.size() >= 8);
        for (Path file : files) {
            assertTrue(readme.contains("`" + file.getFileName() + "`"), file.toString());
            long rows = 0;
            for (Path one : List.of(capture, other, lossy)) {
                Cli cli = Cli.run("sql", one, "-f", file, "--format", "ndjson");
                assertEquals(one == lossy ? 1 : 0, cli.notes().lines().count(), file + ": " + cli.err());
                assertEquals(0, cli.code(), file + ": " + cli.err());
                rows += cli.out().lines().count();
            }
            assertTrue(rows > 0, file + " answers nothing");
        }
    }
}
