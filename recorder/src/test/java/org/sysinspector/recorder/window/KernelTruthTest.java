// SPDX-License-Identifier: Apache-2.0
// Does a capture of the running kernel hold exactly what the truth workload did?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.recorder.truth.Truth;
import org.sysinspector.recorder.truth.TruthWorkload;

/** Loads the real programs, runs the real workload; needs root and BPF, and fails where it has not got them. */
class KernelTruthTest {
    private static final int ARGV_BYTES = 4096;

    @TempDir
    private Path directory;

    @RepeatedTest(3)
    void aCommandsTreeIsRecordedExactly() throws Exception {
        TruthWorkload workload = TruthWorkload.prepare(directory);
        Path capture = directory.resolve("capture");
        List<String> line = new ArrayList<>(List.of("record", "-o", capture.toString(), "--"));
        line.addAll(workload.command());
        RecorderProcess.Result result = RecorderProcess.run(line.toArray(String[]::new));
        assertEquals(0, result.status(), result.output());

        Truth truth = workload.report();
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            compare(truth, queries, 0);
            assertEquals(List.of(), queries.rows("SELECT DISTINCT pid FROM (SELECT pid FROM io UNION SELECT pid FROM exec"
                    + " UNION SELECT pid FROM exit UNION SELECT pid FROM open) WHERE pid NOT IN (" + pids(truth) + ")"),
                    "processes outside the tree");
        }
        assertEquals(0, RecorderProcess.run("verify", capture.toString()).status());
    }

    @RepeatedTest(3)
    void theWholeSystemWithAProcessAndADescriptorFromBeforeTheStartIsRecordedExactly() throws Exception {
        TruthWorkload workload = TruthWorkload.prepare(directory);
        Path capture = directory.resolve("capture");
        Truth truth;
        try (TruthWorkload.Held held = workload.hold()) {
            Process recorder = RecorderProcess.startRecording("record", "-o", capture.toString());
            truth = held.release();
            recorder.toHandle().destroy();
            RecorderProcess.Result result = RecorderProcess.finish(recorder);
            assertEquals(0, result.status(), result.output());
        }
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            compare(truth, queries, 1);
            assertEquals(List.of(workload.inherited() + "|file"), queries.rows(
                    "SELECT path, file_type FROM file WHERE cause = 'snapshot' AND pid = " + truth.rootPid()
                    + " AND path LIKE '%/inherited'"));
            assertEquals(List.of("truth|" + workload.program()), queries.rows(
                    "SELECT comm, exe FROM snapshot WHERE pid = " + truth.rootPid()));
        }
    }

    /** Compares all; begunBefore calls had started before the recording, so their latency cannot be known. */
    private static void compare(Truth truth, CaptureQueries queries, int begunBefore) throws Exception {
        assertEquals(List.of(), queries.rows("FROM loss"), "nothing is lost");
        assertEquals(List.of(begunBefore + "|0"), queries.rows("SELECT count(*) FILTER (latency_ns IS NULL), count(*) FILTER"
                + " (latency_ns <= 0) FROM io WHERE pid IN (" + pids(truth) + ")"), "latencies are known");
        compareIo(truth, queries);
        compareTotals(truth, queries);
        compareOpens(truth, queries);
        compareExecs(truth, queries);
        compareNames(truth, queries);
        compareProcesses(truth, queries);
        compareFiles(truth, queries);
    }

    private static String pids(Truth truth) {
        return Stream.concat(Stream.of(truth.rootPid()), truth.processes().stream().map(Truth.Child::pid))
                .map(String::valueOf).collect(Collectors.joining(","));
    }

    private static void compareIo(Truth truth, CaptureQueries queries) throws Exception {
        Map<String, long[]> expected = new TreeMap<>();
        for (Truth.Io io : truth.io()) {
            String key = Stream.of(io.pid(), io.tid(), io.fd(), io.op(), io.dir(), io.dev(), io.ino(), io.fileType())
                    .map(String::valueOf).collect(Collectors.joining("|"));
            long[] sums = expected.computeIfAbsent(key, k -> new long[4]);
            sums[0] += io.rows();
            sums[1] += io.bytes();
            sums[2] += io.retSum();
            sums[3] += io.offsetSum() == null ? -1 : io.offsetSum();
        }
        String files = truth.io().stream().map(i -> "(" + i.dev() + "," + i.ino() + ")").distinct()
                .collect(Collectors.joining(","));
        assertEquals(
                expected.entrySet().stream().map(e -> e.getKey() + "|" + e.getValue()[0] + "|" + e.getValue()[1] + "|"
                        + e.getValue()[2] + "|" + Math.max(e.getValue()[3], -1)).sorted().collect(Collectors.joining("\n")),
                queries.rows("SELECT pid, tid, fd, op, dir, dev, ino, file_type, sum(ops), sum(bytes), sum(ret),"
                        + " coalesce(sum(file_offset), -1) FROM io WHERE pid IN (" + pids(truth) + ") AND (dev, ino) IN ("
                        + files + ") GROUP BY ALL").stream().sorted().collect(Collectors.joining("\n")));
    }

    /** The kernel's own sums beside the events: equal where nothing is lost. */
    private static void compareTotals(Truth truth, CaptureQueries queries) throws Exception {
        String executions = " WHERE pid IN (" + pids(truth) + ") GROUP BY ALL ORDER BY ALL";
        assertEquals(
                queries.rows("SELECT pid, exec_no, tid, coalesce(sum(ops) FILTER (dir = 'r'), 0), coalesce(sum(bytes) FILTER"
                        + " (dir = 'r'), 0), coalesce(sum(ops) FILTER (dir = 'w'), 0), coalesce(sum(bytes) FILTER (dir = 'w'),"
                        + " 0) FROM io" + executions),
                queries.rows("SELECT pid, exec_no, tid, sum(read_ops), sum(read_bytes), sum(written_ops), sum(written_bytes)"
                        + " FROM total" + executions));
    }

    private static void compareOpens(Truth truth, CaptureQueries queries) throws Exception {
        assertEquals(
                truth.opens().stream().map(o -> Stream.of(o.pid(), o.tid(), o.path(), o.flags(), o.mode(), o.ret(), o.dev(),
                        o.ino()).map(String::valueOf).collect(Collectors.joining("|"))).sorted()
                        .collect(Collectors.joining("\n")),
                queries.rows("SELECT pid, tid, path, flags, mode, ret, coalesce(dev, 0), coalesce(ino, 0) FROM open"
                        + " WHERE pid IN (" + pids(truth) + ") AND (path = '" + truth.work() + "' OR starts_with(path, '"
                        + truth.work() + "/'))").stream().sorted().collect(Collectors.joining("\n")));
    }

    private static void compareExecs(Truth truth, CaptureQueries queries) throws Exception {
        assertEquals(
                truth.execs().stream().map(e -> e.pid() + "|" + e.execNo() + "|" + e.ret() + "|" + e.path() + "|" + e.exe()
                        + "|" + e.cwd() + "|" + kept(e.argv())).sorted().collect(Collectors.joining("\n")),
                queries.rows("SELECT pid, CASE WHEN ret < 0 THEN 0 ELSE exec_no END, ret,"
                        // execveat through a directory's descriptor: the kernel calls that directory /dev/fd/N
                        + " regexp_replace(path, '^/dev/fd/[0-9]+/', cwd || '/'), coalesce(exe, ''), cwd,"
                        + " array_to_string(argv, ' ; ') FROM exec WHERE pid IN (" + pids(truth) + ") AND (ret < 0 OR pid <> "
                        + truth.rootPid() + ")").stream().sorted().collect(Collectors.joining("\n")));
        assertEquals(List.of("1"), queries.rows("SELECT count(*) FROM exec WHERE argv_truncated AND pid IN (" + pids(truth)
                + ")"), "the one with 50 long arguments");
    }

    /** What a capture keeps of arguments: the first 4096 bytes, each argument with its end. */
    private static String kept(List<String> argv) {
        List<String> kept = new ArrayList<>();
        int room = ARGV_BYTES;
        for (String argument : argv) {
            int bytes = argument.replaceAll("\\\\x[0-9A-F]{2}", "?").length();
            if (room <= 0) {
                break;
            }
            kept.add(bytes + 1 <= room ? argument : argument.substring(0, room));
            room -= bytes + 1;
        }
        return String.join(" ; ", kept);
    }

    private static void compareNames(Truth truth, CaptureQueries queries) throws Exception {
        assertEquals(
                truth.names().stream().map(n -> n.pid() + "|" + n.op() + "|" + n.path() + "|" + n.newPath() + "|" + n.arg()
                        + "|" + n.ret()).collect(Collectors.joining("\n")),
                queries.rows("SELECT pid, op, path, new_path, arg, ret FROM name_op WHERE pid IN (" + pids(truth)
                        + ") ORDER BY ts_ns").stream().collect(Collectors.joining("\n")));
    }

    private static void compareProcesses(Truth truth, CaptureQueries queries) throws Exception {
        assertEquals(
                truth.processes().stream().map(c -> c.parentPid() + "|" + c.pid() + "|" + c.exitCode() + "|" + c.signal())
                        .sorted().collect(Collectors.joining("\n")),
                queries.rows("SELECT parent_pid, child_pid, exit_code, signal FROM fork JOIN exit ON proc_key = child_key"
                        + " WHERE NOT is_thread AND child_pid IN (" + pids(truth) + ") AND child_pid <> " + truth.rootPid())
                        .stream().sorted().collect(Collectors.joining("\n")));
        assertEquals(List.of(truth.rootPid() + "|" + truth.threadTid()), queries.rows(
                "SELECT child_pid, child_tid FROM fork WHERE is_thread AND child_pid = " + truth.rootPid()));
        int brief = truth.child("one_millisecond").pid();
        assertEquals(List.of("true"), queries.rows("SELECT exit.ts_ns - fork.ts_ns BETWEEN 1000000 AND 100000000 FROM fork"
                + " JOIN exit ON proc_key = child_key WHERE child_pid = " + brief));
    }

    private static void compareFiles(Truth truth, CaptureQueries queries) throws Exception {
        String work = truth.work();
        assertEquals(List.of(work + "/renamed.new|rename|" + work + "/renamed.old|true"), queries.rows(
                "SELECT path, cause, old_path, ino IS NOT NULL FROM file WHERE path = '" + work + "/renamed.new'"));
        assertEquals(List.of("true"), queries.rows("SELECT old.until_ns = new.since_ns FROM file old, file new WHERE old.path"
                + " = '" + work + "/renamed.old' AND new.path = '" + work + "/renamed.new' AND old.ino = new.ino"));
        assertEquals(List.of("create|true", "unlink|true"), queries.rows("SELECT cause, until_ns IS NOT NULL FROM file WHERE"
                + " path = '" + work + "/deleted.out' ORDER BY since_ns"));
        assertTrue(queries.rows("SELECT path FROM file WHERE path LIKE '" + work + "/odd%'").contains(
                work + "/odd\\x0A\"quoted\" back\\x5Cslash \\x1B[31m\\xFF\\xFE"));
    }

    @Test
    void theCommandsExitStatusIsReturned() throws Exception {
        assertEquals(7, RecorderProcess.run("record", "-q", "-o", directory.resolve("seven").toString(), "--", "sh", "-c",
                "exit 7").status());
        assertEquals(128 + 9, RecorderProcess.run("record", "-q", "-o", directory.resolve("killed").toString(), "--", "sh",
                "-c", "kill -9 $$").status());
        RecorderProcess.Result missing = RecorderProcess.run("record", "-o", directory.resolve("missing").toString(), "--",
                "no-such-program");
        assertEquals(127, missing.status());
        assertTrue(missing.output().contains("command not found: no-such-program"), missing.output());
    }
}
