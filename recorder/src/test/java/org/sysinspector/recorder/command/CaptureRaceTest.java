// SPDX-License-Identifier: Apache-2.0
// Can the user behind sudo, who owns a capture, lead root out of it?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs record, roll and verify as root on captures whose owner exchanges directories and files meanwhile. */
class CaptureRaceTest {
    private static final String USER = "65534";
    private static final int ROUNDS = 8;
    private static final List<String> AS_USER =
            List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");

    @TempDir
    private Path directory;

    private Path elsewhere;
    private Path capture;

    @BeforeEach
    void makeWhatIsRoots() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        capture = directory.resolve("capture");
        elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        for (String table : List.of("io", "exec", "thread")) {
            Files.createDirectory(elsewhere.resolve(table));
        }
        for (Path at : List.of(elsewhere, elsewhere.resolve("io"))) {
            for (String name : List.of("000001.silog", "000002.silog", "keyframe-000001.silog", ".keyframe-000001.silog.tmp",
                    ".scratch.tmp", "000001.parquet", ".000001.parquet.tmp", ".000002.parquet.tmp")) {
                Files.writeString(at.resolve(name), "root's");
            }
            Files.createFile(at.resolve("lock"));
        }
    }

    private Map<String, String> rootsFiles() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(elsewhere)) {
            for (Path file : files.toList()) {
                all.put(elsewhere.relativize(file).toString(), Files.readAttributes(file, "unix:uid,ino,mode,nlink").toString()
                        + (Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : ""));
            }
        }
        return all;
    }

    private static Runs.Running sudo(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Runs.recorder(arguments));
        builder.environment().putAll(Map.of("SUDO_UID", USER, "SUDO_GID", USER));
        return Runs.start(builder);
    }

    private Runs.Running record(String... options) throws IOException {
        return sudo(Stream.concat(Stream.of("record", "-q", "--segment-size", "1MiB", "-o", capture.toString()), Stream.concat(
                Stream.of(options),
                Stream.of("--", "dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=200000", "status=none"))).toArray(String[]::new));
    }

    private Runs.Running swap() throws IOException, InterruptedException {
        Path program = directory.resolve("swap");
        if (!Files.exists(program)) {
            Runs.program(Path.of("src/test/c/swap.c"), directory);
        }
        Runs.Running swap = Runs.start(new ProcessBuilder(Runs.under(AS_USER,
                List.of(program.toString(), capture.toString(), elsewhere.toString()))));
        swap.await(() -> Files.size(swap.out()) > 0, "ready");
        return swap;
    }

    private static void end(Runs.Running running) throws IOException, InterruptedException {
        running.process().destroyForcibly();
        running.finish();
    }

    @Test
    void directoriesExchangedForLinksLeadRecordNowhere() throws Exception {
        Map<String, String> before = rootsFiles();
        for (int round = 0; round < ROUNDS / 2; round++) {
            Runs.Running record = record();
            record.await(() -> Files.isDirectory(capture.resolve("log"), LinkOption.NOFOLLOW_LINKS), "the log");
            Runs.Running swap = swap();
            record.finish();
            end(swap);
            assertEquals(before, rootsFiles());
            capture = directory.resolve("capture" + round);
        }
    }

    @Test
    void directoriesExchangedForLinksLeadRollAndVerifyNowhere() throws Exception {
        assertEquals(new Runs.Result(0, List.of(), List.of()), record("--no-roll").finish());
        Path recorded = capture;
        Map<String, String> before = rootsFiles();
        for (int round = 0; round < ROUNDS; round++) {
            capture = directory.resolve("copy" + round);
            assertEquals(0, Runs.run(List.of("cp", "-a", recorded.toString(), capture.toString())).status());
            Runs.Running swap = swap();
            assertTrue(sudo("roll", "-q", capture.toString()).finish().err().size() <= 1);
            sudo("verify", capture.toString()).finish();
            end(swap);
            assertEquals(before, rootsFiles());
        }
    }

    @Test
    void whatIsNoFileIsRefusedInALineAtOnce() throws Exception {
        assertEquals(new Runs.Result(0, List.of(), List.of()), record("--no-roll").finish());
        for (String name : List.of("manifest.json", "rolled.ndjson", "log/lock", "log/000001.silog")) {
            Path file = capture.resolve(name);
            Path aside = directory.resolve("aside");
            boolean isThere = Files.exists(file);
            if (isThere) {
                Files.move(file, aside);
            }
            assertEquals(0, Runs.run(List.of("mkfifo", file.toString())).status());
            Runs.Result roll = sudo("roll", "-q", "--keep-log", capture.toString()).finish();
            assertNotEquals(0, roll.status(), name);
            assertEquals(1, roll.err().size(), roll.err().toString());
            assertTrue(roll.err().get(0).contains(file + " ") && roll.err().get(0).contains("is no regular file")
                    || roll.err().get(0).contains(file + ": it is no regular file"), roll.err().get(0));
            Files.delete(file);
            if (isThere) {
                Files.move(aside, file);
            }
        }
        assertEquals(new Runs.Result(0, List.of(), List.of()), sudo("roll", "-q", "--keep-log", capture.toString()).finish());
    }
}
