// SPDX-License-Identifier: Apache-2.0
// Does a capture whose recorder was killed hold all that the kernel had seen?
package org.sysinspector.recorder.rescue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.window.CaptureQueries;
import org.sysinspector.recorder.window.RecorderProcess;

/**
 * Kills recorders with SIGKILL while a workload floods them that counts what it does itself. Needs root and BPF, and fails where it has
 * not got them. The seed of what is random is in each message; {@code -Dseed=N} repeats it.
 */
class TailRescueTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int WORDS = 4;
    private static final int DONE = 0;
    private static final int PID = 1;
    private static final int STOP = 2;
    private static final int STOPPED = 3;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final String SUMS = "SELECT (SELECT coalesce(sum(ops), 0) FROM io WHERE comm = 'flood' AND op = 'write'),"
            + " (SELECT coalesce(sum(lost), 0) FROM loss WHERE class = 'io')";

    private final Random random = new Random(SEED);

    @TempDir
    private Path directory;

    private final List<Process> others = new ArrayList<>();
    private Path flood;
    private String what;

    @BeforeEach
    void compileTheWorkload() throws Exception {
        flood = directory.toRealPath().resolve("flood");
        assertEquals(0, new ProcessBuilder("clang", "-O1", "-Wall", "-Wextra", "-Werror", "-o", flood.toString(), "src/test/c/flood.c")
                .inheritIO().start().waitFor());
    }

    @AfterEach
    void endTheOthers() {
        others.forEach(Process::destroyForcibly);
    }

    /** Records the flood and kills the recorder at a random moment; returns how many operations the flood had made. */
    private long killed(Path capture, String... options) throws Exception {
        return killed(capture, List.of(), options);
    }

    /** The same with a parent of the recorder that is not its launcher. */
    private long killed(Path capture, List<String> parent, String... options) throws Exception {
        Path told = directory.resolve("told-" + capture.getFileName());
        int ms = 1 + random.nextInt(1500);
        what = "seed=" + SEED + " ms=" + ms + " options=" + List.of(options);
        List<String> line = new ArrayList<>(List.of("record", "-q", "-o", capture.toString()));
        line.addAll(List.of(options));
        line.addAll(List.of("--", flood.toString(), told.toString(), "12"));
        ProcessBuilder builder = RecorderProcess.builder(line.toArray(String[]::new));
        List<String> all = new ArrayList<>(parent);
        all.addAll(builder.command());
        Process started = builder.command(all).redirectErrorStream(true).start();
        await(() -> Files.exists(told) && Files.size(told) == WORDS * Long.BYTES && word(told, PID) != 0);
        Thread.sleep(ms);
        try (RandomAccessFile file = new RandomAccessFile(told.toFile(), "rw")) {
            file.seek((long) STOP * Long.BYTES);
            file.writeLong(Long.reverseBytes(1));
        }
        await(() -> word(told, STOPPED) == 1);
        Thread.sleep(random.nextInt(3));
        if (parent.isEmpty()) {
            started.destroyForcibly().waitFor();
        } else {
            started.children().forEach(ProcessHandle::destroyForcibly);
            others.add(started);
        }
        ProcessHandle.of(word(told, PID)).ifPresent(ProcessHandle::destroyForcibly);
        return word(told, DONE);
    }

    private static long word(Path file, int index) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "the workload does not run: " + what);
            Thread.sleep(1);
        }
    }

    private void roll(Path capture) throws Exception {
        RecorderProcess.Result result = RecorderProcess.run("roll", "--keep-log", capture.toString());
        assertEquals(0, result.status(), what + ": " + result.output());
    }

    private void assertHolds(long done, Path capture) throws Exception {
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            String[] sums = queries.rows(SUMS).get(0).split("\\|");
            assertEquals(done, Long.parseLong(sums[0]) + Long.parseLong(sums[1]), what);
        }
        Manifest manifest = new CaptureDirectory(capture).readManifest();
        assertEquals("killed", manifest.window().endedBy(), what);
        for (Manifest.Count count : manifest.counts()) {
            assertEquals(count.seen(), count.recorded() + count.lost(), what + " " + count.ringClass());
        }
        assertTrue(manifest.losses().stream().noneMatch(l -> l.reason().equals("killed")), what + " " + manifest.losses());
        RecorderProcess.Result verified = RecorderProcess.run("verify", capture.toString());
        assertEquals(0, verified.status(), what + ": " + verified.output());
        assertFalse(isPinned(manifest.captureId()), what);
    }

    private static boolean isPinned(String captureId) {
        return Files.exists(Path.of("/run/sys-inspector/bpf/sys-inspector", captureId))
                || Files.exists(Path.of("/sys/fs/bpf/sys-inspector", captureId));
    }

    private static Manifest manifest(Path capture) throws Exception {
        return new CaptureDirectory(capture).readManifest();
    }

    @Test
    void whateverWasSeenIsInTheLogOrCountedAsLostOnceTheCaptureIsRolled() throws Exception {
        String[][] all = {{}, {"--ring-memory", "1MiB", "--segment-size", "4MiB"}, {"--ring-memory", "1MiB", "--on-pressure", "coalesce"}};
        for (String[] options : all) {
            Path capture = directory.resolve("capture-" + options.length + String.join("", options).length());
            long done = killed(capture, options);
            assertTrue(isPinned(manifest(capture).captureId()), what);
            roll(capture);
            assertHolds(done, capture);
        }
    }

    @Test
    void aRollThatIsKilledWhileItSavesIsGoneOnWith() throws Exception {
        Path capture = directory.resolve("capture");
        long done = killed(capture, "--ring-memory", "64MiB");
        for (int i = 0; i < 4; i++) {
            Process roll = RecorderProcess.start("roll", "--keep-log", capture.toString());
            roll.waitFor(200 + random.nextInt(400), TimeUnit.MILLISECONDS);
            roll.destroyForcibly().waitFor();
        }
        roll(capture);
        assertHolds(done, capture);
    }

    @Test
    void theNextRecorderSavesWhatADeadOneLeft() throws Exception {
        Path capture = directory.resolve("capture");
        long done = killed(capture);
        assertEquals(Manifest.State.RECORDING, manifest(capture).state(), what);
        RecorderProcess.Result next =
                RecorderProcess.run("record", "-q", "-d", "100ms", "-o", directory.resolve("next").toString());
        assertEquals(0, next.status(), next.output());
        assertEquals(Manifest.State.RECORDED, manifest(capture).state(), what);
        assertFalse(isPinned(manifest(directory.resolve("next")).captureId()), "a clean end leaves no pins");
        roll(capture);
        assertHolds(done, capture);
    }

    @Test
    void theNextRecorderFreesWhatBelongsToACaptureThatIsGone() throws Exception {
        Path capture = directory.resolve("capture");
        killed(capture);
        String id = manifest(capture).captureId();
        assertTrue(isPinned(id), what);
        Files.move(capture, directory.resolve("elsewhere"));
        RecorderProcess.Result next =
                RecorderProcess.run("record", "-q", "-d", "100ms", "-o", directory.resolve("next").toString());
        assertEquals(0, next.status(), next.output());
        assertFalse(isPinned(id), what);
        roll(directory.resolve("elsewhere")); // as the log has it
    }

    @Test
    void aRecorderThatNobodyHasWaitedForIsDead() throws Exception {
        Path capture = directory.resolve("capture");
        // Its parent is a shell that has become another program, which knows of no child.
        long done = killed(capture, List.of("sh", "-c", "\"$@\" & exec sleep 60", "sh"));
        roll(capture);
        assertEquals(1, others.get(0).children().count(), "what is left of the recorder");
        assertHolds(done, capture);
    }

    @Test
    void whatSaysItIsThatCaptureAndIsNotGetsNothing() throws Exception {
        Path capture = directory.resolve("capture");
        long done = killed(capture);
        Path copy = directory.resolve("copy");
        assertEquals(0, new ProcessBuilder("cp", "-a", capture.toString(), copy.toString()).inheritIO().start().waitFor());
        roll(copy);
        assertTrue(isPinned(manifest(capture).captureId()), what);
        assertEquals(Manifest.State.RECORDING, manifest(capture).state(), what);
        roll(capture);
        assertHolds(done, capture);
    }
}
