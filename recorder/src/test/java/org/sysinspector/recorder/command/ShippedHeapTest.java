// SPDX-License-Identifier: Apache-2.0
// Is ordinary work of many names and programs rolled in the memory that the launcher gives?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;

/** Starts the recorder by its launcher, options included. Needs root and BPF, and fails where it has not got them. */
class ShippedHeapTest {
    private static final int FILES = 100_003;
    private static final int EXECUTIONS = 100_003;
    private static final int THREADS = 10_007;
    private static final int PROCESSES = 5_003;
    private static final long MOST_MEMORY = 150L << 20;

    @TempDir
    private Path directory;

    @Test
    void aHundredThousandFilesWithLongNamesAreRecordedAndRolled() throws Exception {
        Path memory = Path.of("/dev/shm/" + directory.getFileName());
        Manifest manifest = record("files", String.valueOf(FILES), memory.toString());
        assertEquals(List.of(FILES + "|" + FILES + "|" + FILES), Captures.ask(directory.resolve("capture"),
                "SELECT (SELECT count(*) FROM open WHERE ret >= 0 AND flags & 64 > 0),"
                        + " (SELECT count(*) FROM io WHERE op = 'fsync'), (SELECT count(*) FROM name_op WHERE op = 'unlink')"));
        assertTrue(manifest.cost().maxRssAnonBytes() < MOST_MEMORY, manifest.cost().toString());
    }

    @Test
    void aHundredThousandExecutionsAreRecordedAndRolled() throws Exception {
        Path nothing = Runs.program(Path.of("../bench/nothing.c"), directory, "-static", "-nostdlib");
        Manifest manifest = record("execs", String.valueOf(EXECUTIONS), nothing.toString());
        assertEquals(List.of(EXECUTIONS + "|" + EXECUTIONS + "|" + EXECUTIONS), Captures.ask(directory.resolve("capture"),
                "SELECT count(*), count(DISTINCT x.proc_key), (SELECT count(*) FROM exit JOIN exec e USING (proc_key)"
                        + " WHERE e.path = '" + nothing + "') FROM exec x WHERE x.ret = 0 AND x.path = '" + nothing + "'"));
        assertTrue(manifest.cost().maxRssAnonBytes() < MOST_MEMORY, manifest.cost().toString());
    }

    @Test
    void threadsThatEndGiveTheirWritesTheirProcess() throws Exception {
        record("threads", String.valueOf(THREADS));
        assertEquals(List.of(THREADS + "|" + THREADS + "|1"), Captures.ask(directory.resolve("capture"),
                "SELECT count(*), count(DISTINCT tid), count(DISTINCT proc_key) FROM io WHERE op = 'write' AND bytes = 1"));
    }

    @Test
    void whatThreadsMovedThatEndedBeforeTheirProcessIsKeptForThousandsOfProcesses() throws Exception {
        record("processes", String.valueOf(PROCESSES));
        assertEquals(List.of(PROCESSES + "|" + PROCESSES + "|1|1"), Captures.ask(directory.resolve("capture"),
                "SELECT count(*), count(DISTINCT proc_key), min(wchar), max(wchar) FROM exit WHERE exec_no = 0"));
    }

    private Manifest record(String... work) throws Exception {
        Path program = Runs.program(Path.of("../bench/huge.c"), directory);
        Path capture = directory.resolve("capture");
        List<String> line = Runs.under(Runs.recorder("record", "-o", capture.toString(), "--", program.toString()),
                List.of(work));
        Runs.Result result = Runs.run(line);
        assertEquals(0, result.status(), result.err().toString());
        Manifest manifest = Captures.complete(capture);
        assertEquals(0, manifest.counts().stream().mapToLong(Manifest.Count::lost).sum());
        return manifest;
    }
}
