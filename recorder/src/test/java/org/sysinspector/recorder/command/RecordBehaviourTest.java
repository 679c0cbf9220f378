// SPDX-License-Identifier: Apache-2.0
// What a recording says of processes, threads, names and namespaces that are easy to get wrong, and of the recorder itself.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;

/** Records on the running kernel. Needs root. */
class RecordBehaviourTest {
    private static final int SUDO_UID = 12345;
    private static final int SUDO_GID = 54321;
    private static final int STORM = 10_007;
    private static final int RACES = 101;

    @TempDir
    private Path directory;

    private Path capture;

    @BeforeEach
    void nameACapture() {
        capture = directory.resolve("capture");
    }

    /** Records a command, which must end with a status, and loses nothing. */
    private Manifest record(int status, String... command) throws Exception {
        List<String> line = Runs.under(Runs.recorder("record", "-o", capture.toString(), "--"), List.of(command));
        Runs.Result result = Runs.run(line);
        assertEquals(status, result.status(), result.err().toString());
        Manifest manifest = Captures.complete(capture);
        assertEquals(0, Captures.lost(manifest), "lost");
        return manifest;
    }

    private List<String> ask(String query) throws Exception {
        return Captures.ask(capture, query);
    }

    @Test
    void theRecorderIsNotInItsOwnTablesAndStartsNothingButTheCommand() throws Exception {
        Path watched = directory.resolve("watched");
        Runs.Running watcher = Runs.start(new ProcessBuilder(Runs.recorder("record", "-o", capture.toString())));
        watcher.awaitLine("recording to ");
        List<Long> pids = new ArrayList<>(List.of(watcher.process().pid()));
        for (List<String> line : List.of(
                Runs.recorder("record", "-q", "--no-roll", "-o", watched.toString(), "--", "true"),
                Runs.recorder("roll", "-q", watched.toString()), Runs.recorder("verify", "-q", watched.toString()))) {
            Runs.Running run = Runs.start(new ProcessBuilder(line));
            pids.add(run.process().pid());
            assertEquals(new Runs.Result(0, List.of(), List.of()), run.finish());
        }
        watcher.process().toHandle().destroy();
        assertEquals(0, watcher.finish().status());

        // What the launcher did before it became java is not meant: its executions are earlier ones.
        assertEquals(List.of(pids.get(1) + "|1"), ask("SELECT parent_pid, count(*) FROM fork WHERE NOT is_thread AND"
                + " parent_pid IN " + pids.toString().replace('[', '(').replace(']', ')') + " AND (parent_pid, parent_exec_no) IN"
                + " (SELECT (pid, max(exec_no)) FROM exec GROUP BY pid) GROUP BY ALL"));
        assertEquals(List.of("0|0"), own(pids.get(0), capture), "of the one that watched");
        assertEquals(List.of("0|1"), own(pids.get(1), watched), "of the one that was watched");
    }

    private static List<String> own(long pid, Path capture) throws Exception {
        return Captures.ask(capture, "SELECT count(*) FILTER (what <> 'parent'), count(*) FILTER (what = 'parent') FROM ("
                + "SELECT 'parent' AS what FROM fork WHERE parent_pid = " + pid
                + Stream.of("exec", "exit", "open", "io", "name_op", "file", "snapshot")
                        .map(t -> " UNION ALL SELECT '" + t + "' FROM " + t + " WHERE pid = " + pid).reduce("", String::concat)
                + " UNION ALL SELECT 'child' FROM fork WHERE child_pid = " + pid + ")");
    }

    @Test
    void aCaptureIsPrivateAndBelongsToTheUserBehindSudo() throws Exception {
        Path deep = directory.resolve("new/capture");
        Path there = Files.createDirectory(directory.resolve("there"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-x---"));
        Runs.Result refused = Runs.start(new ProcessBuilder(Runs.recorder("record", "-o", there.toString(), "--", "true"))).finish();
        assertEquals(2, refused.status(), refused.toString());
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(there)), "left alone");
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwx------"));
        Files.setAttribute(there, "unix:uid", SUDO_UID);
        Files.setAttribute(there, "unix:gid", SUDO_GID);
        for (Path output : List.of(deep, there)) {
            sudo(Runs.recorder("record", "-q", "--no-roll", "-o", output.toString(), "--", "true"));
            assertPrivate(output);
            sudo(Runs.recorder("roll", "-q", "--keep-log", output.toString()));
            assertPrivate(output);
        }
        assertPrivate(directory.resolve("new"));
        record(0, "true");
        assertEquals(0, Files.getAttribute(capture.resolve("manifest.json"), "unix:uid"), "nobody behind sudo");
    }

