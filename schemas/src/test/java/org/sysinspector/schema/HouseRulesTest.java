// SPDX-License-Identifier: Apache-2.0
// Does every file of the project keep the house rules that a machine can see?
package org.sysinspector.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> NOT_OURS = Set.of("target", "build", ".git", ".mvn", ".idea");
    private static final Set<String> SOURCES = Set.of("java", "c", "h", "sh", "sql", "yaml", "xml");
    /** Files that have no header: what git and the licence prescribe, and tables that are compared as they are. */
    private static final String HEADERLESS = "LICENSE|\\.gitignore|.*/src/test/resources/.*\\.txt";
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
                } else if (Files.isRegularFile(entry) && !NOT_OURS.contains(name)) {
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
    void everyFileBeginsWithItsLicenceAndWhatItIsForInWordsOfItsOwn() throws IOException {
        List<String> wrong = new ArrayList<>();
        Map<String, Path> purposes = new HashMap<>();
        for (Path file : files()) {
            String name = ROOT.relativize(file).toString();
            if (name.matches(HEADERLESS)) {
                continue;
            }
            String problem = headerProblem(name, text(file));
            Path other = problem.isEmpty() ? purposes.put(header(name, text(file)).group("purpose"), file) : null;
            if (!problem.isEmpty() || other != null) {
                wrong.add(name + ": " + (other == null ? problem : "says the same as " + other));
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void aHeaderThatIsNotTheProjectsIsFound() {
        String licence = "// SPDX-License-Identifier: Apache-2.0\n";
        String purpose = "// Reads what others write.\n";
        assertEquals("", headerProblem("a/B.java", licence + purpose + "package a;\n"));
        assertEquals("", headerProblem("a/b.sh", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n# Reads what others write.\n"));
        assertEquals("", headerProblem("bpf/src/a.h",
                "/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */\n/* Reads what others write. */\n"));
        for (String text : List.of("", purpose, licence, purpose + licence, "\n" + licence + purpose, licence + "\n" + purpose,
                licence + "// Reader\n", licence + "//\n", licence + "package a; // Reads what others write.\n",
                "/* SPDX-License-Identifier: Apache-2.0 */\n" + purpose, licence.replace("Apache-2.0", "MIT") + purpose,
                licence.replace("Apache-2.0", "GPL-2.0-only OR BSD-2-Clause") + purpose, "// Copyright\n" + licence + purpose)) {
            assertNotEquals("", headerProblem("a/B.java", text), text);
        }
        assertNotEquals("", headerProblem("bpf/src/a.h", "/* SPDX-License-Identifier: Apache-2.0 */\n/* Reads what others write. */\n"));
        assertNotEquals("", headerProblem("a/b.sh", "#!/bin/sh\n\n# SPDX-License-Identifier: Apache-2.0\n# Reads what others write.\n"));
    }

    /** Returns what is wrong with the first lines of a file, nothing if all is well. */
    private static String headerProblem(String name, String text) {
        Matcher header = header(name, text);
        if (!header.lookingAt()) {
            return "does not begin with its licence and a line on what it is for";
        }
        String expected = name.matches("bpf/.*\\.h|.*\\.bpf\\.c") ? "(GPL-2.0-only OR BSD-2-Clause)" : "Apache-2.0";
        return header.group("licence").equals(expected) ? "" : "licence expected=" + expected + " found=" + header.group("licence");
    }

    /** Matches the first lines of a file, in the comments of its kind, against what they should be. */
    private static Matcher header(String name, String text) {
        String kind = name.substring(name.lastIndexOf('.') + 1);
        String[] comment = switch (kind) {
            case "java", "c" -> new String[] {"// ", ""};
            case "h" -> name.startsWith("bpf/") ? new String[] {"/* ", " */"} : new String[] {"// ", ""};
            case "sql" -> new String[] {"-- ", ""};
            case "md", "xml", "html" -> new String[] {"<!-- ", " -->"};
            case "bt" -> new String[] {"// ", ""};
            default -> new String[] {"# ", ""};
        };
        String open = Pattern.quote(comment[0]);
        String close = Pattern.quote(comment[1]);
        Matcher header = Pattern.compile("(#!\\S+.*\n|<\\?xml .*\n|<!DOCTYPE html>\n)?" + open + "SPDX-License-Identifier: (?<licence>.+?)" + close
                + "\n" + open + "(?<purpose>\\S.* .*\\S)" + close + "\n").matcher(text);
        header.lookingAt();
        return header;
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
