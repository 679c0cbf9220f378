// SPDX-License-Identifier: Apache-2.0
// Does a capture tell what the recorder's own programs took?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.recorder.bpf.Probe;

/** Records with the kernel's statistics of BPF programs off and on. Needs root and BPF, and fails where it has not got them. */
class OwnCostTest {
    private static final Path STATISTICS = Path.of("/proc/sys/kernel/bpf_stats_enabled");
    private static final int CHILDREN = 101;
    private static final String LAST = " FROM recorder WHERE ts_ns = (SELECT max(ts_ns) FROM recorder)";
    /** Lasts for some samples, then starts children. */
    private static final String WORKLOAD = "sleep 2; i=0; while [ $i -lt " + CHILDREN + " ]; do (:); i=$((i + 1)); done; sleep 1";

    @TempDir
    private Path directory;

    private Path record() throws Exception {
        Path capture = directory.resolve("capture");
        RecorderProcess.Result result =
                RecorderProcess.run("record", "-q", "-o", capture.toString(), "--", "sh", "-c", WORKLOAD);
        assertEquals(0, result.status(), result.output());
        return capture;
    }

    private static void setStatistics(String value) throws IOException {
        Files.writeString(STATISTICS, value, StandardCharsets.US_ASCII);
    }

    @Test
    void aSliceOfEachSecondIsCountedForEveryProgram() throws Exception {
        setStatistics("0");
        Path capture = record();

        try (CaptureQueries queries = new CaptureQueries(capture)) {
            String names = Probe.CORE.hooks().keySet().stream().sorted().collect(Collectors.joining("|"));
            assertEquals(List.of(names), queries.rows("SELECT string_agg(program, '|' ORDER BY program)" + LAST
                    + " AND counted_ns > 0"));
            // Three seconds, a slice in each; the last is the window's end.
            assertEquals(List.of("true|true|true"), queries.rows("SELECT count(DISTINCT counted_ns) >= 3, max(counted_ns) <"
                    + " max(ts_ns) - min(ts_ns), bool_and(run_ns >= run_count) FROM recorder WHERE program = 'si_sys_exit'"));
            assertEquals(List.of("null|null|null"), queries.rows(
                    "SELECT max(run_count), max(run_ns), max(counted_ns) FROM recorder WHERE program = 'recorder'"));
            assertEquals(List.of("true"), queries.rows("SELECT max(run_count) > 0 FROM recorder WHERE program = 'si_sys_exit'"));
        }
    }

    @Test
    void withTheStatisticsOnEveryRunIsCounted() throws Exception {
        String before = new String(Files.newInputStream(STATISTICS).readNBytes(1), StandardCharsets.US_ASCII);
        setStatistics("1");
        Path capture;
        try {
            capture = record();
        } finally {
            setStatistics(before);
        }

        try (CaptureQueries queries = new CaptureQueries(capture)) {
            // What another process forked meanwhile is counted as well, though its tree is not recorded.
            List<String> runs = queries.rows("SELECT run_count" + LAST + " AND program = 'si_fork'");
            assertTrue(Long.parseLong(runs.get(0)) >= CHILDREN, runs.toString());
            assertEquals(List.of("true"), queries.rows("SELECT counted_ns > 2000000000" + LAST + " AND program = 'si_fork'"));
        }
    }
}
