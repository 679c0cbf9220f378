// SPDX-License-Identifier: Apache-2.0
// Writes one small capture in each state that a capture can be in.
package org.sysinspector.recorder.roll;

import static org.sysinspector.recorder.roll.RecordBuilder.file;
import static org.sysinspector.recorder.roll.RecordBuilder.io;
import static org.sysinspector.recorder.roll.RecordBuilder.nameOp;
import static org.sysinspector.recorder.roll.RecordBuilder.thread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.ManifestStore;

/** Writes one small capture in each state that a capture can be in: the same events in three segments. */
public final class SmallCaptures {
    private static final int SEGMENTS = 3;

    private SmallCaptures() {}

    /** What state a capture is in. */
    public enum Kind {
        /** All is rolled, the log is kept. */
        COMPLETE,
        /** The window ended, nothing is rolled. */
        RECORDED,
        /** The window ended, a segment is rolled. */
        PARTLY_ROLLED,
        /** The recorder was killed, with a segment rolled and the last one not ended. */
        KILLED
    }

    /** Writes one. */
    public static void write(Path root, Kind kind) throws IOException {
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        TestCapture capture = new TestCapture(root);
        capture.begin(1).block(0, io("write", 'w', 7, 1, 100, 5, 10, 0, 3), io("read", 'r', 7, 1, 105, 5, 4, 0, 3));
        capture.block(1, io("write", 'w', 8, 1, 102, 5, 10, 0, 3));
        capture.block(-1, file(1, 90, 5, 50, 1, "open", "/a"));
        capture.block(-1, thread(7, 91, 70, 1, "one"));
        capture.block(-1, RecordBuilder.of("clock").set("boottime_ns", 110).set("realtime_ns", 1_000_110));
        capture.end();
        capture.begin(2).block(1, io("write", 'w', 7, 1, 200, 5, 10, 10, 3), io("write", 'w', 7, 1, 210, 5, 10, 20, 3));
        capture.block(-1, nameOp("rename", 220, 0, "/", "a", "/", "b"));
        capture.block(-1, RecordBuilder.of("loss").set("from_ns", 110).set("to_ns", 230).set("lost", 4).set("ring_class", 2));
        capture.end();
        capture.begin(SEGMENTS).block(0, io("write", 'w', 7, 1, 300, 5, 10, 30, 3), io("read", 'r', 7, 1, 400, 5, 10, 30, 3));
        capture.block(-1, thread(7, 401, 71, 0, "two"));
        capture.block(-1, nameOp("unlink", 420, 0, "/", "b", null, null));
        capture.block(0, io("write", 'w', 7, 1, 430, 5, 10, 30, 3));
        if (kind == Kind.KILLED) {
            capture.roll(1);
            return;
        }
        capture.end();
        capture.manifest.update(m -> m.withEnd(new Manifest.Window(1, 500, "duration"), m.clock(),
                List.of(new Manifest.Count("lifecycle", 2, 2, 0), new Manifest.Count("names", 3, 3, 0), new Manifest.Count("io", 12, 8, 4),
                        new Manifest.Count("sample", 2, 2, 0)),
                List.of(new Manifest.Loss("io", "ring_full", 4, 4L)), null));
        if (kind == Kind.PARTLY_ROLLED) {
            capture.roll(1);
        } else if (kind == Kind.COMPLETE) {
            Roller roller = new Roller(capture.directory, capture.manifest, true);
            for (int segment = 1; segment <= SEGMENTS; segment++) {
                roller.roll(segment);
            }
            ManifestStore manifest = capture.manifest;
            manifest.complete(m -> Completion.of(m, manifest.rolled()));
            roller.complete();
        }
    }

    /** Returns all rows that a capture's manifest lists, by table. */
    public static Map<String, List<String>> rows(Path root) throws IOException, CaptureException {
        CaptureDirectory directory = new CaptureDirectory(root);
        return new TestCapture(directory, directory.readManifest()).allRows();
    }
}
