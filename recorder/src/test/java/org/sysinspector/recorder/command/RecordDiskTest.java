// SPDX-License-Identifier: Apache-2.0
// What a recording makes of a disk that is full, or fails: it ends, says so, and the command runs on.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;

/** Records to small and failing file systems on the running kernel. Needs root. */
class RecordDiskTest {
    private static final int STATUS = 7;
    /** Each is a read and a write, and takes 80 bytes of log. */
    private static final int COPIES = 700_001;
    private static final String FLOOD = "dd if=/dev/zero of=/dev/null bs=1 status=none count=" + COPIES + "; ";
    private static final String GOES_ON = "; the command goes on, unrecorded";

    @TempDir
    private Path directory;

    private Path mount;
    private Path capture;
    private Path ranOn;

    @BeforeEach
    void nameACapture() throws Exception {
        mount = Files.createDirectory(directory.resolve("mount"));
        capture = mount.resolve("capture");
        ranOn = directory.resolve("ran-on");
    }

    @AfterEach
    void unmount() throws Exception {
        Runs.run(List.of("umount", mount.toString()));
        Programs.assertNoneLeft();
    }

    private static void must(String... line) throws Exception {
        Runs.Result result = Runs.run(List.of(line));
        assertEquals(0, result.status(), List.of(line) + ": " + result.err());
    }

    private void tmpfs(String options) throws Exception {
        must("mount", "-t", "tmpfs", "-o", options, "none", mount.toString());
    }

    /** Returns the command line of a recording of a flood, which then says that it ran on and ends with a status. */
    private List<String> line(String meanwhile, String... options) {
        return Runs.under(Runs.recorder(Stream.concat(Stream.of("record", "-o", capture.toString()), Stream.of(options))
                .toArray(String[]::new)), List.of("--", "sh", "-c", meanwhile + FLOOD + "touch " + ranOn + "; exit " + STATUS));
    }

    /** Records the flood; the command must run on to its end whatever happens. Returns what was said. */
    private String record(String meanwhile, String... options) throws Exception {
        return assertRanOn(Runs.run(line(meanwhile, options)));
    }

    private String assertRanOn(Runs.Result result) throws IOException {
        String said = String.join("\n", result.err());
        assertEquals(STATUS, result.status(), said);
        assertTrue(Files.deleteIfExists(ranOn), said);
        return said;
    }

    private Manifest complete(String endedBy) throws Exception {
        Manifest manifest = Captures.complete(capture);
        assertEquals(endedBy, manifest.window().endedBy());
        for (Manifest.Count count : manifest.counts()) {
            assertEquals(count.seen(), count.recorded() + count.lost(), count.ringClass());
            assertEquals(count.lost(), manifest.losses().stream().filter(l -> l.ringClass().equals(count.ringClass()))
                    .mapToLong(Manifest.Loss::atLeast).sum(), count.ringClass());
        }
        return manifest;
    }

    @Test
    void aRecordingEndsBeforeItsFileSystemIsFullAndItsRollingHasRoom() throws Exception {
        for (List<String> options : List.of(List.<String>of(), List.of("--keep-log", "--segment-size", "1MiB"), List.of("--no-roll"))) {
            tmpfs("size=24m");
            String said = record("", options.toArray(String[]::new));
            assertTrue(said.matches("(?s).*\nrecording ended: the file system is nearly full: free=[^\n]* min-free=1.2 MiB [^\n]*"
                    + GOES_ON + "\n.*"), said);
            if (options.contains("--no-roll")) {
                assertTrue(said.contains(" records in the log  lost 0\n"), said);
                assertEquals(0, Runs.run("verify", capture.toString()).status());
                assertEquals(new Runs.Result(0, List.of(), List.of()), Runs.run("roll", "-q", capture.toString()));
            }
            Manifest manifest = complete("disk_full");
            assertTrue(manifest.counts().stream().mapToLong(Manifest.Count::recorded).sum() > 100_000, "there was room for more");
            must("umount", mount.toString());
        }
    }

