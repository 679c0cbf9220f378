// SPDX-License-Identifier: Apache-2.0
// Does every operation lead to its file where there are more files than the kernel's table of ids holds?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads the real programs; needs root and BPF, and fails where it has not got them. */
class FileIdTest {
    /** The table has 32,768 places. */
    private static final int FILES = 40_000;
    private static final int SIZES = 100;

    @TempDir
    private Path directory;

    @Test
    void manyFilesReadAndRenamedAndReadAgainAreEachKnownByTheirName() throws Exception {
        Path before = Files.createDirectory(directory.resolve("before"));
        for (int i = 0; i < FILES; i++) {
            Files.write(before.resolve("f" + i), new byte[i % SIZES + 1]);
        }
        Path capture = directory.resolve("capture");
        RecorderProcess.Result result = RecorderProcess.run("record", "-o", capture.toString(), "--", "sh", "-c", "cd "
                + directory + " && find before -type f -exec cat {} + && mv before after && find after -type f -exec cat {} +");
        assertEquals(0, result.status(), result.output());

        try (CaptureQueries queries = new CaptureQueries(capture)) {
            assertEquals(List.of(), queries.rows("FROM loss"), "nothing is lost");
            for (String name : List.of("before", "after")) {
                assertEquals(List.of(FILES + "|" + FILES + "|" + FILES), queries.rows("SELECT count(*), count(DISTINCT path),"
                        + " count(DISTINCT ino) FROM open WHERE path LIKE '" + directory.resolve(name) + "/f%'"), name);
            }
            // The number in its name says how long a file is.
            assertEquals(List.of(String.valueOf(2 * FILES)), queries.rows("SELECT count(*) FROM open JOIN (SELECT dev, ino,"
                    + " max(bytes) AS longest FROM io WHERE op = 'read' GROUP BY ALL) USING (dev, ino) WHERE path LIKE '" + directory
                    + "/%/f%' AND longest = regexp_extract(path, '[0-9]+$')::INTEGER % " + SIZES + " + 1"));
        }
    }
}
