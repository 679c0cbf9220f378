// SPDX-License-Identifier: Apache-2.0
// What is said where events were lost: that, when, how much, and which figures are lower bounds.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossReportTest {
    private static final String LOSS = "== loss: from_ns, to_ns, cpu, class, reason, lost\n";
    private static final String NOTE = "note: at least 37 events were lost (class io 27, lifecycle 6 or more, names 4): "
            + "see view lossy_interval\n";

    @TempDir
    Path temp;

    @Test
    void theReportSaysFirstThatEventsWereLostThenWhenAndWhere() throws Exception {
        Cli cli = Cli.run("report", Fixture.of("lossy").ringMemory(64L << 20).write(temp));
        assertEquals("", cli.notes());
        String text = cli.out();
        assertEquals("web1  2026-11-21 12:03:01 UTC +10.0 s  kernel 6.18.1  18 events  lost at least 37 (see LOST)",
                text.lines().skip(1).findFirst().orElseThrow());
        contains(text, "  12:03:03.0 +2.0 s                       io                      25     2  ring full\n",
                "  12:03:07.0 +600 ms                      lifecycle        6 or more     -  block damaged\n",
                "sys-inspector record --ring-memory 128MiB\n  (they had 64 MiB together)", "sys-inspector verify CAPTURE",
                "33 operations (seen 11), 1.0 KiB read (seen 1.0 KiB), 100\n  MiB written (seen 48 MiB)");
    }

    @Test
    void aFigureThatFallsInALossyIntervalCarriesItsBound() throws Exception {
        Path capture = Fixture.of("lossy").write(temp);
        for (String command : List.of("report", "spikes")) {
            contains(Cli.run(command, capture).out(), "write burst  at least 480 MiB/s, 48 MiB in all (normal: none), "
                    + "up to 22\n     operations lost in this interval");
        }
        contains(Cli.run("report", capture).out(), "  Lower bounds: up to 27 operations lost, see LOST.\n",
                "Lower bounds: up to 4 name events and an unknown number of lifecycle events lost, see LOST.");
    }

    @Test
    void aSpikeOutsideOfTheLossyIntervalsCarriesNone() throws Exception {
        Path capture = Fixture.of("spikes").add(LOSS + """
                4300ms | 5000ms | 1 | io | ring_full | 17
                6000ms | 6500ms | 1 | lifecycle | ring_full | 1
                7900ms | 8000ms | - | unknown | block_damaged | 0
                """).write(temp);
        String text = Cli.run("spikes", capture).out();
        contains(text, "write burst  213 MiB/s, 64 MiB in all (normal: next to none)\n",
                "at least 30 processes started (normal: none), up to 1 lifecycle event lost\n     in this interval",
                "at least 100 opens failed (normal: none), an unknown number of name events\n     lost in this interval");
    }

    @Test
    void whoShowsTheExactCountBesideWhatWasSeen() throws Exception {
        contains(Cli.run("report", Fixture.of("lossy").write(temp)).out(),
                "WHO (by birth, with descendants)                 read     exact   written     exact      CPU   procs\n",
                "    dd of=/var/big (200)                            -         -    48 MiB   100 MiB   2.0 ms       1\n",
                "    sort list (300)                           1.0 KiB         =         -         -   2.0 ms       1\n",
                "    cat list (500)                                  -         -         -     700 B   2.0 ms       1\n",
                "  old (400)                                         -         ?      10 B         ?        -       1\n");
    }

    @Test
    void theSmallPagesSayItFirstAndKeepToAHundredColumns() throws Exception {
        Path capture = Fixture.of("lossy").write(temp);
        for (String command : List.of("report", "tree", "files", "spikes")) {
            Cli cli = Cli.run(command, capture);
            assertEquals(0, cli.code(), cli.err());
            assertTrue(command.equals("report") || cli.answer().startsWith("LOST at least 37 events: "), cli.out());
            cli.out().lines().forEach(l -> assertTrue(l.length() <= 100, l));
        }
        contains(Cli.run("tree", capture).out(), "w 100 MiB*\n", "r 1.0 KiB\n", "* the kernel's exact count");
        for (String command : List.of("tree", "files", "spikes")) {
            assertEquals(NOTE, Cli.run(command, capture, "--format", "json").notes());
        }
    }

    @Test
    void sqlNotesOnceThatEventsWereLost() throws Exception {
        Cli cli = Cli.run("sql", Fixture.of("lossy").write(temp.resolve("lossy")), "SELECT 1; SELECT 2");
        assertEquals(0, cli.code());
        assertEquals(NOTE, cli.notes());
        Path one = new Fixture().add(LOSS + "3000ms | 4000ms | 1 | io | ring_full | 1\n").write(temp.resolve("one"));
        assertEquals("note: 1 event was lost (class io 1): see view lossy_interval\n",
                Cli.run("sql", one, "SELECT 1").notes());
        assertEquals("", Cli.run("sql", Fixture.of("build").write(temp.resolve("build")), "SELECT 1").notes());
    }

    @Test
    void jsonAndHtmlCarryTheSame() throws Exception {
        Path capture = Fixture.of("lossy").write(temp);
        JsonNode report = new ObjectMapper().readTree(Cli.run("report", capture, "--format", "json").out());
        JsonNode loss = report.get("loss");
        assertEquals(37, loss.get("lost").asLong());
        assertFalse(loss.get("counted").asBoolean());
        assertEquals(4, loss.get("intervals").size());
        assertEquals(25, loss.get("intervals").get(0).get("lost").asLong());
        assertEquals(33, loss.get("exact").get("ops").asLong());
        assertEquals(11, loss.get("exact").get("seen_ops").asLong());
        assertEquals(22, report.get("happenings").get(0).get("lost").asLong());
        assertEquals(27, report.get("files").get(0).get("lost").asLong());
        assertEquals(104858500, report.get("processes").get(0).get("exact_written_bytes").asLong());
        String html = Cli.run("report", capture, "--format", "html").out();
        contains(html, "lost at least 37 (see LOST)</h1>", "<section class=\"lost\">",
                "at least 480 MiB/s, 48 MiB in all (normal: none), up to 22 operations lost in this interval",
                "sys-inspector record --ring-memory 256MiB");
    }

    @Test
    void aCaptureWithoutTotalsStillWorks() throws Exception {
        Path capture = Fixture.of("build").add(LOSS + "2000ms | 3000ms | 1 | io | ring_full | 17\n").write(temp);
        String text = Cli.run("report", capture).out();
        assertTrue(text.lines().skip(1).findFirst().orElseThrow().endsWith("  lost 17 (see LOST)"), text);
        contains(text, "WHO (by birth, with descendants)        read   written    device ");
        assertFalse(text.contains("exact count"), text);
        assertEquals("known\n0\n", Cli.run("sql", capture, "SELECT count(exact_ops) + count(tree_exact_ops) AS known "
                + "FROM process", "--format", "csv").out());
    }

    @Test
    void aCaptureThatLostNothingSaysThatNoOperationIsMissing() throws Exception {
        Path capture = new Fixture().add("""
                == io: ts_ns, proc_key, pid, exec_no, tid, comm, op, dir, fd, bytes, ret, ops
                3000ms | @200 | 200 | 1 | 200 | dd | write | w | 3 | 4096 | 1024 | 4
                == total: ts_ns, proc_key, pid, exec_no, tid, read_ops, read_bytes, written_ops, written_bytes
                4000ms | @200 | 200 | 1 | 200 | 0 | 0 | 4 | 4096
                """).write(temp);
        String text = Cli.run("report", capture).out();
        contains(text, "By the kernel's exact count no operation is missing: 4 were made, 0 B read, 4.0 KiB written.");
        assertFalse(text.contains("LOST"), text);
    }

    @Test
    void whatOnlyTheManifestCountsMayHaveBeenLostAtAnyTime() throws Exception {
        Path capture = Fixture.of("spikes").counting("io", 20).counting("names", 3).counting("lifecycle", 0)
                .add(LOSS + "8500ms | 9000ms | 0 | io | ring_full | 17\n4000ms | 4100ms | 0 | names | ring_full | 3\n")
                .write(temp);
        assertEquals("""
                class,from_ns,to_ns,lost,reason
                io,1000000000,11000000000,20,"not_told, ring_full"
                names,4000000000,4100000000,3,ring_full
                """, Cli.run("sql", capture, "SELECT class, from_ns, to_ns, lost, reason FROM lossy_interval "
                + "ORDER BY from_ns", "--format", "csv").out());
        contains(Cli.run("spikes", capture).out(), "up to 3 operations lost in this interval");
    }

    @Test
    void damageWithoutAnEndLastsToTheEnd() throws Exception {
        Path capture = new Fixture().add(LOSS + "0 | 0 | - | unknown | block_damaged | 0\n"
                + "5000ms | 5000ms | 0 | io | block_damaged | 9\n").write(temp);
        assertEquals("class,from_ns,to_ns,lost,counted\nunknown,1000000000,11000000000,0,false\n"
                + "io,5000000000,5000000001,9,true\n", Cli.run("sql", capture,
                "SELECT class, from_ns, to_ns, lost, counted FROM lossy_interval ORDER BY from_ns", "--format", "csv").out());
        contains(Cli.run("report", capture).out(), "  lost at least 9 (see LOST)", "not known");
    }

    @Test
    void aCutReportCountsTheLossesThatTouchItsPartAndNoExactTotals() throws Exception {
        Path capture = Fixture.of("lossy").write(temp);
        Cli cli = Cli.run("report", capture, "--from", "+3500ms", "--to", "+5500ms");
        assertTrue(cli.answer().lines().findFirst().orElseThrow().endsWith("(cut)  kernel 6.18.1  18 events  lost 7 (see LOST)"),
                cli.out());
        assertFalse(cli.out().contains("exact count"), cli.out());
        assertEquals("n\n7\n", Cli.run("sql", capture, "--from", "+3500ms", "--to", "+5500ms",
                "SELECT sum(lost) AS n FROM lossy_interval", "--format", "csv").out());
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + "\n in \n" + text);
        }
    }
}
