// SPDX-License-Identifier: Apache-2.0
// Rolls segments beside the capture, one after the other.
package org.sysinspector.recorder.window;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.recorder.roll.Roller;
import org.sysinspector.recorder.system.LibC;

/** Rolls segments beside the capture, one after the other, at low priority. A failure leaves them for {@code roll}. */
final class RollerThread extends Thread {
    private static final int LOW_PRIORITY = 10;
    private static final int END = 0;
    private static final long MEANWHILE_MS = 500;

    private final CaptureDirectory capture;
    private final Roller roller;
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private volatile Throwable problem;
    private volatile int rolled;
    private volatile long rolledLogBytes;

    RollerThread(CaptureDirectory capture, Roller roller) {
        super("roller");
        this.capture = capture;
        this.roller = roller;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            LibC.setpriority(LibC.PRIO_PROCESS, LibC.gettid(), LOW_PRIORITY);
        } catch (LastErrorException e) {
            // it goes on at its own priority
        }
        try {
            for (int segment = ended.take(); segment != END; segment = ended.take()) {
                long bytes = PrivateFiles.size(capture.segment(segment));
                roller.roll(segment);
                rolled = segment;
                rolledLogBytes += bytes;
            }
            if (rolled > 0) {
                roller.complete();
            }
        } catch (InterruptedException e) {
            problem = e;
        } catch (IOException | RuntimeException | Error e) {
            problem = e; // an error too (memory, say): whoever waits must not take the capture for complete
        }
    }

    /** Hands over a segment that ended. Any thread may call it. */
    void add(int segment) {
        ended.add(segment);
    }

    /** Waits until all segments handed over are rolled; does something else now and then. */
    void finish(Runnable meanwhile) throws InterruptedException {
        ended.add(END);
        while (isAlive()) {
            join(MEANWHILE_MS);
            meanwhile.run();
        }
    }

    /** Returns what stopped the rolling, or null. */
    Throwable problem() {
        return problem;
    }

    /** Returns the bytes of log that are rolled. */
    long rolledLogBytes() {
        return rolledLogBytes;
    }

    /** Returns the bytes of the tables so far. */
    long tableBytes() {
        return roller.bytes().get();
    }

    /** Returns the number of the last segment rolled. */
    int rolled() {
        return rolled;
    }
}
