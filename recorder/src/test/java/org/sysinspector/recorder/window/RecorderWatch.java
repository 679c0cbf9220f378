// SPDX-License-Identifier: Apache-2.0
// Waits until a recorder has its probes attached.
package org.sysinspector.recorder.window;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Waits until a recorder has its probes attached. */
final class RecorderWatch {
    private static final long DEADLINE_S = 30;

    private RecorderWatch() {}

    /** Returns once the manifest of a capture is there: it is written when the probes are attached. */
    static void awaitAttached(Path capture) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!Files.exists(capture.resolve("manifest.json"))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the recorder did not start: " + capture);
            }
            Thread.sleep(5);
        }
    }
}
