// SPDX-License-Identifier: Apache-2.0
// Does every file of the project keep the house rules that a machine can see?
package org.sysinspector.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> NOT_OURS = Set.of("target", "build", ".git", ".mvn", ".idea");
    private static final Set<String> SOURCES = Set.of("java", "c", "h", "sh", "sql", "yaml", "xml");
    private static final List<String> SUPPRESSIONS = List.of("@Suppress" + "Warnings", "NO" + "PMD", "NO" + "SONAR",
            "CHECKSTYLE:" + "OFF", "shellcheck " + "disable");

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        collect(ROOT, files);
        assertTrue(files.size() > 50, "files found: " + files.size());
        return files;
    }

    private static void collect(Path directory, List<Path> files) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry) && !NOT_OURS.contains(name) && !name.startsWith("capture-")) {
                    collect(entry, files);
                } else if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return SOURCES.contains(name.substring(name.lastIndexOf('.') + 1)) || name.equals("Makefile")
                || name.equals("sys-inspector");
    }

    @Test
    void everyFileIsUsAscii() throws IOException {
        assertEquals("", files().stream().filter(f -> text(f).chars().anyMatch(c -> c > 0x7e
                || c < 0x20 && c != '\n' && c != '\t')).map(Path::toString).collect(Collectors.joining("\n")));
    }

    @Test
    void everySourceBeginsWithItsLicenceAndWhatItIsFor() throws IOException {
        List<String> without = new ArrayList<>();
        for (Path file : files()) {
            if (isSource(file)) {
                List<String> lines = text(file).lines().filter(l -> !l.startsWith("#!") && !l.startsWith("<?xml")).toList();
                if (lines.size() < 2 || !lines.get(0).contains("SPDX-License-Identifier: ")
                        || !lines.get(1).matches("(//|#|--|/\\*|<!--) \\S.*")) {
                    without.add(file.toString());
                }
            }
        }
        assertEquals("", String.join("\n", without));
    }

    @Test
    void nothingIsSuppressedAndNoFileIsLongerThanFiveHundredLines() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            if (isSource(file)) {
                String text = text(file);
                SUPPRESSIONS.stream().filter(text::contains).forEach(s -> found.add(file + " " + s));
                if (text.lines().count() > 500) {
                    found.add(file + " is longer than 500 lines");
                }
            }
        }
        assertEquals("", String.join("\n", found));
    }
}
