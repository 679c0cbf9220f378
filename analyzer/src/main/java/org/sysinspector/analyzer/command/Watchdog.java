// SPDX-License-Identifier: Apache-2.0
// Ends a command that takes too long.
package org.sysinspector.analyzer.command;

import java.time.Duration;
import org.sysinspector.analyzer.database.CaptureDatabase;

/**
 * Ends a command that takes too long: it stops the query at hand, again and again until the command has ended, and ends the
 * JVM where even that does not help. Its thread is a daemon and shares with the command's two volatile fields.
 */
final class Watchdog implements AutoCloseable {
    private static final long GRACE_MS = 2_000; // a join in its inmost loop does not look whether it is to stop
    private static final long PERIOD_MS = 50;

    private final Thread thread;
    private volatile CaptureDatabase database;
    private volatile boolean expired;

    /**
     * Starts it.
     *
     * @param timeout after which the command ends
     * @param giveUp what to do where the query cannot be stopped
     */
    Watchdog(Duration timeout, Runnable giveUp) {
        thread = new Thread(() -> watch(timeout.toMillis(), giveUp), "watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells which database the command asks from now on. */
    void watch(CaptureDatabase asked) {
        database = asked;
    }

    /** Returns whether the time is over. */
    boolean expired() {
        return expired;
    }

    private void watch(long timeoutMs, Runnable giveUp) {
        try {
            Thread.sleep(timeoutMs);
            expired = true;
            for (long waited = 0; waited < GRACE_MS; waited += PERIOD_MS) {
                CaptureDatabase asked = database;
                if (asked != null) {
                    asked.stop();
                }
                Thread.sleep(PERIOD_MS);
            }
            giveUp.run();
        } catch (InterruptedException e) {
            return; // the command has ended
        }
    }

    @Override
    public void close() {
        database = null;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
