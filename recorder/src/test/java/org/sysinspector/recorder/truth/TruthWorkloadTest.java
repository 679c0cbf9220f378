// SPDX-License-Identifier: Apache-2.0
// Does the truth workload do what the tests of the recorder count on?
package org.sysinspector.recorder.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthWorkloadTest {
    @TempDir
    private Path directory;

    private Truth run() throws Exception {
        TruthWorkload workload = TruthWorkload.prepare(directory);
        Process process = new ProcessBuilder(workload.command()).inheritIO().start();
        assertEquals(0, process.waitFor());
        assertEquals(process.pid(), workload.report().rootPid(), "the shell gives its process to the workload");
        return workload.report();
    }

    @Test
    void itDoesAPrimeNumberOfEachThing() throws Exception {
        Truth truth = run();

        Map<String, Long> rowsByFile = truth.io().stream()
                .filter(i -> i.path().startsWith(truth.work() + "/"))
                .collect(Collectors.groupingBy(
                        i -> i.path().substring(truth.work().length() + 1) + " " + i.op() + " " + i.dir(),
                        Collectors.summingLong(Truth.Io::rows)));
        assertEquals(10_007, rowsByFile.get("write.out write w"));
        assertEquals(1_009, rowsByFile.get("read.in read r"));
        assertEquals(11, rowsByFile.get("vector.in readv r"));
        assertEquals(7, rowsByFile.get("sendfile.out sendfile w"));
        assertEquals(29, rowsByFile.get("thread.out write w"));
        assertEquals(31, rowsByFile.get("daemon.out write w"));
        assertEquals(3, rowsByFile.get("renamed.old write w"));
        assertEquals(2, rowsByFile.get("renamed.new write w"));
        assertEquals(5, rowsByFile.get("deleted.out write w"));
        assertEquals(3, rowsByFile.get("odd\\x0A\"quoted\" back\\x5Cslash \\x1B[31m\\xFF\\xFE write w"));
        assertEquals(17, truth.rows(truth.rootPid(), "sendto", "w"));
        assertEquals(2, truth.rows(truth.rootPid(), "recvmmsg", "r"));

        assertEquals(101, truth.opens().size());
        assertEquals(7, truth.opens().stream().filter(o -> o.ret() < 0).count());
        assertEquals(23, truth.execs().stream().filter(e -> e.ret() == 0).count());
        assertEquals(3, truth.execs().stream().filter(e -> e.ret() < 0).count());
    }

    @Test
    void itBearsAndEndsProcessesInEveryWay() throws Exception {
        Truth truth = run();

        assertEquals(42, truth.child("exit_42").exitCode());
        assertEquals(9, truth.child("killed").signal());
        assertEquals(truth.child("intermediate").pid(), truth.child("daemon").parentPid());
        assertEquals(truth.rootPid(), truth.child("one_millisecond").parentPid());
        assertNotEquals(truth.rootPid(), truth.threadTid());
        List<Integer> numbers = truth.execs().stream().map(Truth.Exec::execNo).distinct().sorted().toList();
        assertEquals(List.of(0, 1, 2), numbers);
    }

    @Test
    void aHeldWorkloadDoesNothingBeforeItsReleaseAndThenReadsTheFileItWasGiven() throws Exception {
        TruthWorkload workload = TruthWorkload.prepare(directory);
        try (TruthWorkload.Held held = workload.hold()) {
            assertTrue(Files.notExists(workload.work().resolve("marker")));
            Truth truth = held.release();

            assertEquals(held.pid(), truth.rootPid());
            Truth.Io inherited = truth.io().stream().filter(i -> i.fd() == 9).findFirst().orElseThrow();
            assertEquals(workload.inherited().toString(), inherited.path());
            assertEquals(19, inherited.rows());
            assertTrue(Files.exists(workload.work().resolve("marker")));
        }
    }
}
