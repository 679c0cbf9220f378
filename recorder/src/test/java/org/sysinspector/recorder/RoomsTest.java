// SPDX-License-Identifier: Apache-2.0
// Rooms of the recorder use only those that they may know.
package org.sysinspector.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomsTest {
    private static final Path ROOMS = Path.of("src/main/java/org/sysinspector/recorder");

    /** Rooms that a room knows nothing of, by any mention: an import or a full name. */
    @ParameterizedTest
    @CsvSource({
        "log, bpf roll window command sample parquet", "roll, bpf window command sample",
        "parquet, bpf log roll window command sample", "capture, bpf log roll window command sample parquet"
    })
    void aRoomKnowsNothingOfThoseItMayNotKnow(String room, String others) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(ROOMS.resolve(room))) {
            files = found.filter(f -> f.toString().endsWith(".java")).toList();
        }
        assertFalse(files.isEmpty(), room);
        for (Path file : files) {
            String text = Files.readString(file);
            for (String other : others.split(" ")) {
                assertTrue(Files.isDirectory(ROOMS.resolve(other)), "no such room: " + other);
                assertEquals(-1, text.indexOf("org.sysinspector.recorder." + other + "."), file + " knows " + other);
            }
        }
    }
}
