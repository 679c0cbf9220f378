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
            noExecutionHasWhatIsAnothers(queries);
        }
        RecorderProcess.Result verified = RecorderProcess.run("verify", capture.toString());
        assertEquals(0, verified.status(), verified.output());
    }

    private static void modesAlternate(CaptureQueries queries) throws Exception {
        assertEquals(List.of("0"), queries.rows("WITH change AS (SELECT mode, lag(mode, 1, 'each') OVER (PARTITION BY cpu"
                + " ORDER BY ts_ns) AS before FROM pressure) SELECT count(*) FROM change WHERE mode = before"));
        assertTrue(Long.parseLong(queries.rows("SELECT count(*) FROM pressure WHERE mode = 'coalesce'").get(0)) > 0);
    }

    /** No execution has more than the kernel counted for it; so, with the sums equal, none has less than what was lost. */
    private static void noExecutionHasWhatIsAnothers(CaptureQueries queries) throws Exception {
        assertEquals(List.of(), queries.rows("WITH seen AS (SELECT proc_key, exec_no, tid, dir, sum(ops) AS ops, sum(bytes) AS"
                + " bytes FROM io GROUP BY ALL), exact AS (SELECT proc_key, exec_no, tid, sum(read_ops) AS r, sum(read_bytes) AS rb,"
                + " sum(written_ops) AS w, sum(written_bytes) AS wb FROM total GROUP BY ALL) SELECT seen.*, exact.* FROM seen LEFT"
                + " JOIN exact USING (proc_key, exec_no, tid) WHERE coalesce(seen.ops > if(dir = 'r', r, w) OR seen.bytes >"
                + " if(dir = 'r', rb, wb), true)"));
    }
}
