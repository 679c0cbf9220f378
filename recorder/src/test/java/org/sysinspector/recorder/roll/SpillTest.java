// SPDX-License-Identifier: Apache-2.0
// Rows do not depend on the memory there is: names, threads and records beyond it give the same tables.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sysinspector.recorder.roll.RecordBuilder.file;
import static org.sysinspector.recorder.roll.RecordBuilder.io;
import static org.sysinspector.recorder.roll.RecordBuilder.thread;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.recorder.spill.Scratch;

class SpillTest {
    private static final int SEGMENTS = 3;
    private static final int PATHS = 2_003;
    private static final int TIDS = 1_009;
    private static final int BATCH = 50;
    private static final long FIRST_NS = 1_000_000_000_000L;
    /** More than are sorted at one time. */
    private static final int MANY = 150_001;

    @TempDir
    private Path temporary;

    @Test
    void withoutAnyHeapToSpareTheRowsAreTheSame() throws IOException, CaptureException {
        Map<String, List<String>> expected = rolled(write("roomy"), 1 << 30);
        assertEquals(expected, rolled(write("cramped"), 0));
        assertTrue(expected.get("io").stream().anyMatch(row -> row.contains("comm=c")), "no thread was found");
        assertTrue(expected.get("file").stream().anyMatch(row -> row.contains("until_ns=")), "no name ended");
    }

    @Test
    void recordsOfOneStartGiveARowEachHoweverMany() throws IOException, CaptureException {
        TestCapture capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
        RecordBuilder[] same = new RecordBuilder[MANY / BATCH + 1];
        for (int i = 0; i < same.length; i++) {
            same[i] = RecordBuilder.of("exit").set("ts_ns", FIRST_NS);
        }
        for (int i = 0; i < BATCH; i++) {
            capture.block(-1, same);
        }
        capture.end();
        assertEquals(same.length * BATCH, rolled(capture, 0).get("exit").size());
    }

    private static Map<String, List<String>> rolled(TestCapture capture, long heapBytes) throws IOException, CaptureException {
        Scratch scratch = new Scratch(Roller.scratchFile(capture.directory), heapBytes);
        Roller roller = new Roller(capture.directory, capture.manifest, false, scratch, step -> { });
        for (int i = 1; capture.directory.segments().contains(i); i++) {
            roller.roll(i);
        }
        assertEquals(heapBytes == 0, scratch.fileBytes() > 0);
        roller.complete();
        return capture.allRows();
    }

    /** Threads, files, operations and names as they come, the same at each call; each segment needs those before it. */
    private TestCapture write(String name) throws IOException {
        TestCapture capture = new TestCapture(temporary.resolve(name));
        Random random = new Random(11);
        long now = FIRST_NS;
        for (int segment = 1; segment <= SEGMENTS; segment++) {
            capture.begin(segment);
            for (int batch = 0; batch < 200; batch++) {
                List<RecordBuilder> names = new ArrayList<>();
                List<RecordBuilder> operations = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    now += 1 + random.nextInt(1000);
                    int tid = 1 + random.nextInt(TIDS);
                    names.add(random.nextInt(3) == 0 ? nameOp(random, now) : thread(tid, now, tid * 7L, 1, "c" + tid));
                    names.add(file(1 + random.nextInt(PATHS), now, 5, 1 + random.nextInt(PATHS), 1, "open", path(random)));
                    operations.add(io("write", 'w', 1 + random.nextInt(TIDS), 1 + random.nextInt(PATHS), now,
                            random.nextInt(100) == 0 ? 100_000_000 : 5, 10, 0, 3));
                }
                Collections.shuffle(names, random);
                capture.block(-1, names.toArray(RecordBuilder[]::new));
                capture.block(batch % 2, operations.toArray(RecordBuilder[]::new));
            }
            capture.end();
        }
        return capture;
    }

    private static RecordBuilder nameOp(Random random, long now) {
        String[] ops = {"rename", "unlink", "link"};
        String op = ops[random.nextInt(ops.length)];
        boolean isUnlink = op.equals("unlink");
        return RecordBuilder.nameOp(op, now, 0, "/", path(random).substring(1), isUnlink ? null : "/",
                isUnlink ? null : path(random).substring(1));
    }

    private static String path(Random random) {
        return "/" + "n".repeat(random.nextInt(3) * 40) + random.nextInt(PATHS);
    }
}