    @Test
    void rollingHasRoomWhereTheLogIsAllNames() throws Exception {
        tmpfs("size=16m");
        String names = "x".repeat(80);
        String said = record("mkdir " + directory + "/many; for i in $(seq 40000); do echo >" + directory + "/many/" + names
                + "$i; done; ", "--segment-size", "64MiB", "--min-free", "1KiB");
        assertTrue(said.contains("the file system is nearly full: free="), said);
        complete("disk_full");
    }

    @Test
    void aRecordingEndsBeforeItsFileSystemHasNoInodes() throws Exception {
        tmpfs("size=64m,nr_inodes=120");
        String said = record("", "--segment-size", "64KiB");
        assertTrue(said.contains("\nrecording ended: the file system has hardly an inode left: free="), said);
        complete("disk_full");
    }

    @Test
    void aFullDiskIsToldThoughNobodyAskedForASummaryAndIsAFailureWithoutACommand() throws Exception {
        tmpfs("size=24m");
        String said = record("", "-q");
        assertTrue(said.matches("sys-inspector record: (recording ended|the capture is cut short): the file system is nearly full: .*"), said);
        complete("disk_full");
        must("rm", "-r", capture.toString());
        Runs.Running run = Runs.start(new ProcessBuilder(Runs.recorder("record", "-o", capture.toString(), "--min-free", "23MiB")));
        run.awaitLine("recording to ");
        must("dd", "if=/dev/zero", "of=" + mount.resolve("other"), "bs=1M", "count=8", "status=none");
        Runs.Result result = run.finish();
        assertEquals(1, result.status(), result.err().toString());
        complete("disk_full");
    }

    @Test
    void aCaptureIsNeverLargerThanWanted() throws Exception {
        for (String rolling : List.of("--keep-log", "--no-roll", "--all")) {
            tmpfs("size=64m");
            long most = 0;
            Runs.Running run = Runs.start(new ProcessBuilder(line("", "--max-size", "10MiB", "--segment-size", "1MiB", rolling)));
            while (run.process().isAlive()) {
                most = Math.max(most, bytes(mount));
                Thread.sleep(1);
            }
            String said = assertRanOn(run.finish());
            assertTrue(said.contains("\nrecording ended: the capture is as large as it may be: max-size=10 MiB "), said);
            assertTrue(Math.max(most, bytes(mount)) <= 10 << 20, most + " bytes: " + said);
            if (rolling.equals("--no-roll")) {
                assertEquals(0, Runs.run("roll", "-q", capture.toString()).status());
            }
            complete("max_size");
            must("umount", mount.toString());
        }
    }

