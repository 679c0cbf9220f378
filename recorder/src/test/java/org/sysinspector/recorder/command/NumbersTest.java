// SPDX-License-Identifier: Apache-2.0
// Do the records themselves say which of their like were lost?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;

/**
 * Overflows the rings that all CPUs share; {@code LossTest} has those for io. Needs root and BPF, and fails where it has not
 * got them.
 */
class NumbersTest {
    /** Several times what the smallest ring for lifecycle takes. */
    private static final int STORM = 5_003;
    /** Many times what the smallest ring for names takes. */
    private static final int OPENS = 100_000;

    @TempDir
    private Path directory;

    @Test
    void lossesOfNamesAndLifecycleAreFoundAgainInTheNumbersOfWhatWasRecorded() throws Exception {
        Path capture = directory.resolve("capture");
        Runs.Result result = Runs.run(Runs.recorder("record", "-o", capture.toString(), "--ring-memory", "64KiB", "--keep-log",
                "--", Runs.behaviour(directory).toString(), "storm-in-opens", String.valueOf(STORM), String.valueOf(OPENS),
                "parent-stopped"));
        assertEquals(0, result.status(), result.err().toString());

        Manifest manifest = Captures.complete(capture);
        Runs.Result verified = Runs.run("verify", capture.toString());
        assertEquals(0, verified.status(), verified.err().toString());
        for (Manifest.Count count : manifest.counts()) {
            if (count.ringClass().equals("names") || count.ringClass().equals("lifecycle")) {
                assertTrue(count.lost() > 0 && count.recorded() > 0, count.toString());
                assertTrue(verified.out().stream().anyMatch(
                        l -> l.contains("numbers of " + count.ringClass() + "  missing=" + count.lost() + " ")),
                        count + ": " + verified.out());
            }
        }
    }
}
