// SPDX-License-Identifier: Apache-2.0
// Operations that share rows: what is said of them, and that every sum is as if each had a row of its own.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PressureTest {
    private static final String IO = "== io: ts_ns, latency_ns, proc_key, pid, exec_no, tid, comm, op, dir, fd, dev, ino, generation, "
            + "file_type, file_offset, bytes, ret, ops\n";
    private static final int BUCKET_MS = 100;
    /** Everything that is made from io, but for what only the single operations say. */
    private static final List<String> QUERIES = List.of(
            "SELECT * EXCLUDE (last_ns) FROM io_total ORDER BY ALL",
            "SELECT * FROM process ORDER BY ALL",
            "SELECT * FROM execution ORDER BY ALL",
            "SELECT * FROM exact_io ORDER BY ALL",
            "SELECT * FROM coverage ORDER BY ALL",
            "SELECT * FROM busy_file ORDER BY ALL",
            "SELECT path, op, sum(ops) AS ops, sum(bytes) AS bytes, sum(latency_ns) AS ns FROM file_io GROUP BY ALL ORDER BY ALL",
            "SELECT * FROM metric_bucket ORDER BY ALL",
            "SELECT * FROM spike ORDER BY ALL",
            "SELECT * EXCLUDE (longest_ns) FROM spike_part ORDER BY ALL",
            "SELECT * EXCLUDE (longest_ns) FROM spike_cause ORDER BY ALL");

    @TempDir
    Path temp;

    @Test
    void theReportSaysSinceWhenHowLongWhereAndHowMany() throws Exception {
        Path capture = Fixture.of("pressure").write(temp);
        String text = Cli.run("report", capture).out();
        contains(text.replaceAll("\\s+", " "), "Under pressure from 12:03:03.0 UTC on, for 1.1 s in all (CPUs 0, 1, 3), 4,003 operations"
                + " were put together in 2 rows: counts and sums hold, of the time of each only the mean is known.");
        contains(text.replaceAll("\\s+", " "), "By the kernel's exact count no operation is missing: 4,005 were made, 2.9 KiB read, 3.9 KiB written.");
        contains(Cli.run("report", capture, "--format", "html").out(), "<li>Under pressure from 12:03:03.0 UTC on, ");
        JsonNode pressure = new ObjectMapper().readTree(Cli.run("report", capture, "--format", "json").out()).get("pressure");
        assertEquals("{\"from_ns\":3000000000,\"wall\":\"12:03:03.0\",\"length_ns\":1100000000,\"cpus\":[\"0\",\"1\",\"3\"],\"times\":5,"
                + "\"ops\":4003,\"rows\":2}", pressure.toString());
        String before = Cli.run("report", capture, "--to", "+1500ms").out();
        assertFalse(before.contains("pressure"), before);
        String after = Cli.run("report", capture, "--from", "+5s").out().replaceAll("\\s+", " ");
        contains(after, "Under pressure from 12:03:10.9 UTC on, for 100 ms in all (CPU 0), operations could be put together; none were.");
    }

    @Test
    void whoAsksInSqlIsTold() throws Exception {
        String note = "note: under pressure operations share rows of io: count them with sum(ops), see view pressure_interval\n";
        Path capture = Fixture.of("pressure").write(temp.resolve("pressure"));
        assertEquals(note, Cli.run("sql", capture, "SELECT 1").notes());
        assertEquals("", Cli.run("sql", Fixture.of("build").write(temp.resolve("build")), "SELECT 1").notes());
    }

    @ParameterizedTest
    @ValueSource(longs = 20261122)
    void everySumIsAsIfEachOperationHadARowOfItsOwn(long seed) throws Exception {
        Random random = new Random(seed);
        StringBuilder each = new StringBuilder(IO);
        StringBuilder shared = new StringBuilder(IO);
        int rows = 0;
        long startMs = 1000;
        while (startMs < 10_900) {
            // Runs of calls alike, for a while far longer than usual.
            startMs += random.nextInt(BUCKET_MS) + 1;
            int ops = startMs / 300 == 17 ? 1200 : 1 + random.nextInt(40);
            boolean isSync = random.nextInt(6) == 0;
            boolean isRead = !isSync && random.nextBoolean();
            int pid = 200 + random.nextInt(3);
            String file = "2049 | " + (20 + random.nextInt(4)) + " | 1 | file";
            String head = " | @" + pid + " | " + pid + " | 0 | " + pid + " | dd | " + (isSync ? "fsync" : isRead ? "read" : "write")
                    + " | " + (isRead ? "r" : "w") + " | 3 | " + file + " | ";
            long latency = 0;
            long bytes = 0;
            for (int i = 0; i < ops; i++) {
                int took = 1 + random.nextInt(isSync ? 9_000_000 : 9_000);
                int moved = isSync ? 0 : 1 + random.nextInt(20_000);
                // All of a run begin within a millisecond, so in one bucket.
                each.append(startMs * 1_000_000 + i).append(" | ").append(took).append(head).append(bytes).append(" | ").append(moved)
                        .append(" | ").append(moved).append(" | 1\n");
                latency += took;
                bytes += moved;
            }
            shared.append(startMs * 1_000_000).append(" | ").append(latency).append(head).append(0).append(" | ").append(bytes)
                    .append(" | ").append(bytes).append(" | ").append(ops).append('\n');
            rows++;
            String failed = startMs + "ms | 1000" + head + "- | 0 | -5 | 1\n";
            each.append(failed);
            shared.append(failed);
        }
        Path one = new Fixture().add(each.toString()).write(temp.resolve("each"));
        Path other = new Fixture().add(shared.toString()).write(temp.resolve("shared"));
        assertEquals("n\n" + 2 * rows + "\n", Cli.run("sql", other, "SELECT count(*) AS n FROM io", "--format", "csv").out());
        String all = String.join(";\n", QUERIES);
        String answers = Cli.run("sql", one, all, "--format", "csv").out();
        assertEquals(answers, Cli.run("sql", other, all, "--format", "csv").out(), "seed=" + seed);
        contains(answers, ",ops,count,", ",read_bytes,bytes,", ",written_bytes,bytes,");
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + "\n in \n" + text);
        }
    }
}
