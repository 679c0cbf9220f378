// SPDX-License-Identifier: Apache-2.0
// Every answer says first how the window ended and what is missing of it.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;

class CompletenessTest {
    @TempDir
    Path temp;

    @Test
    void everyAnswerBeginsWithIt() throws Exception {
        says("ended by: duration; nothing is missing", Fixture.of("build"));
        says("ended by: killed; nothing is missing", Fixture.of("build").endedBy("killed"));
        says("ended by: killed; at least 0 events missing, at most not known",
                Fixture.of("build").endedBy("killed").missing(null, "killed", 0, null));
        says("ended by: killed; at least 12 events missing, at most 190,293",
                Fixture.of("build").endedBy("killed").missing("io", "killed", 12, 190_293L));
        says("ended by: disk_full, what came later was not recorded; 7 events are missing", Fixture.of("build").endedBy("disk_full").missing("io", "disk", 7, 7L));
        says("ended by: command; at least 1 events missing, at most not known",
                Fixture.of("build").endedBy("command").missing(null, "segment_missing", 1, null));
        says("ended by: not known; recording, 1 segment rolled; at least 0 events missing, at most not known",
                Fixture.of("build").endedBy(null).state(Manifest.State.RECORDING));
    }

    private void says(String line, Fixture fixture) throws Exception {
        Path capture = fixture.write(temp.resolve("c" + line.hashCode()));
        assertEquals(line, Cli.run("tables", capture).out().lines().findFirst().orElseThrow());
        assertTrue(Cli.run("sql", capture, "SELECT 1", "--format", "csv").err().contains(line + "\n"));
    }

    @Test
    void everyCommandSaysIt() throws Exception {
        String line = "ended by: killed; at least 12 events missing, at most 190,293";
        Path capture = Fixture.of("build").endedBy("killed").missing("io", "killed", 12, 190_293L).write(temp.resolve("capture"));
        for (String command : List.of("report", "tree", "files", "spikes", "tables")) {
            assertEquals(line, Cli.run(command, capture).out().lines().findFirst().orElseThrow(), command);
        }
        assertTrue(Cli.run("files", capture, "--format", "json").err().contains(line + "\n"));
        assertTrue(Cli.run("report", capture, "--format", "html").out().contains("<p>" + line + "</p>"));
    }

    @Test
    void theReportTellsTheReasonsApartAndWhatToDo() throws Exception {
        Path capture = Fixture.of("build").endedBy("killed").missing("io", "killed", 0, 500L).missing("io", "disk", 3, 3L)
                .missing(null, "segment_missing", 1, null).write(temp.resolve("capture"));
        String text = Cli.run("report", capture).out().replaceAll("\\s+", " ");
        for (String part : List.of("The recorder was killed, and what its rings held then was not written.",
                "as root on that machine and before it boots again: sys-inspector roll CAPTURE", "The disk did not take it.",
                "Segments of the log are gone. Which ones: sys-inspector verify CAPTURE", "Lower bounds: an unknown number of operations")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
        assertTrue(!text.contains("--ring-memory"), text);
        JsonNode loss = new ObjectMapper().readTree(Cli.run("report", capture, "--format", "json").out()).get("loss").get("completeness");
        assertEquals("killed", loss.get("ended_by").asText());
        assertEquals(4, loss.get("at_least").asLong());
        assertTrue(loss.get("at_most").isNull());
    }
}
