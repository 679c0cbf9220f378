// SPDX-License-Identifier: Apache-2.0
// Do operations that were put together under pressure add up to what the kernel counted?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;

/** Floods small rings with --on-pressure coalesce; needs root and BPF, and fails where it has not got them. */
class PressureTest {
    private static final int COPIES = 300_000;

    /** Two floods at a time, one of which goes on as another program; then one that ends in a wait, with runs unwritten. */
    private static final String FLOOD = "dd if=/dev/zero of=/dev/null bs=1 status=none count=" + COPIES + " & "
            + "sh -c 'i=0; while [ $i -lt 20000 ]; do echo x; i=$((i+1)); done >/dev/null; exec dd if=/dev/zero of=/dev/null"
            + " bs=3 status=none count=" + COPIES + "' & dd if=/dev/zero bs=7 status=none count=" + COPIES
            + " | (cat >/dev/null; cat /nonexistent 2>/dev/null; sleep 0.3) & wait";

    @TempDir
    private Path directory;

    @Test
    void whatIsPutTogetherAddsUpToTheTotalsOfTheKernelForEachExecution() throws Exception {
        Path capture = directory.resolve("capture");
        RecorderProcess.Result result = RecorderProcess.run("record", "-o", capture.toString(), "--ring-memory", "1MiB",
                "--on-pressure", "coalesce", "--keep-log", "--", "sh", "-c", FLOOD);
        assertEquals(0, result.status(), result.output());

        Manifest manifest = new CaptureDirectory(capture).readManifest();
        for (Manifest.Count count : manifest.counts()) {
            assertEquals(count.seen(), count.recorded() + count.lost(), count.ringClass());
        }
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            assertEquals(List.of("true"), queries.rows("SELECT max(ops) > 100 FROM io"), "it came under pressure");
            assertEquals(List.of("0"), queries.rows("SELECT count(*) FROM io WHERE ops > 1 AND (ret <> bytes OR"
                    + " latency_ns IS NULL OR op IN ('fsync', 'fdatasync', 'ftruncate'))"));
            assertEquals(List.of("0"), queries.rows("SELECT count(*) FROM io WHERE ops < 1"));
            assertEquals(List.of("true"), queries.rows("SELECT (SELECT sum(ops) FROM io) + (SELECT coalesce(sum(lost), 0)"
                    + " FROM loss WHERE class = 'io') = (SELECT sum(read_ops + written_ops) FROM total)"));
            modesAlternate(queries);
            if (manifest.lost() == 0) {
                eachExecutionAddsUp(queries);
            }
        }
        RecorderProcess.Result verified = RecorderProcess.run("verify", capture.toString());
        assertEquals(0, verified.status(), verified.output());
    }

    private static void modesAlternate(CaptureQueries queries) throws Exception {
        assertEquals(List.of("0"), queries.rows("WITH change AS (SELECT mode, lag(mode, 1, 'each') OVER (PARTITION BY cpu"
                + " ORDER BY ts_ns) AS before FROM pressure) SELECT count(*) FROM change WHERE mode = before"));
        assertTrue(Long.parseLong(queries.rows("SELECT count(*) FROM pressure WHERE mode = 'coalesce'").get(0)) > 0);
    }

    private static void eachExecutionAddsUp(CaptureQueries queries) throws Exception {
        String seen = "SELECT proc_key, exec_no, sum(ops) FILTER (dir = 'r') AS r, sum(bytes) FILTER (dir = 'r') AS rb,"
                + " sum(ops) FILTER (dir = 'w') AS w, sum(bytes) FILTER (dir = 'w') AS wb FROM io GROUP BY ALL";
        String exact = "SELECT proc_key, exec_no, nullif(sum(read_ops), 0), CASE WHEN sum(read_ops) > 0 THEN sum(read_bytes)"
                + " END, nullif(sum(written_ops), 0), CASE WHEN sum(written_ops) > 0 THEN sum(written_bytes) END FROM total"
                + " GROUP BY ALL";
        assertEquals(List.of(), queries.rows("(" + seen + ") EXCEPT (" + exact + ")"));
        assertEquals(List.of(), queries.rows("(" + exact + ") EXCEPT (" + seen + ")"));
    }
}
