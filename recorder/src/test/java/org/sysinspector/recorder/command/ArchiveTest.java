// SPDX-License-Identifier: Apache-2.0
// Does the recorder start from a class-data archive, and as well from one that is of no use?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes the archive of a tree laid out like a built one, then starts the recorder with it. Needs root and BPF. */
class ArchiveTest {
    private static final Runs.Result SILENT = new Runs.Result(0, List.of(), List.of());

    @TempDir
    private Path directory;

    private Path tree;
    private int captures;

    @BeforeEach
    void layOutATreeOfJars() throws IOException {
        tree = BuiltTree.copy(directory);
    }

    private Runs.Result run(Map<String, String> environment, String... line) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().keySet().removeAll(List.of("SYS_INSPECTOR_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().put("SYS_INSPECTOR_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return Runs.start(builder).finish();
    }

    private Runs.Result makeArchive() throws Exception {
        return run(Map.of(), "sh", tree.resolve("packaging/archive.sh").toString());
    }

    private Runs.Result record() throws Exception {
        return run(Map.of(), tree.resolve("sys-inspector").toString(), "record", "-q", "-o",
                directory.resolve("capture" + captures++).toString(), "--", "true");
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(tree.resolve("recorder/target"))) {
            return files.filter(f -> !f.getFileName().toString().matches("lib|recorder-.*\\.jar")).toList();
        }
    }

    /** Returns the archive, which is alone in its place. */
    private Path archive() throws IOException {
        assertEquals(1, archives().size(), archives().toString());
        Path archive = archives().get(0);
        assertEquals("recorder-" + System.getProperty("java.version") + ".jsa", archive.getFileName().toString());
        return archive;
    }

    /** Says whether the JVM has the recorder's classes from the archive. */
    private boolean isTaken() throws Exception {
        Runs.Result result = run(Map.of("SYS_INSPECTOR_OPTS", "-Xlog:class+load"),
                tree.resolve("sys-inspector").toString(), "--version");
        assertEquals(0, result.status());
        return result.out().stream().anyMatch(l -> l.endsWith("org.sysinspector.recorder.Main source: shared objects file"));
    }

    @Test
    void theArchiveIsMadeWithoutAWordAndTakenWithoutAWarning() throws Exception {
        assertEquals(SILENT, makeArchive());
        archive();
        assertTrue(isTaken());
        assertEquals(SILENT, record());
    }

    @Test
    void anArchiveOfOtherJarsIsLeftAsideWithoutAWord() throws Exception {
        assertEquals(SILENT, makeArchive());
        assertTrue(isTaken());
        try (Stream<Path> jars = Files.list(tree.resolve("recorder/target/lib"))) {
            Files.setLastModifiedTime(jars.filter(f -> f.getFileName().toString().startsWith("jna-")).findFirst().orElseThrow(),
                    FileTime.fromMillis(1000));
        }
        assertFalse(isTaken());
        assertEquals(SILENT, record());
    }

    @Test
    void whereNothingCanBeRecordedTheRecordersOwnClassesAreArchived() throws Exception {
        // Without the kernel's type information it stops before it loads a program.
        List<String> line = Runs.afterMounts("mount -t tmpfs none /sys/kernel/btf",
                List.of("sh", tree.resolve("packaging/archive.sh").toString()));
        assertEquals(SILENT, run(Map.of(), line.toArray(String[]::new)));
        archive();
        assertTrue(isTaken());
    }
}
