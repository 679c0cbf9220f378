// SPDX-License-Identifier: Apache-2.0
// The commands: help, wrong usage, formats, outputs.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    private static final List<String> COMMANDS = List.of("report", "sql", "tables", "tree", "files", "spikes");

    @TempDir
    Path temp;

    private Path capture() throws Exception {
        return Fixture.of("build").write(temp.resolve("capture"));
    }

    @Test
    void helpTeaches() {
        for (Cli cli : List.of(Cli.run(), Cli.run("--help"))) {
            assertEquals(0, cli.code());
            COMMANDS.forEach(c -> assertTrue(cli.out().contains("  " + c + " "), c));
            assertTrue(cli.out().contains("sys-inspector analyze report CAPTURE"), cli.out());
        }
        for (String command : COMMANDS) {
            Cli cli = Cli.run(command, "--help");
            assertEquals(0, cli.code());
            assertTrue(cli.out().contains("Examples:\n  sys-inspector analyze " + command + " CAPTURE"), cli.out());
            assertTrue(cli.out().lines().allMatch(l -> l.length() <= 100), cli.out());
        }
        assertTrue(Cli.run("--version").out().matches("sys-inspector [0-9.]+\n"));
    }

    @Test
    void wrongUsageIsOneLineWithExitCodeTwo() throws Exception {
        Path capture = capture();
        wrong("Missing required parameter: 'CAPTURE'", "report");
        wrong("Unknown options: '--fromat'", "sql", capture, "SELECT 1", "--fromat", "csv");
        wrong("Invalid value for option '--format'", "sql", capture, "SELECT 1", "--format", "xml");
        wrong("--format parquet needs a file: -o FILE", "sql", capture, "SELECT 1", "--format", "parquet");
        wrong("--format parquet takes exactly one statement", "sql", capture, "SELECT 1; SELECT 2", "--format", "parquet",
                "-o", temp.resolve("x"));
        wrong("give either QUERY or -f FILE, not both", "sql", capture, "SELECT 1", "-f", "x.sql");
        wrong("there is no statement to run", "sql", capture, " ; -- nothing");
        wrong("size out of range: '1MiB'; give 64MiB to 1EiB, such as 64MiB", "report", capture, "--memory", "1MiB");
        wrong("not a size: 'much'", "report", capture, "--memory", "much");
        wrong("not a time: 'noon'", "report", capture, "--from", "noon");
        wrong("duration out of range: '1us'; give 1ms to 876000h", "spikes", capture, "--bucket", "1us");
        wrong("not a duration: '5'", "spikes", capture, "--bucket", "5");
        wrong("--limit must be 1 or more: 0", "files", capture, "--limit", "0");
        wrong("Invalid value for option '--pid'", "tree", capture, "--pid", "init");
        wrong("Unmatched argument", "nonsense");
    }

    private static void wrong(String problem, Object... args) {
        Cli cli = Cli.run(args);
        assertEquals(2, cli.code(), cli.err());
        assertEquals("", cli.out());
        assertTrue(cli.err().contains(problem), cli.err());
        assertTrue(cli.err().startsWith("sys-inspector analyze") && cli.err().contains("; see: sys-inspector analyze"),
                cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }

    @Test
    void anErrorInSqlIsOneLineWithExitCodeOne() throws Exception {
        Cli cli = Cli.run("sql", capture(), "SELECT nothing FROM process");
        assertEquals(1, cli.code());
        assertEquals("", cli.out());
        assertTrue(cli.err().startsWith("sys-inspector analyze sql: Binder Error: Referenced column \"nothing\""),
                cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }

    @Test
    void anUnknownNameGetsAProposal() throws Exception {
        Cli cli = Cli.run("sql", capture(), "SELECT * FROM spike_causes");
        assertEquals(1, cli.code());
        assertEquals("sys-inspector analyze sql: Catalog Error: Table with name spike_causes does not exist! "
                + "Did you mean \"spike_cause\"?\n", cli.err());
    }

    @Test
    void theFormatsGiveTheSameRows() throws Exception {
        Path capture = capture();
        String query = "-- a comment first\nSELECT pid, comm, argv FROM process WHERE pid < 300 ORDER BY pid";
        assertEquals("""
                pid  comm     argv
                ---  -------  --------------
                  1  systemd  ["/sbin/init"]
                100  bash     ["-bash"]
                200  make     ["make","-j2"]
                (3 rows)
                """, Cli.run("sql", capture, query).out());
        assertEquals("""
                pid,comm,argv
                1,systemd,"[""/sbin/init""]"
                100,bash,"[""-bash""]"
                200,make,"[""make"",""-j2""]"
                """, Cli.run("sql", capture, query, "--format", "csv").out());
        assertEquals("""
                {"pid":1,"comm":"systemd","argv":["/sbin/init"]}
                {"pid":100,"comm":"bash","argv":["-bash"]}
                {"pid":200,"comm":"make","argv":["make","-j2"]}
                """, Cli.run("sql", capture, query, "--format", "ndjson").out());
        assertEquals(3, new ObjectMapper().readTree(Cli.run("sql", capture, query, "--format", "JSON").out()).size());
        assertEquals("[]\n", Cli.run("sql", capture, "SELECT 1 WHERE false", "--format", "json").out());
        Path parquet = temp.resolve("it's.parquet");
        assertEquals(0, Cli.run("sql", capture, query, "--format", "parquet", "-o", parquet).code());
        assertEquals("PAR1", new String(Files.readAllBytes(parquet), 0, 4, StandardCharsets.US_ASCII));
    }

    @Test
    void severalStatementsRunInOrderFromAFile() throws Exception {
        Path file = Files.writeString(temp.resolve("q.sql"),
                "-- two; of them\nCREATE TABLE t AS SELECT ';' AS a;\nSELECT a FROM t;\nSELECT 2 AS b\n");
        assertEquals("a\n;\nb\n2\n", Cli.run("sql", capture(), "-f", file, "--format", "csv").out());
        Cli none = Cli.run("sql", capture(), "-f", temp.resolve("none.sql"));
        assertEquals(1, none.code());
        assertTrue(none.err().contains("file=" + temp.resolve("none.sql") + " cause=No such file or directory"), none.err());
    }

    @Test
    void withoutAQueryStandardInputIsRead() throws Exception {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("SELECT 7 AS n".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("n\n7\n", Cli.run("sql", capture(), "--format", "csv").out());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void anOutputFileAppearsOnlyWhenItIsWhole() throws Exception {
        Path out = temp.resolve("out.csv");
        Files.writeString(out, "before");
        assertEquals(1, Cli.run("sql", capture(), "SELECT error('x')", "--format", "csv", "-o", out).code());
        assertEquals("before", Files.readString(out));
        assertEquals(0, Cli.run("sql", capture(), "SELECT 1 AS a", "--format", "csv", "-o", out).code());
        assertEquals("a\n1\n", Files.readString(out));
        assertEquals(1, Cli.run("report", capture(), "-o", temp.resolve("none/report.txt")).code());
        try (var files = Files.list(temp)) {
            assertFalse(files.anyMatch(f -> f.toString().endsWith(".part")));
        }
    }

    @Test
    void tablesExplainsColumnsWithUnitsAndCounts() throws Exception {
        Path capture = capture();
        String list = Cli.run("tables", capture).out();
        assertTrue(list.contains("io                          9 rows  One operation on a descriptor"), list);
        assertTrue(list.lines().allMatch(l -> l.length() <= 100), list);
        String one = Cli.run("tables", capture, "process").answer();
        assertTrue(one.startsWith("process  view  7 rows\n"), one);
        assertTrue(one.contains("lifetime_ns              BIGINT     ns          from start to end"), one);
        JsonNode io = new ObjectMapper().readTree(Cli.run("tables", capture, "io", "--format", "json").out());
        assertEquals("bytes", io.get("columns").get(15).get("unit").asText());
        assertEquals(9, io.get("rows").asInt());
        assertEquals(0, Cli.run("tables", capture, "wall").code());
        Cli none = Cli.run("tables", capture, "nothing");
        assertEquals(1, none.code());
        assertTrue(none.err().contains("no such table or view: name=nothing"), none.err());
    }
}
