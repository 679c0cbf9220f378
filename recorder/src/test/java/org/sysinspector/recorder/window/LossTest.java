// SPDX-License-Identifier: Apache-2.0
// Is every event that had no place in its ring accounted for?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;

/** Overflows the smallest rings with a known number of operations; needs root and BPF, and fails where it has not got them. */
class LossTest {
    /** Each is a read and a write. */
    private static final int COPIES = 200_003;

    private static final String FLOOD = "dd if=/dev/zero of=/dev/null bs=1 status=none count=" + COPIES;

    @TempDir
    private Path directory;

    private Path overflow(int expectedStatus, String... options) throws Exception {
        Path capture = directory.resolve("capture");
        List<String> line = new ArrayList<>(List.of("record", "-o", capture.toString(), "--ring-memory", "64KiB"));
        line.addAll(List.of(options));
        line.addAll(List.of("--", "sh", "-c", FLOOD));
        RecorderProcess.Result result = RecorderProcess.run(line.toArray(String[]::new));
        assertEquals(expectedStatus, result.status(), result.output());
        assertTrue(result.output().contains("events were lost"), result.output());
        return capture;
    }

    @Test
    void whatIsSeenIsRecordedOrLostAndTheTotalsOfTheKernelAreExact() throws Exception {
        Path capture = overflow(0, "--keep-log");

        Manifest manifest = new CaptureDirectory(capture).readManifest();
        for (Manifest.Count count : manifest.counts()) {
            assertEquals(count.seen(), count.recorded() + count.lost(), count.ringClass());
        }
        assertTrue(manifest.lost() > 0, "the rings hold less than a hundredth of it");
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            assertEquals(List.of("true|true"), queries.rows("SELECT (SELECT sum(read_ops + written_ops) FROM total) = (SELECT"
                    + " sum(ops) FROM io) + (SELECT sum(lost) FROM loss WHERE class = 'io'), (SELECT sum(lost) FROM loss) = "
                    + manifest.lost()));
            assertEquals(List.of(String.valueOf(COPIES)), queries.rows("SELECT max(written_bytes) FROM total"),
                    "what dd wrote, whatever was lost of it");
        }
        RecorderProcess.Result verified = RecorderProcess.run("verify", capture.toString());
        assertEquals(0, verified.status(), verified.output());
        long lostIo = manifest.counts().stream().filter(c -> c.ringClass().equals("io")).findFirst().orElseThrow().lost();
        assertTrue(verified.output().contains("numbers of io  missing=" + lostIo + " "),
                "the numbers in the records themselves say so too: " + verified.output());
    }

    @Test
    void theLogOfARecorderThatWasKilledIsFoundGoodBeforeAndAfterItIsRolled() throws Exception {
        String capture = directory.resolve("killed").toString();
        Process recorder = RecorderProcess.startRecording("record", "-o", capture, "--", "sh", "-c", FLOOD + "; sleep 5");
        Thread.sleep(2000); // something is recorded
        recorder.destroyForcibly().waitFor();
        for (String step : List.of("verify", "roll --keep-log", "verify")) {
            List<String> line = new ArrayList<>(List.of(step.split(" ")));
            line.add(capture);
            RecorderProcess.Result result = RecorderProcess.run(line.toArray(String[]::new));
            assertEquals(0, result.status(), step + ": " + result.output());
        }
    }

    @Test
    void failOnLossGivesFourAndFinishesTheCapture() throws Exception {
        Path capture = overflow(4, "--fail-on-loss");

        assertEquals(Manifest.State.COMPLETE, new CaptureDirectory(capture).readManifest().state());
    }
}
