// SPDX-License-Identifier: Apache-2.0
// Killed after any step of any segment, rolling again gives the same rows, none twice.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.sysinspector.recorder.roll.RecordBuilder.file;
import static org.sysinspector.recorder.roll.RecordBuilder.io;
import static org.sysinspector.recorder.roll.RecordBuilder.nameOp;
import static org.sysinspector.recorder.roll.RecordBuilder.thread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.spill.Scratch;

class RollerKillTest {
    private static final int SEGMENTS = 3;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({
        "1, tables", "1, keyframe", "1, manifest", "2, tables", "2, keyframe", "2, manifest", "3, tables", "3, keyframe",
        "3, manifest", "3, tidy"
    })
    void killedAfterAnyStepTheRowsAreTheSame(int segment, String step) throws IOException, CaptureException {
        TestCapture whole = write("whole");
        Roller undisturbed = new Roller(whole.directory, whole.manifest, false);
        for (int i = 1; i <= SEGMENTS; i++) {
            undisturbed.roll(i);
        }
        TestCapture killed = write("killed");
        Roller untilThen = new Roller(killed.directory, killed.manifest, false);
        for (int i = 1; i < segment; i++) {
            untilThen.roll(i);
        }
        Scratch inFile = new Scratch(Roller.scratchFile(killed.directory), 0);
        Roller first = new Roller(killed.directory, killed.manifest, false, inFile, done -> {
            if (done.equals(step)) {
                throw new IOException("killed");
            }
        });
        assertThrows(IOException.class, () -> first.roll(segment));
        Roller second = new Roller(killed.directory, ManifestStore.open(killed.directory), false);
        for (int i = 1; i <= SEGMENTS; i++) {
            second.roll(i);
        }
        second.complete();
        Map<String, List<String>> expected = whole.allRows();
        assertEquals(expected, new TestCapture(killed.directory, killed.directory.readManifest()).allRows());
        assertEquals(whole.directory.readManifest(), killed.directory.readManifest());
        assertEquals(List.of(), killed.directory.segments());
        assertFalse(Files.exists(killed.directory.keyframe(SEGMENTS)));
    }

    @Test
    void aSegmentKnowsWhatThoseBeforeItSaid() throws IOException, CaptureException {
        TestCapture capture = write("capture");
        Roller roller = new Roller(capture.directory, capture.manifest, false);
        for (int i = 1; i <= SEGMENTS; i++) {
            roller.roll(i);
        }
        assertEquals(List.of("one", "one"), capture.column("io", 2, "comm"));
        assertEquals(List.of("50", "50"), capture.column("io", 2, "ino"));
        assertEquals(List.of("one", "two"), capture.column("io", 3, "comm"));
        assertEquals(List.of("50", "50"), capture.column("io", 3, "ino"));
        assertEquals(List.of("/a", "/b"), capture.column("file", 2, "path"));
        assertEquals(List.of("50", "50"), capture.column("file", 2, "ino"));
        assertEquals(List.of("/b"), capture.column("file", 3, "path"));
        assertEquals(List.of("50"), capture.column("file", 3, "ino"));
        assertEquals(roller.rows().get(), capture.directory.readManifest().tables().stream().mapToLong(t -> t.rows()).sum());
    }

    private TestCapture write(String name) throws IOException {
        TestCapture capture = new TestCapture(temporary.resolve(name));
        capture.begin(1).block(0, io("write", 'w', 7, 1, 100, 5, 10, 0, 3));
        capture.block(-1, file(1, 90, 5, 50, 1, "open", "/a"));
        capture.block(-1, thread(7, 91, 70, 1, "one"));
        capture.end();
        capture.begin(2).block(1, io("write", 'w', 7, 1, 200, 5, 10, 10, 3), io("write", 'w', 7, 1, 210, 5, 10, 20, 3));
        capture.block(-1, nameOp("rename", 220, 0, "/", "a", "/", "b"));
        capture.end();
        // Segment 2 knows /a of keyframe 1 only, segment 3 /b of keyframe 2 only.
        capture.begin(3).block(0, io("write", 'w', 7, 1, 300, 5, 10, 30, 3), io("read", 'r', 7, 1, 400, 5, 10, 30, 3));
        capture.block(-1, thread(7, 401, 71, 0, "two"));
        capture.block(-1, nameOp("unlink", 420, 0, "/", "b", null, null));
        capture.end();
        return capture;
    }
}
