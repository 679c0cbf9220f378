// SPDX-License-Identifier: Apache-2.0
// What record tells its user: never at the cost of the window, and figures that mean what they mean elsewhere.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/** What record tells its user. Needs root. */
class RecordTellsTest {
    private static final long PATIENCE_S = 60;
    private static final long WINDOW_NS = 2_300_000_000L;

    @TempDir
    private Path directory;

    private Path capture;

    @BeforeEach
    void nameACapture() {
        capture = directory.resolve("capture");
    }

    @Test
    void nobodyWhoReadsWhatIsSaidHoldsTheClock() throws Exception {
        Path behaviour = Runs.behaviour(directory);
        for (String stderr : List.of("stderr-full", "stderr-stopped")) {
            for (String end : List.of("duration", "signal", "command")) {
                capture = directory.resolve(stderr + end);
                Path started = directory.resolve("started" + stderr + end);
                List<String> line = Runs.under(List.of("env", "--default-signal=INT"), Runs.recorder("record", "-o", capture.toString(),
                        "--duration", end.equals("duration") ? "2300ms" : "1h", "--", "sh", "-c",
                        "touch " + started + "; " + (end.equals("command") ? "sleep 2; exit 7" : "exec sleep 1000")));
                // env finds what the program is to become; its standard error is a pipe that nobody reads
                Process process = new ProcessBuilder(Runs.under(List.of(behaviour.toString(), stderr, "/usr/bin/env"),
                        line.subList(1, line.size()))).start();
                try {
                    if (end.equals("signal")) {
                        awaitFile(process, started);
                        process.destroy();
                    }
                    assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), stderr + " holds a window that its " + end + " ends");
                } finally {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                assertEquals(end.equals("command") ? 7 : 0, process.exitValue());
                Manifest.Window window = Captures.complete(capture).window();
                assertEquals(end, window.endedBy());
                assertTrue(!end.equals("duration") || window.endNs() - window.startNs() >= WINDOW_NS, window.toString());
            }
        }
        Programs.assertNoneLeft();
    }

    private static void awaitFile(Process process, Path file) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
                !Files.exists(file) && process.isAlive() && System.nanoTime() < end;) {
            Thread.sleep(5);
        }
        assertTrue(Files.exists(file), "the command never started");
    }

    @Test
    void whatIsSaidComesInOrderAndProgressThatNobodySawIsForgotten() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        PipedInputStream reader = new PipedInputStream(1 << 16);
        try (PipedOutputStream pipe = new PipedOutputStream(reader)) {
            Messages messages = new Messages(new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    try {
                        reads.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    pipe.write(bytes, offset, length);
                }
            }, true);
            messages.say("first");
            for (int i = 0; i < 1000; i++) {
                messages.show("progress " + i);
            }
            messages.say("second\u001b[31m");
            messages.show("last progress");
            reads.countDown();
            messages.close();
        }
        String clear = "\r\u001b[K";
        assertEquals(clear + "first\n" + clear + "second\\x1B[31m\n" + clear + "last progress",
                new String(reader.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void theEventsOfTheSummaryAreTheRowsThatCountAsEvents() throws Exception {
        for (List<String> options : List.of(List.of("--all"), List.<String>of())) {
            capture = directory.resolve("capture" + options.size());
            Runs.Result result = Runs.run(Runs.under(Runs.recorder("record", "-o", capture.toString()), Runs.under(options,
                    List.of("--", "sh", "-c", "for i in 1 2 3 4 5; do /bin/true; done; cat /etc/passwd >/dev/null; sleep 1"))));
            assertEquals(0, result.status(), result.err().toString());
            String sum = SchemaCatalog.get().tables().stream().filter(TableSchema::events)
                    .filter(t -> Files.exists(capture.resolve("tables/" + t.name())))
                    .map(t -> "(SELECT count(*) FROM " + t.name() + ")").collect(Collectors.joining(" + "));
            assertEquals(Captures.ask(capture, "SELECT " + sum), List.of(figure(result.err(), " s  ([0-9,]+) events  lost 0  ")));
        }
    }

    @Test
    void aLogThatIsNotRolledHasRecordsNotEvents() throws Exception {
        Runs.Result result = Runs.run("record", "--no-roll", "-o", capture.toString(), "--", "true");
        long recorded = new CaptureDirectory(capture).readManifest().counts().stream()
                .mapToLong(Manifest.Count::recorded).sum();
        assertEquals(String.valueOf(recorded), figure(result.err(), " s  ([0-9,]+) records in the log  lost 0$"));
    }

    private static String figure(List<String> said, String form) {
        Matcher found = Pattern.compile(form, Pattern.MULTILINE).matcher(String.join("\n", said));
        assertTrue(found.find(), said.toString());
        return found.group(1).replace(",", "");
    }
}
