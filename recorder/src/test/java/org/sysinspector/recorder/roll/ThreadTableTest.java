// SPDX-License-Identifier: Apache-2.0
// Whose a thread was: living threads are known however many came after them, those that ended make room.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sysinspector.recorder.roll.RecordBuilder.io;
import static org.sysinspector.recorder.roll.RecordBuilder.thread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadTableTest {
    private static final int OTHERS = 140_003;
    private static final int BATCH = 1_009;
    private static final long SECOND_NS = 1_000_000_000;
    private static final long FIRST_NS = 1_000 * SECOND_NS;
    private static final long LATER_NS = FIRST_NS + 60 * SECOND_NS;

    @TempDir
    private Path temporary;

    private TestCapture capture;

    @BeforeEach
    void begin() throws IOException {
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1).block(-1, thread(7, FIRST_NS, 70, 1, "database"));
    }

    @Test
    void theOldestLivingThreadIsKnownHoweverManyCameAfterIt() throws IOException {
        others(false);
        assertEquals(List.of("database"), commOfLaterWrite());
    }

    @Test
    void threadsThatEndedAreForgotten() throws IOException {
        others(true);
        assertEquals(List.of("database"), commOfLaterWrite());
        long bytes = Files.size(capture.directory.keyframe(2));
        assertTrue(bytes < 1_000, "bytes of the keyframe: " + bytes);
    }

    @Test
    void aTidIsNobodysOnceItsThreadHasEnded() throws IOException {
        capture.block(-1, end(7, FIRST_NS + 5));
        capture.block(0, io("write", 'w', 7, 0, FIRST_NS + 2, 1, 1, 0, 3), io("write", 'w', 7, 0, FIRST_NS + 8, 1, 1, 0, 3));
        capture.end();
        capture.roll(1);
        assertEquals(List.of("database", "NULL"), capture.column("io", 1, "comm"));
        capture.begin(2).block(0, io("write", 'w', 7, 0, FIRST_NS + 9, 1, 1, 0, 3));
        capture.end();
        capture.roll(2);
        assertEquals(List.of("NULL"), capture.column("io", 2, "comm"));
    }

    private void others(boolean areEnded) throws IOException {
        for (int first = 0; first < OTHERS; first += BATCH) {
            RecordBuilder[] records = new RecordBuilder[areEnded ? 2 * BATCH : BATCH];
            for (int i = 0; i < BATCH; i++) {
                int tid = 100 + first + i;
                records[i] = thread(tid, FIRST_NS + tid, 80, 0, "other");
                if (areEnded) {
                    records[BATCH + i] = end(tid, FIRST_NS + tid + 50);
                }
            }
            capture.block(-1, records);
        }
        capture.end();
        capture.roll(1);
    }

    private List<String> commOfLaterWrite() throws IOException {
        capture.begin(2).block(0, io("write", 'w', 7, 0, LATER_NS, 5, 10, 0, 3));
        capture.end();
        capture.roll(2);
        return capture.column("io", 2, "comm");
    }

    private static RecordBuilder end(int tid, long ts) {
        return RecordBuilder.of("thread_end").tid(tid).set("ts_ns", ts).set("proc_key", 80);
    }
}
