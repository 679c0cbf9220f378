// SPDX-License-Identifier: Apache-2.0
// What report and tree say of small captures.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path temp;

    @Test
    void theReportSaysWhoCausedTheBurstOnWhichFileAndWhoStartedWhom() throws Exception {
        String text = Cli.run("report", Fixture.of("spikes").write(temp)).out();
        assertTrue(text.startsWith("ended by: duration; nothing is missing\nweb1  2026-11-21 12:03:01 UTC +10.0 s  kernel 6.18.1  "), text);
        contains(text, "bash > backup.sh > tar  ->  /var/backup/db.tar  (write, 4.0 MiB each)",
                "30 processes started", "bash > make > make -j2 x 30", "systemd > -bash (100)",
                "    sh backup.sh (300)", "      tar cf", "make -j2  x 30",
                "30 of 33 processes born in the window lived under 100 ms; polling once a second would have seen",
                "120 x ENOENT  /usr/include/none.h  (by make)", "also slow fsync  140 ms spent in it",
                "Not covered: memory-mapped files and io_uring.");
    }

    @Test
    void theReportNamesFailuresAndWhatWasNotSeen() throws Exception {
        String text = Cli.run("report", Fixture.of("build").write(temp)).out();
        contains(text, "1 x ENOENT  /usr/bin/foo  (by make)", "2 x ENOENT  /etc/ld.so.preload  (by true)",
                "1 x EACCES  /root/secret  (by sh)", "4.9 KiB (7.0 %) of the bytes that the kernel counted",
                "signal 9", "Nothing stands out against the window's own normal.", "Its own cost: CPU 40 ms",
                "Its BPF programs took about 0.2 % of a CPU, ");
    }

    @Test
    void aCutReportLooksAtItsPartOnly() throws Exception {
        Path capture = Fixture.of("spikes").write(temp);
        String text = Cli.run("report", capture, "--from", "12:03:06.5", "--to", "+9s").out();
        assertTrue(text.startsWith("ended by: duration; nothing is missing\nweb1  2026-11-21 12:03:06 UTC +3.5 s (cut)  "), text);
        assertTrue(!text.contains("db.tar  (write") && text.contains("100 opens failed"), text);
    }

    @Test
    void noLineExceedsAHundredColumns() throws Exception {
        Random random = new Random(42);
        StringBuilder fork = new StringBuilder("== fork: ts_ns, parent_key, parent_pid, parent_tid, parent_exec_no, "
                + "child_key, child_pid, child_tid, comm\n");
        StringBuilder exec = new StringBuilder("== exec: ts_ns, proc_key, pid, tid, exec_no, path, exe, argv, comm, ret\n");
        StringBuilder io = new StringBuilder("== io: ts_ns, latency_ns, proc_key, pid, exec_no, tid, comm, op, dir, fd, "
                + "dev, ino, generation, file_type, bytes, ops\n");
        StringBuilder file = new StringBuilder("== file: dev, ino, generation, path, file_type, since_ns, cause\n");
        for (int i = 0; i < 60; i++) {
            int pid = 200 + i;
            int parent = i < 30 ? pid - 1 : 200 + random.nextInt(i);
            String name = "n".repeat(1 + random.nextInt(15));
            fork.append(String.format("%dms | @%d | %d | %d | 1 | @%d | %d | %d | %s%n", 2000 + i, parent, parent, parent,
                    pid, pid, pid, name));
            exec.append(String.format("%dms | @%d | %d | %d | 1 | /%s | /%s | [%s; %s] | %s | %d%n", 2000 + i, pid, pid,
                    pid, "p".repeat(300), name, name, "a".repeat(random.nextInt(300)), name, i % 3 == 2 ? -2 : 0));
            io.append(String.format("%dms | 9000000000 | @%d | %d | 1 | %d | %s | %s | w | 3 | 1 | %d | 1 | file | %d | "
                    + "1%n", 5000 + i % 7, pid, pid, pid, name, i % 4 == 0 ? "fsync" : "copy_file_range", i,
                    1L << random.nextInt(50)));
            file.append(String.format("1 | %d | 1 | /%s/%d | file | 1s | open%n", i, "d".repeat(random.nextInt(400)), i));
        }
        Path capture = new Fixture().add(fork.toString()).add(exec.toString()).add(io.toString())
                .add(file.toString()).write(temp);
        for (List<Object> command : List.<List<Object>>of(List.of("report", capture), List.of("tree", capture),
                List.of("tree", capture, "--limit", 0), List.of("files", capture), List.of("spikes", capture))) {
            Cli cli = Cli.run(command.toArray());
            assertEquals(0, cli.code(), cli.err());
            cli.out().lines().forEach(l -> assertTrue(l.length() <= 100, command.get(0) + ": " + l));
        }
    }

    @Test
    void jsonHoldsTheSameFigures() throws Exception {
        JsonNode report = new ObjectMapper()
                .readTree(Cli.run("report", Fixture.of("spikes").write(temp), "--format", "json").out());
        JsonNode first = report.get("happenings").get(0);
        assertEquals("written_bytes", first.get("metric").asText());
        assertEquals(67109173, first.get("value").asLong());
        assertEquals(301, first.get("ancestor_pid").asInt());
        assertEquals(30, report.get("short_lived").get("processes").asInt());
        assertEquals(120, report.get("failures").get("opens").asInt());
        assertEquals("web1", report.get("window").get("host").asText());
    }

    @Test
    void theRecordersOwnCostIsInEachFormatAndOnlyWhereItWasCounted() throws Exception {
        Path counted = Fixture.of("build").write(temp.resolve("build"));
        JsonNode cost = new ObjectMapper().readTree(Cli.run("report", counted, "--format", "json").out()).get("recorder");
        assertEquals(40_000_000, cost.get("cpu_ns").asLong());
        assertEquals(0.0015, cost.get("programs").get("cpu_share").asDouble(), 1e-9);
        assertEquals(2, cost.get("programs").get("slices").asInt());
        contains(Cli.run("report", counted, "--format", "html").out(), "Its BPF programs took about 0.2 % of a CPU, ",
                "estimated from 2 slices of the time, 20 ms together");
        Path notCounted = Fixture.of("lossy").write(temp.resolve("lossy"));
        assertTrue(!Cli.run("report", notCounted).out().contains("BPF programs took"));
    }

    @Test
    void theTreeDrawsLifetimesExitsAndFoldsSiblings() throws Exception {
        Path spikes = Fixture.of("spikes").write(temp.resolve("spikes"));
        String text = Cli.run("tree", spikes).out();
        contains(text, "init (1)                                   ........................",
                "   |  +- ", "make -j2  x 30", "3.0 ms exit 0");
        Path build = Fixture.of("build").write(temp.resolve("build"));
        String one = Cli.run("tree", build, "--pid", 400).out();
        assertEquals(4, one.lines().count(), one); // the first says what ended the window
        contains(one, "sh -c dd if=a of=b (400)", "+- sh -c dd if=a of=b (410)", "exit 3");
        String at = Cli.run("tree", build, "--at", "+1450ms").out();
        assertTrue(at.contains("(410)") && !at.contains("(300)") && at.contains("(500)"), at);
        Cli none = Cli.run("tree", build, "--pid", 4711);
        assertEquals(1, none.code());
        assertEquals("sys-inspector analyze tree: no such process in the capture: pid=4711\n", none.err());
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + "\n in \n" + text);
        }
    }
}
