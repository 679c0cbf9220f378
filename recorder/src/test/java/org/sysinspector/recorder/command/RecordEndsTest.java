// SPDX-License-Identifier: Apache-2.0
// How a window ends: by signal, duration, command or kill. What is left must be whole, or made whole by roll.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;

/** How a window ends, on the running kernel. Needs root. */
class RecordEndsTest {
    private static final String RECORDING = "recording to ";
    private static final int KILLS = 3;
    private static final int KILLED = 128 + 9;

    @TempDir
    private Path directory;

    private Path capture;

    @BeforeEach
    void nameACapture() {
        capture = directory.resolve("capture");
    }

    private static void signal(String signal, long pid) throws Exception {
        assertEquals(0, Runs.run(List.of("sh", "-c", "kill -" + signal + " " + pid)).status());
    }

    private Runs.Running record(String... arguments) throws Exception {
        String[] all = Stream.concat(Stream.of("record", "-o", capture.toString()), Stream.of(arguments)).toArray(String[]::new);
        return Runs.start(new ProcessBuilder(Runs.recorder(all)));
    }

    @Test
    void signalsEndAWindowCleanly() throws Exception {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            capture = directory.resolve(signal);
            Runs.Running run = record();
            run.awaitLine(RECORDING);
            signal(signal, run.process().pid());
            signal(signal, run.process().pid()); // an impatient user's second one changes nothing
            Runs.Result result = run.finish();
            assertEquals(0, result.status(), result.err().toString());
            assertEquals("next: sys-inspector analyze report " + capture, result.err().get(result.err().size() - 1));
            assertEquals("signal", Captures.complete(capture).window().endedBy());
        }
        Programs.assertNoneLeft();
    }

    @Test
    void theCommandEndsWithAWindowThatASignalOrItsDurationEnds() throws Exception {
        for (String end : List.of("signal", "duration")) {
            capture = directory.resolve(end);
            Runs.Running run = end.equals("signal") ? record("--", "sleep", "1000")
                    : record("--duration", "500ms", "--", "sleep", "1000");
            run.awaitLine(RECORDING);
            if (end.equals("signal")) {
                run.await(() -> run.process().children().findAny().isPresent(), "the command");
                signal("TERM", run.process().pid());
            }
            Runs.Result result = run.finish();
            assertEquals(0, result.status(), result.err().toString());
            assertEquals(end, Captures.complete(capture).window().endedBy());
            assertEquals(List.of("sleep|15"), Captures.ask(capture, "SELECT comm, signal FROM exit"), "the command's end");
        }
    }

    @Test
    void aWindowEndsWithItsDuration() throws Exception {
        Runs.Result result = Runs.run("record", "-q", "-o", capture.toString(), "--duration", "700ms");
        assertEquals(new Runs.Result(0, List.of(), List.of()), result);
        Manifest.Window window = Captures.complete(capture).window();
        assertEquals("duration", window.endedBy());
        assertTrue(window.endNs() - window.startNs() >= 700_000_000L, window.toString());
    }

    @Test
    void aRecorderThatIsKilledLeavesWhatRollFinishes() throws Exception {
        String behaviour = Runs.behaviour(directory).toString();
        long seed = Long.getLong("kill.seed", new Random().nextLong());
        System.out.println("to repeat: mvn verify -Dtest=RecordEndsTest -DargLine=-Dkill.seed=" + seed);
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            capture = directory.resolve("killed" + kill);
            Runs.Running run = record("--segment-size", "1MiB", "--", behaviour, "flood", directory + "/flood");
            run.await(() -> Files.exists(capture.resolve("tables/io/000001.parquet")), "a segment rolled");
            Set<Integer> programs = Programs.heldBy(Long.toString(run.process().pid()));
            assertFalse(programs.isEmpty());
            Thread.sleep(random.nextInt(700));
            signal("KILL", run.process().pid());
            assertEquals(KILLED, run.finish().status());
            Programs.assertGone(programs);

            Runs.Result roll = Runs.run("roll", capture.toString());
            assertEquals(0, roll.status(), roll.err().toString());
            assertEquals(List.of(), roll.err());
            assertFinished(kill);
        }
    }

    private void assertFinished(int kill) throws Exception {
        Manifest manifest = Captures.complete(capture);
        assertEquals("killed", manifest.window().endedBy());
        assertTrue(manifest.segments().size() > 1, "segments of kill " + kill);
        long recorded = manifest.counts().stream().filter(c -> c.ringClass().equals("io"))
                .mapToLong(Manifest.Count::recorded).sum();
        assertEquals(List.of(Long.toString(recorded)), Captures.ask(capture, "SELECT count(*) FROM io"));
        assertEquals(List.of("0"), Captures.ask(capture, "SELECT count(*) FROM (SELECT tid, ts_ns FROM io GROUP BY ALL"
                + " HAVING count(*) > 1)"), "calls that are there twice");
        assertEquals(List.of(directory.toRealPath() + "/flood|1"), Captures.ask(capture, "SELECT path, count(DISTINCT ino)"
                + " FROM open WHERE path LIKE '%/flood' GROUP BY path"));
    }

    @Test
    void aLogThatWasNotRolledIsRolledLaterWithoutRootsPowers() throws Exception {
        Runs.Result result = Runs.run("record", "-q", "--no-roll", "-o", capture.toString(), "--", "true");
        assertEquals(0, result.status(), result.err().toString());
        assertEquals(Manifest.State.RECORDED, new CaptureDirectory(capture).readManifest().state());
        assertFalse(Files.exists(capture.resolve("tables")));
        assertEquals(0, Runs.run("verify", capture.toString()).status());
        List<String> powerless = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");
        Runs.Result roll = Runs.run(Runs.under(powerless, Runs.recorder("roll", "-q", "--keep-log", capture.toString())));
        assertEquals(new Runs.Result(0, List.of(), List.of()), roll);
        assertEquals("command", Captures.complete(capture).window().endedBy());
        assertEquals(List.of("1|1|1"), Captures.ask(capture, "SELECT (SELECT count(*) FROM fork), (SELECT count(*) FROM exec),"
                + " (SELECT count(*) FROM exit)"));
        assertTrue(Files.exists(capture.resolve("log/000001.silog")), "--keep-log");
    }

    @Test
    void theLogIsKeptWhereAskedAndElseGone() throws Exception {
        for (String option : List.of("--keep-log", "--quiet")) {
            capture = directory.resolve("capture" + option);
            assertEquals(0, Runs.run("record", option, "-o", capture.toString(), "--", "true").status());
            Captures.complete(capture);
            try (Stream<Path> log = Files.list(capture.resolve("log"))) {
                assertEquals(option.equals("--keep-log") ? List.of("000001.silog") : List.of(),
                        log.map(f -> f.getFileName().toString()).toList());
            }
        }
    }
}
