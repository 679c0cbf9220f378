// SPDX-License-Identifier: Apache-2.0
// Does record --no-latency keep all but the times that it says it does not take?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;

/** Needs root and BPF, and fails where it has not got them. */
class NoLatencyTest {
    private static final int COPIES = 200_000;

    @TempDir
    private Path directory;

    @Test
    void everyOperationIsThereAndNoneHasALatencyPutTogetherOrNot() throws Exception {
        Path capture = directory.resolve("capture");
        RecorderProcess.Result result = RecorderProcess.run("record", "--no-latency", "-o", capture.toString(),
                "--ring-memory", "1MiB", "--on-pressure", "coalesce", "--", "dd", "if=/dev/zero", "of=/dev/null", "bs=1",
                "status=none", "count=" + COPIES);
        assertEquals(0, result.status(), result.output());

        assertEquals(List.of("si_sys_enter --no-latency was given"),
                new CaptureDirectory(capture).readManifest().probes().stream().filter(p -> !p.attached())
                        .map(p -> p.name() + " " + p.note()).toList());
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            assertEquals(List.of("0|0"), queries.rows(
                    "SELECT (SELECT count(latency_ns) FROM io), (SELECT count(latency_ns) FROM open)"));
            assertEquals(List.of("true"), queries.rows("SELECT sum(ops) + (SELECT coalesce(sum(lost), 0) FROM loss) ="
                    + " (SELECT sum(read_ops + written_ops) FROM total) FROM io"));
            assertTrue(Long.parseLong(queries.rows("SELECT sum(read_ops + written_ops) FROM total").get(0)) >= 2 * COPIES);
        }
    }
}
