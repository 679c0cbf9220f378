// SPDX-License-Identifier: Apache-2.0
// Ancestry and sums over odd family trees.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AncestryTest {
    private static final String FORK = "== fork: ts_ns, parent_key, parent_pid, parent_exec_no, child_key, child_pid, "
            + "child_tid, comm\n";

    @TempDir
    Path temp;

    @Test
    void aChainOfFiveHundredForksIsFollowedToItsEnd() throws Exception {
        StringBuilder fork = new StringBuilder(FORK);
        for (int pid = 101; pid <= 600; pid++) {
            fork.append(String.format("%dms | @%d | %d | 0 | @%d | %d | %d | daemon%n", 1000 + pid, pid - 1, pid - 1, pid,
                    pid, pid));
        }
        Path capture = new Fixture().add(fork.toString()).add("""
                == exit: ts_ns, proc_key, pid, comm, utime_ns
                9000ms | @600 | 600 | daemon | 7ms
                """).write(temp);
        assertEquals("n,deepest\n125250,500\n", csv(capture, "SELECT count(*) AS n, max(distance) AS deepest FROM ancestry"));
        assertEquals("tree_processes,tree_cpu_ns\n500,7000000\n",
                csv(capture, "SELECT tree_processes, tree_cpu_ns FROM process WHERE pid = 101"));
        String json = Cli.run("tree", capture, "--format", "json").out();
        assertEquals(500, new ObjectMapper().readTree(json).get(0).get("processes").asInt());
        assertEquals(0, Cli.run("tree", capture, "--limit", 0).code());
        assertEquals(0, Cli.run("report", capture).code());
    }

    @Test
    void aCircleInDamagedDataEnds() throws Exception {
        Path capture = new Fixture().add(FORK + """
                2s | @7 | 7 | 0 | @8 | 8 | 8 | a
                3s | @8 | 8 | 0 | @7 | 7 | 7 | b
                4s | @9 | 9 | 0 | @9 | 9 | 9 | c
                """).write(temp);
        assertEquals("p,a,distance\n7,8,1\n8,7,1\n", csv(capture, "SELECT proc_key & 4194303 AS p, "
                + "ancestor_key & 4194303 AS a, distance FROM ancestry ORDER BY 1"));
        assertEquals("pid,tree_processes\n7,2\n8,2\n", csv(capture, "SELECT pid, tree_processes FROM process ORDER BY 1"));
        assertEquals(0, Cli.run("tree", capture).code());
        assertEquals(0, Cli.run("tree", capture, "--pid", 7).code());
    }

    @Test
    void aPidUsedTwiceIsTwoProcesses() throws Exception {
        long second = (5000L << 22) | 7;
        Path capture = new Fixture().add(FORK + String.format("""
                2s | @1 | 1 | 0 | @7 | 7 | 7 | a
                5s | @7 | 7 | 0 | %d | 7 | 7 | a
                """, second)).write(temp);
        assertEquals("pid,parent_pid,start_ns,tree_processes\n7,1,2000000000,2\n7,7,5000000000,1\n",
                csv(capture, "SELECT pid, parent_pid, start_ns, tree_processes FROM process ORDER BY start_ns"));
    }

    @Test
    void aDoubleForkedDaemonKeepsItsBirthParent() throws Exception {
        Path capture = new Fixture().add(FORK + """
                2s | @1 | 1 | 0 | @10 | 10 | 10 | sh
                3s | @10 | 10 | 0 | @11 | 11 | 11 | sh
                4s | @11 | 11 | 0 | @12 | 12 | 12 | sh
                == exit: ts_ns, proc_key, pid, comm
                3500ms | @11 | 11 | sh
                """).write(temp);
        assertEquals("ancestor,distance\n11,1\n10,2\n1,3\n", csv(capture, "SELECT ancestor_key & 4194303 AS ancestor, "
                + "distance FROM ancestry WHERE proc_key & 4194303 = 12 ORDER BY distance"));
    }

    private static String csv(Path capture, String query) {
        Cli cli = Cli.run("sql", capture, query, "--format", "csv");
        assertEquals("", cli.notes());
        return cli.out();
    }
}
