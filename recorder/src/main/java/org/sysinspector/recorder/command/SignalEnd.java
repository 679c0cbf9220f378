// SPDX-License-Identifier: Apache-2.0
// Lets Ctrl-C, SIGTERM and SIGHUP end a window cleanly.
package org.sysinspector.recorder.command;

import java.util.concurrent.CountDownLatch;
import org.sysinspector.recorder.window.Recording;

/**
 * Lets Ctrl-C, SIGTERM and SIGHUP end a window cleanly: the JVM answers them by running its shutdown hooks, this one asks the
 * window to end, waits until the main thread has finished the capture, and gives its exit status.
 */
final class SignalEnd implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;
    private volatile int status;

    SignalEnd(Recording recording) {
        hook = new Thread(() -> {
            recording.end(Recording.BY_SIGNAL);
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(status);
        }, "signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The capture is finished; the process may end with this status. */
    void finished(int exitStatus) {
        status = exitStatus;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // a signal came: the hook waits for this
        }
        done.countDown();
    }
}
