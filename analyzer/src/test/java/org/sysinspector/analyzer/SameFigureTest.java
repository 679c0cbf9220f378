// SPDX-License-Identifier: Apache-2.0
// Does record end with the figure that the report of the same capture begins with?
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records on the running kernel. Needs root. */
class SameFigureTest {
    private static final Pattern FIGURE = Pattern.compile("  ([0-9][^ ]*(?: [MG])?) events  lost 0");

    @TempDir
    private Path directory;

    @Test
    void recordEndsWithTheEventsThatTheReportBeginsWith() throws Exception {
        String capture = directory.resolve("capture").toString();
        Process record = new ProcessBuilder(List.of(Path.of("..", "sys-inspector").toAbsolutePath().normalize().toString(), "record", "-o",
                capture, "--all", "--", "sh", "-c", "for i in 1 2 3 4 5; do /bin/true; done; sleep 1"))
                .redirectErrorStream(true).start();
        String said = new String(record.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, record.waitFor(), said);
        Cli report = Cli.run("report", capture);
        assertEquals(0, report.code(), report.err());
        assertEquals(figure(said), figure(report.out().lines().limit(2).collect(Collectors.joining("\n"))));
    }

    private static String figure(String text) {
        Matcher found = FIGURE.matcher(text);
        assertTrue(found.find(), text);
        return found.group(1);
    }
}
