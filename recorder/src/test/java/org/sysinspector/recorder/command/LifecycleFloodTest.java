// SPDX-License-Identifier: Apache-2.0
// Are all processes kept whatever else overflows its rings?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;

/**
 * Starts thousands of processes while four others overflow the rings for io, or the one for names. Needs root and BPF, and fails
 * where it has not got them.
 */
class LifecycleFloodTest {
    private static final int STORM = 10_007;
    private static final int LESSER_STORM = 2_003;
    private static final int FLOODERS = 4;
    /** Calls before the first process starts: more than the rings take. */
    private static final int MILLION = 1_000_000;
    /** The rings for io take 560,000 operations at most, the one for names 50,000 opens, the one for lifecycle the storm. */
    private static final String RINGS = "32MiB";
    private static final String SMALLEST_RINGS = "64KiB";

    @TempDir
    private Path directory;

    @Test
    void everyProcessIsKeptThoughWritesOverflowTheirRingsAndTheReaderStandsStill() throws Exception {
        survives("io", RINGS, STORM, "storm-in-writes", "parent-stopped");
    }

    @Test
    void everyProcessIsKeptThoughAMillionOpensOverflowTheirRingAndTheReaderStandsStill() throws Exception {
        survives("names", RINGS, STORM, "storm-in-opens", "parent-stopped");
    }

    @Test
    void everyProcessIsKeptThoughWritesOverflowTheSmallestRings() throws Exception {
        survives("io", SMALLEST_RINGS, LESSER_STORM, "storm-in-writes", "parent-reading");
    }

    @Test
    void everyProcessIsKeptThoughAMillionOpensOverflowTheSmallestRing() throws Exception {
        survives("names", SMALLEST_RINGS, LESSER_STORM, "storm-in-opens", "parent-reading");
    }

    private void survives(String overflown, String rings, int storm, String flood, String parent) throws Exception {
        Path capture = directory.resolve("capture");
        Runs.Result result = Runs.run(Runs.recorder("record", "-o", capture.toString(), "--ring-memory", rings, "--",
                Runs.behaviour(directory).toString(), flood, String.valueOf(storm), String.valueOf(MILLION), parent));
        assertEquals(0, result.status(), result.err().toString());

        Manifest manifest = Captures.complete(capture);
        assertTrue(lost(manifest, overflown) > 0, overflown + " did not overflow");
        assertEquals(0, lost(manifest, "lifecycle"));
        assertEquals(List.of((storm + FLOODERS + 1) + "|" + (storm + 1) + "|" + (storm + FLOODERS + 1)), Captures.ask(capture,
                "SELECT (SELECT count(*) FROM fork), (SELECT count(*) FROM exec), (SELECT count(*) FROM exit)"));
        assertEquals(List.of(storm + "|" + storm + "|true|true|true"), Captures.ask(capture, "SELECT count(*),"
                + " count(DISTINCT child_key), bool_and(argv[2] = 'leaf' AND exit_code = argv[3]::INT AND signal = 0),"
                + " bool_and(fork.ts_ns < exec.ts_ns AND exec.ts_ns < exit.ts_ns AND child_pid = exec.pid),"
                + " bool_and(exec.exec_no = 1 AND exit.exec_no = 1 AND parent_exec_no = 1)"
                + " FROM fork JOIN exec ON exec.proc_key = child_key JOIN exit ON exit.proc_key = child_key"
                + " WHERE parent_key = (SELECT proc_key FROM exec WHERE argv[2] = '" + flood + "')"));
    }

    private static long lost(Manifest manifest, String ringClass) {
        return manifest.counts().stream().filter(c -> c.ringClass().equals(ringClass)).mapToLong(Manifest.Count::lost).sum();
    }
}