    private static void sudo(List<String> line) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(Map.of("SUDO_UID", String.valueOf(SUDO_UID), "SUDO_GID", String.valueOf(SUDO_GID)));
        assertEquals(new Runs.Result(0, List.of(), List.of()), Runs.start(builder).finish());
    }

    private static void assertPrivate(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                assertEquals(Files.isDirectory(file) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
                assertEquals(SUDO_UID, Files.getAttribute(file, "unix:uid"), file.toString());
                assertEquals(SUDO_GID, Files.getAttribute(file, "unix:gid"), file.toString());
            }
        }
    }

    @Test
    void processesInAPidNamespaceHaveTheHostsPidAndTheInnerOne() throws Exception {
        Path said = directory.resolve("said");
        record(3, "unshare", "-p", "-f", "--mount-proc", "sh", "-c", "echo $$ >\"$0\"; /bin/true; exit 3", said.toString());
        assertEquals("1\n", Files.readString(said));
        assertEquals(List.of("unshare|true", "sh|1", "true|2"), ask("SELECT exec.comm, CASE WHEN ns_pid = pid THEN 'true'"
                + " ELSE ns_pid::VARCHAR END FROM exec WHERE ret = 0 ORDER BY exec.ts_ns"));
        assertEquals(List.of("sh|1|3", "true|2|0"), ask("SELECT exec.comm, fork.ns_pid, exit_code FROM fork JOIN exec"
                + " ON proc_key = child_key AND pid = child_pid AND ret = 0 JOIN exit USING (proc_key) WHERE parent_pid IN"
                + " (SELECT pid FROM exec WHERE comm IN ('unshare', 'sh')) AND child_pid <> fork.ns_pid ORDER BY fork.ts_ns"));
    }

    @Test
    void aRecorderInAPidNamespaceRecordsTheCommandAndNotItself() throws Exception {
        List<String> line = Runs.recorder("record", "-o", capture.toString(), "--", "sh", "-c", "/bin/true; exit 3");
        Runs.Result result = Runs.run(Runs.under(List.of("unshare", "-p", "-f", "--mount-proc"), line));
        assertEquals(3, result.status(), result.err().toString());
        assertEquals(0, Captures.lost(Captures.complete(capture)));
        assertEquals(List.of("sh", "true"), ask("SELECT comm FROM exec WHERE ret = 0 ORDER BY ts_ns"));
        assertEquals(List.of("2|2"), ask("SELECT (SELECT count(*) FROM fork), (SELECT count(*) FROM exit)"));

        capture = directory.resolve("whole");
        line = Runs.recorder("record", "-o", capture.toString(), "--all", "--", "sh", "-c", "/bin/true; exit 3");
        assertEquals(3, Runs.run(Runs.under(List.of("unshare", "-p", "-f", "--mount-proc"), line)).status());
        long recorder = Captures.complete(capture).filter().excludedPid();
        assertEquals(List.of(recorder + "|sh"), ask("SELECT parent_pid, exec.comm FROM fork JOIN exec ON proc_key = child_key"
                + " WHERE ret = 0 AND parent_pid = " + recorder));
        assertEquals("0|1", own(recorder, capture).get(0));
    }

    @Test
    void pathsAreThoseThatTheProcessSeesThroughMountsAndFromWhereItWent() throws Exception {
        String base = Files.createDirectories(directory.toRealPath().resolve("base/real/nested")).getParent().getParent().toString();
        Files.createDirectory(Path.of(base, "bound"));
        Files.writeString(Path.of(base, "real/plain"), "plain");
        record(1, "unshare", "-m", "sh", "-c", """
                mount --bind "$0/real" "$0/bound" && mount -t tmpfs none "$0/bound/nested" || exit 9
                echo x >"$0/bound/nested/file"
                cat "$0/bound/plain" >/dev/null
                cd "$0/bound/nested"
                : >relative
                cd ..
                cat ./nested/relative nested/../plain
                mkdir nested/deep && mount --bind "$0/real" nested/deep && cat nested/deep/plain
                cat missing 2>/dev/null""", base);
        assertEquals(List.of("nested/file|true", "plain|true", "nested/relative|true", "nested/relative|true", "plain|true",
                "nested/deep/plain|true", "missing|-2"),
                ask("SELECT substr(path, length('" + base + "/bound/') + 1), CASE WHEN ret >= 0 THEN 'true' ELSE ret::VARCHAR END"
                        + " FROM open WHERE starts_with(path, '" + base + "/bound/') ORDER BY ts_ns"));
        assertEquals(List.of(base + "/bound/nested", base + "/bound"), ask(
                "SELECT DISTINCT ON (cwd) cwd FROM exec WHERE starts_with(cwd, '" + base + "') AND comm = 'cat' AND cwd <> '"
                + base + "/bound/nested' UNION ALL SELECT '" + base + "/bound/nested' ORDER BY 1 DESC"));
    }

    @Test
    void aThreadThatExecutesAProgramIsTheProcessFromThenOn() throws Exception {
        record(5, Runs.behaviour(directory).toString(), "exec-in-thread");
        assertEquals(List.of("1|true|exec-in-thread", "2|true|5"), ask(
                "SELECT exec_no, tid = pid, argv[-1] FROM exec ORDER BY ts_ns"));
        assertEquals(List.of("2|5|0"), ask("SELECT exec_no, exit_code, signal FROM exit"));
        assertEquals(List.of("2"), ask("SELECT count(*) FROM fork WHERE is_thread AND child_pid = parent_pid"));
        assertEquals(List.of("1"), ask("SELECT count(DISTINCT proc_key) FROM (SELECT proc_key FROM exec UNION ALL"
                + " SELECT proc_key FROM exit UNION ALL SELECT proc_key FROM io UNION ALL SELECT proc_key FROM open)"));
    }

    @Test
    void aProcessWhoseMainThreadEndsFirstEndsOnceAndWithItsLastThread() throws Exception {
        Path file = directory.toRealPath().resolve("later");
        record(0, Runs.behaviour(directory).toString(), "main-thread-ends-first", file.toString());
        assertEquals("later", Files.readString(file));
        assertEquals(List.of("0|0"), ask("SELECT exit_code, signal FROM exit"));
        assertEquals(List.of("true|true|true|write|5"), ask("SELECT io.pid = exit.pid, io.tid <> io.pid, io.ts_ns < exit.ts_ns,"
                + " op, bytes FROM io, exit, open WHERE open.path = '" + file + "' AND io.ino = open.ino AND io.dev = open.dev"));
    }

    @Test
    void processesWhoseThreadsAllEndAtOnceEndOnce() throws Exception {
        record(0, Runs.behaviour(directory).toString(), "race", String.valueOf(RACES));
        assertEquals(List.of((RACES + 1) + "|" + (RACES + 1)), ask("SELECT count(*), count(DISTINCT proc_key) FROM exit"));
        assertEquals(List.of(RACES + "|" + RACES * 7), ask(
                "SELECT count(*) FILTER (NOT is_thread) - 1, count(*) FILTER (is_thread) FROM fork"));
    }

    @Test
    void aStormOfProcessesIsKeptToTheLast() throws Exception {
        record(0, Runs.behaviour(directory).toString(), "storm", String.valueOf(STORM));
        assertEquals(List.of(STORM + "|" + STORM + "|" + STORM), ask("SELECT count(*), count(DISTINCT child_key),"
                + " count(*) FILTER (exit_code = argv[3]::INT AND argv[2] = 'leaf') FROM fork JOIN exec ON exec.proc_key = child_key"
                + " JOIN exit ON exit.proc_key = child_key WHERE parent_pid = (SELECT pid FROM exec WHERE argv[2] = 'storm')"));
        assertEquals(List.of((STORM + 1) + "|" + (STORM + 1) + "|" + (STORM + 1)), ask("SELECT (SELECT count(*) FROM fork),"
                + " (SELECT count(*) FROM exec), (SELECT count(*) FROM exit)"));
    }
}