    private static long bytes(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.mapToLong(f -> {
                try {
                    return Files.isDirectory(f) ? 0 : Files.size(f);
                } catch (NoSuchFileException e) {
                    return 0;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).sum();
        } catch (UncheckedIOException e) {
            return 0; // a file went while it was looked at
        }
    }

    @Test
    void whatTheDiskDoesNotTakeInMidFloodIsCountedAsLostByIt() throws Exception {
        tmpfs("size=64m");
        List<String> limit = List.of("prlimit", "--fsize=8388608");
        String said = assertRanOn(Runs.run(Runs.under(limit, line(""))));
        assertTrue(said.matches("(?s).*\nrecording ended: cannot write .*/log/000001.silog: .* cause=File too large" + GOES_ON
                + "\nsys-inspector record: the capture is cut short: .* cause=File too large; what was recorded is kept: "
                + "sys-inspector analyze report " + capture), said);
        Manifest manifest = complete("error");
        assertTrue(manifest.losses().stream().anyMatch(l -> l.reason().equals("disk") && l.ringClass().equals("io")),
                manifest.losses().toString());
        assertEquals(List.of("true"), Captures.ask(capture, "SELECT count(*) = " + recorded(manifest, "io") + " FROM io"));
        must("rm", "-r", capture.toString());
        Runs.Result result = Runs.run(Runs.under(limit, line("", "--fail-on-loss")));
        assertEquals(4, result.status(), result.err().toString());
        assertTrue(Files.exists(ranOn), "the command ran on");
        complete("error");
    }

    private static long recorded(Manifest manifest, String ringClass) {
        return manifest.counts().stream().filter(c -> c.ringClass().equals(ringClass)).mapToLong(Manifest.Count::recorded).sum();
    }

    @Test
    void aDiskThatOthersFillLeavesWhatRollFinishesOnceThereIsRoom() throws Exception {
        tmpfs("size=24m");
        Path filler = mount.resolve("filler");
        String said = record("head -c 100m /dev/zero 2>/dev/null >" + filler + "; ", "--segment-size", "1MiB");
        assertTrue(said.contains("; what was recorded is kept; make room, then: sys-inspector roll " + capture),
                said);
        Files.delete(filler);
        assertEquals(new Runs.Result(0, List.of(), List.of()), Runs.run("roll", "-q", capture.toString()));
        Captures.complete(capture);
    }

    @Test
    void aFileSystemThatTurnsReadOnlyInMidFloodLeavesWhatRollFinishes() throws Exception {
        Path image = directory.resolve("image");
        must("truncate", "-s", "64M", image.toString());
        must("mkfs.ext4", "-q", image.toString());
        must("mount", "-o", "loop", image.toString(), mount.toString());
        String said = record("(sleep .3; mount -o remount,abort " + mount + ") & ", "--segment-size", "1MiB");
        assertTrue(said.matches("(?s).*\nrecording ended: [^\n]*Read-only file system" + GOES_ON + "\nsys-inspector record: the capture is "
                + "not finished: [^\n]*Read-only file system; what was recorded is kept; to finish it: "
                + "sys-inspector roll " + capture), said);
        must("umount", mount.toString());
        Runs.run(List.of("e2fsck", "-fy", image.toString()));
        must("mount", "-o", "loop", image.toString(), mount.toString());
        assertEquals(0, Runs.run("roll", "-q", capture.toString()).status());
        Captures.complete(capture);
    }

    @Test
    void aRecordingForWhichThereIsNoRoomIsRefusedAndItsCommandNotStarted() throws Exception {
        tmpfs("size=24m,nr_inodes=120");
        for (List<String> refusal : List.of(List.of("--min-free=100%", "not enough room to record: directory=" + capture + " free=.* "
                + "needed=24 MiB; make room, .*"), List.of("--min-free=0%", "not enough inodes to record: .*"))) {
            if (refusal.get(0).endsWith("0%") && !refusal.get(0).endsWith("100%")) {
                for (int i = 0; i < 100; i++) {
                    Files.createFile(mount.resolve("other" + i));
                }
            }
            Runs.Result result = Runs.run(line("", refusal.get(0)));
            assertEquals(3, result.status(), result.err().toString());
            assertTrue(String.join("\n", result.err()).matches("sys-inspector record: " + refusal.get(1)), result.err().toString());
            assertFalse(Files.exists(ranOn));
            assertFalse(Files.exists(capture), "something is left");
        }
        for (String wrong : List.of("--min-free=101%", "--min-free=5", "--min-free=-1MiB", "--max-size=1KiB", "--max-size=5%")) {
            assertEquals(2, Runs.run(line("", wrong)).status(), wrong);
            assertFalse(Files.exists(capture), wrong);
        }
    }

    @Test
    void aSignalAndTheDurationEndACommandThatOutlivedItsRecording() throws Exception {
        for (String end : List.of("signal", "duration")) {
            tmpfs("size=24m");
            List<String> line = Runs.under(Runs.recorder("record", "-o", capture.toString(), "--duration",
                    end.equals("signal") ? "1h" : "15s"), List.of("--", "sh", "-c", FLOOD + "exec sleep 1000"));
            Runs.Running run = Runs.start(new ProcessBuilder(line));
            run.awaitLine("next: ");
            assertEquals(Manifest.State.COMPLETE, new CaptureDirectory(capture).readManifest().state(), "finished meanwhile");
            if (end.equals("signal")) {
                must("kill", "-TERM", String.valueOf(run.process().pid()));
            }
            List<ProcessHandle> children = run.process().children().toList();
            Runs.Result result = run.finish();
            assertEquals(1, result.status(), result.err().toString());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), "the command");
            complete("disk_full");
            must("umount", mount.toString());
        }
    }
}
