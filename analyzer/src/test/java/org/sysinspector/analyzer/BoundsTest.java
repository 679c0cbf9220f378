// SPDX-License-Identifier: Apache-2.0
// Memory, disk and time are bounded, and what goes wrong is told in a line that says what to do.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.analyzer.output.Sink;

class BoundsTest {
    private static final Path LAUNCHER = Path.of("..", "sys-inspector").toAbsolutePath().normalize();

    @TempDir
    Path temp;

    private Path capture;

    @BeforeEach
    void writeCapture() throws Exception {
        capture = Fixture.of("build").write(temp.resolve("capture"));
    }

    @Test
    void aQueryThatNeedsTooMuchRoomSaysWhatToGiveIt() {
        for (String query : new String[] {"SELECT hash(range) AS a, 'text to carry along ' || range AS b FROM range(3000000) ORDER BY a, b",
            "CREATE TABLE t AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(8000000)", "SELECT list(range) FROM range(9000000)"}) {
            Cli cli = Cli.run("sql", capture, query, "--memory", "64MiB", "--spill", "2MiB", "--format", "csv");
            assertEquals(1, cli.code(), query);
            assertEquals("sys-inspector analyze sql: the query needs more room than it was given: memory=64MiB spill=2MiB; give it "
                    + "more: --memory 128MiB --spill 4MiB, or ask about less (--from, --to, WHERE)\n", cli.err(), query);
        }
    }

    @Test
    void aCommandThatTakesTooLongIsStoppedHoweverDeepItIsInItsWork() throws Exception {
        String endless = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range + b.range = 7";
        for (String timeout : new String[] {"1ms", "1s"}) {
            Process process = new ProcessBuilder(LAUNCHER.toString(), "analyze", "sql", capture.toString(), endless, "--timeout", timeout)
                    .redirectErrorStream(true).start();
            try {
                assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still at it, with --timeout " + timeout);
                assertEquals(1, process.exitValue());
                assertEquals("sys-inspector analyze sql: stopped, it took longer than --timeout " + timeout + "; give it more time, or ask "
                        + "about less (--from, --to, WHERE)\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNext() throws Exception {
        Path base = Path.of(System.getProperty("java.io.tmpdir"));
        Path dead = Files.createTempDirectory(base, "sys-inspector-");
        Files.createDirectories(dead.resolve("spill"));
        Files.writeString(dead.resolve("spill/duckdb_temp_block-1.block"), "x");
        Path foreign = Files.createTempDirectory(base, "sys-inspector-");
        Path precious = Files.writeString(temp.resolve("precious"), "x");
        Files.createSymbolicLink(dead.resolve("spill/link"), temp);
        Files.createSymbolicLink(foreign.resolve("lock"), precious);
        Files.writeString(dead.resolve("lock"), "");
        try {
            assertEquals(0, Cli.run("tables", capture).code());
            assertFalse(Files.exists(dead));
            assertTrue(Files.exists(precious), "a link was followed");
            assertTrue(Files.exists(foreign), "a directory that is not one of ours was removed");
        } finally {
            Files.delete(foreign.resolve("lock"));
            Files.delete(foreign);
        }
    }

    @Test
    void aFullDiskIsToldAndAReaderThatLeftIsNot() {
        assertEquals("cannot write to standard output: No space left on device", errorOf("No space left on device"));
        assertEquals("", errorOf("Broken pipe"));
        Cli full = Cli.run("sql", capture, "SELECT * FROM range(100000)", "-o", "/dev/full");
        assertEquals(1, full.code());
        assertEquals("sys-inspector analyze sql: cannot read or write: No space left on device\n", full.notes());
    }

    /** Returns what is told where standard output fails like this, without the name of the command. */
    private static String errorOf(String reason) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
        try (var sink = Sink.over(broken)) {
            sink.writer().append("text");
            sink.commit();
            return "nothing failed";
        } catch (Sink.ClosedException e) {
            return "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Test
    void absurdTimesAreToldInALine() throws Exception {
        Path absurd = new Fixture().query("io", "SELECT 9223372036854775807 AS ts_ns, 1 AS ops, 'read' AS op, 'r' AS dir")
                .query("exec", "SELECT 9223372036854775807 AS ts_ns, 'x' AS path, 'x' AS comm, 0 AS ret")
                .write(temp.resolve("absurd"));
        for (String command : new String[] {"report", "spikes", "tree", "files"}) {
            Cli cli = Cli.run(command, absurd);
            assertEquals(1, cli.code(), command + cli.out());
            assertTrue(cli.err().startsWith("sys-inspector analyze " + command + ": a file of the capture holds what cannot be: file="
                    + absurd.resolve("tables/exec/000001.parquet") + " column=ts_ns "), cli.err());
            assertEquals(1, cli.err().lines().count(), cli.err());
        }
    }

    @Test
    void tooManyBucketsAreRefusedWithALengthThatDoes() throws Exception {
        Cli cli = Cli.run("spikes", capture, "--bucket", "1ms");
        assertEquals(0, cli.code(), cli.err());
        Path year = new Fixture().lasting(365L * 86_400_000_000_000L).write(temp.resolve("year"));
        assertEquals(0, Cli.run("report", year).code());
        Cli refused = Cli.run("spikes", year, "--bucket", "100ms");
        assertEquals(1, refused.code());
        assertTrue(refused.err().matches("(?s)sys-inspector analyze spikes: too many buckets: .*--bucket [0-9]+m?s.*\n"), refused.err());
    }
}
