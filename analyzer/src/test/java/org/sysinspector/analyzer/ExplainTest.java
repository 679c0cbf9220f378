// SPDX-License-Identifier: Apache-2.0
// The queries that report --explain prints are those behind the report, and run as they stand.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.analyzer.database.SqlScript;

class ExplainTest {
    @TempDir
    Path temp;

    @Test
    void everySectionHasItsQueries() throws Exception {
        Path capture = Fixture.of("lossy").write(temp);
        String script = Cli.run("report", capture, "--explain").out();
        for (String line : Cli.run("report", capture).out().lines().toList()) {
            if (line.matches("[A-Z][A-Z].*") && !line.startsWith("LOST at")) {
                String title = line.split("  | \\(")[0];
                assertTrue(script.contains("\n-- " + title + "\n"), title + " is not explained");
            }
        }
    }

    @Test
    void theScriptRunsAsItStandsAndGivesTheFiguresOfTheReport() throws Exception {
        Path capture = Fixture.of("lossy").write(temp.resolve("capture"));
        Path script = temp.resolve("report.sql");
        assertEquals(0, Cli.run("report", capture, "--explain", "-o", script).code());
        Cli all = Cli.run("sql", capture, "-f", script, "--format", "json");
        assertEquals(0, all.code(), all.err());
        JsonNode report = new ObjectMapper().readTree(Cli.run("report", capture, "--format", "json").out());
        List<JsonNode> answers = new ArrayList<>();
        for (String statement : SqlScript.split(java.nio.file.Files.readString(script))) {
            answers.add(new ObjectMapper().readTree(Cli.run("sql", capture, statement, "--format", "json").out()));
        }
        assertEquals(report.get("window").get("events"), answers.get(0).get(0).get("events"));
        assertEquals(report.get("happenings").get(0).get("value"), answers.get(3).get(0).get("value"));
        assertEquals(report.get("loss").get("intervals").get(0).get("lost"), answers.get(5).get(0).get("lost"));
        assertEquals(report.get("files").get(0).get("written_bytes"), answers.get(8).get(0).get("written_bytes"));
        long who = 0;
        for (JsonNode process : answers.get(7)) {
            who = Math.max(who, process.get("tree_exact_written_bytes").asLong());
        }
        assertEquals(report.get("processes").get(0).get("exact_written_bytes").asLong(), who);
    }

    @Test
    void theCommandsItNamesKeepTheWindow() throws Exception {
        Path capture = Fixture.of("build").write(temp);
        String script = Cli.run("report", capture, "--from", "+1s", "--bucket", "50ms", "--explain").out();
        assertTrue(script.contains("sys-inspector analyze sql " + capture + " --from +1s --bucket 50ms -f FILE"), script);
        Cli cli = Cli.run("sql", capture, "--from", "+1s", "--bucket", "50ms", "SELECT from_ns, bucket_ns FROM capture",
                "--format", "csv");
        assertEquals("from_ns,bucket_ns\n2000000000,50000000\n", cli.out());
    }

    @Test
    void anotherFormatIsRefused() throws Exception {
        Cli cli = Cli.run("report", Fixture.of("build").write(temp), "--explain", "--format", "json");
        assertEquals(2, cli.code());
        assertTrue(cli.err().startsWith("sys-inspector analyze report: --explain prints SQL: leave out --format"), cli.err());
    }
}
