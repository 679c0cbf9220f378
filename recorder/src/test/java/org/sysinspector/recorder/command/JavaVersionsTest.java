// SPDX-License-Identifier: Apache-2.0
// Does the recorder run, without a warning, on this JVM and on each newer one that is installed?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the recorder through its launcher on each JVM. Needs root. */
class JavaVersionsTest {
    private static final List<Path> PLACES = List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/lib64/jvm"));

    @TempDir
    private Path directory;

    @Test
    void recordRollAndVerifyRunOnThisJvmAndOnNewerOnesWithoutAWarning() throws Exception {
        List<Path> homes = homes();
        assertTrue(homes.contains(Path.of(System.getProperty("java.home"))));
        int number = 0;
        for (Path home : homes) {
            Path capture = directory.resolve("capture" + number++);
            for (List<String> arguments : List.of(
                    List.of("record", "-q", "--no-roll", "--all", "-o", capture.toString(), "--", "true"),
                    List.of("roll", "-q", capture.toString()), List.of("verify", "-q", capture.toString()),
                    List.of("record", "-q", "-o", capture + "-rolled", "--", "true"))) {
                List<String> line = Runs.recorderOn(home, arguments);
                assertEquals(new Runs.Result(0, List.of(), List.of()), Runs.run(line), home + " " + arguments);
            }
            Captures.complete(capture);
            assertEquals(List.of("true"), Captures.ask(Path.of(capture + "-rolled"), "SELECT comm FROM exec"));
        }
    }

    private static List<Path> homes() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        for (Path place : PLACES) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> found = Files.list(place)) {
                    found.filter(JavaVersionsTest::isNewer).sorted().forEach(homes::add);
                }
            }
        }
        return homes;
    }

    private static boolean isNewer(Path home) {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            return false; // no JVM
        }
        String version = release.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "").split("[^0-9]", 2)[0];
        return Integer.parseInt(version) > Runtime.version().feature() && Files.isExecutable(home.resolve("bin/java"));
    }
}
