// SPDX-License-Identifier: Apache-2.0
// The search for spikes on synthetic series.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpikeTest {
    private static final String QUERY =
            "SELECT metric, (from_ns - 1000000000) // 1000000 AS from_ms, (to_ns - 1000000000) // 1000000 AS to_ms, "
                    + "value FROM spike ORDER BY spike_no";
    private static final String HEADER = "metric,from_ms,to_ms,value\n";

    @TempDir
    Path temp;

    /** Bytes written in each of the window's 100 buckets, as SQL over the bucket's number b. */
    private String spikes(String bytesOfBucket) throws Exception {
        Path capture = new Fixture().query("io", "SELECT 1000000000 + b * 100000000 + 5 AS ts_ns, 'write' AS op, "
                + "'w' AS dir, 1 AS tid, 3 AS fd, CAST(" + bytesOfBucket + " AS BIGINT) AS bytes, 0 AS ret, 1 AS ops "
                + "FROM range(100) AS t(b) WHERE " + bytesOfBucket + " > 0").write(temp);
        Cli cli = Cli.run("sql", capture, QUERY, "--format", "csv");
        assertEquals("", cli.notes());
        return cli.out().substring(HEADER.length());
    }

    @Test
    void aFlatWindowHasNone() throws Exception {
        assertEquals("", spikes("50000000"));
    }

    @Test
    void anEmptyWindowHasNone() throws Exception {
        assertEquals("", spikes("0"));
    }

    @Test
    void noiseOfFiftyPercentHasNone() throws Exception {
        assertEquals("", spikes("40000000 + hash(b) % 40000000"));
    }

    @Test
    void aBurstOutOfSilenceIsFound() throws Exception {
        assertEquals("written_bytes,4000,4500,25000000\n", spikes("CASE WHEN b BETWEEN 40 AND 44 THEN 5000000 ELSE 0 END"));
    }

    @Test
    void aBurstInABusyWindowIsFound() throws Exception {
        assertEquals("written_bytes,2000,2300,750000000\n",
                spikes("CASE WHEN b BETWEEN 20 AND 22 THEN 250000000 ELSE 45000000 + hash(b) % 10000000 END"));
    }

    @Test
    void trivialBytesAreNoBurst() throws Exception {
        assertEquals("", spikes("CASE WHEN b = 40 THEN 300000 ELSE 0 END"));
    }

    @Test
    void aBurstWithAShortPauseIsOne() throws Exception {
        assertEquals("written_bytes,4000,4600,20000000\n",
                spikes("CASE WHEN b IN (40, 41, 44, 45) THEN 5000000 ELSE 0 END"));
    }

    @Test
    void twoBurstsFarApartAreTwo() throws Exception {
        assertEquals("written_bytes,1000,1100,5000000\nwritten_bytes,8000,8100,5000000\n",
                spikes("CASE WHEN b IN (10, 80) THEN 5000000 ELSE 0 END"));
    }

    @Test
    void aBurstAtTheEndEndsWithTheWindow() throws Exception {
        assertEquals("written_bytes,9800,10000,10000000\n", spikes("CASE WHEN b >= 98 THEN 5000000 ELSE 0 END"));
    }

    @Test
    void theCommandSaysWhoAndWhichFile() throws Exception {
        Path capture = Fixture.of("spikes").write(temp);
        String text = Cli.run("spikes", capture).out();
        assertTrue(text.contains("12:03:04.0 +300 ms  write burst  213 MiB/s, 64 MiB in all (normal: next to none)"), text);
        assertTrue(text.contains("over 99.9 %  bash > backup.sh > tar  ->  /var/backup/db.tar  (write, 4.0 MiB each)"),
                text);
        assertTrue(text.contains("slow fsync  140 ms spent in it, the longest took 140 ms (normal: none)"), text);
        assertTrue(text.contains("30 processes started"), text);
        assertTrue(text.contains("bash > make > make -j2 x 30  (each lived about 3.0 ms)"), text);
        String fine = Cli.run("spikes", capture, "--bucket", "10ms", "--format", "json").out();
        assertTrue(fine.contains("\"metric\" : \"fsync_time\""), fine);
    }
}
