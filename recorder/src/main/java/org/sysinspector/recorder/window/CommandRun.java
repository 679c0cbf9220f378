// SPDX-License-Identifier: Apache-2.0
// The run of the command: it may end before its window, with it, or after it.
package org.sysinspector.recorder.window;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The run of the command: it may end before its window, with it, or after it. The main thread runs it; {@link #leave} is for any. */
final class CommandRun {
    private static final long TERMINATION_MS = 1000;

    private final CountDownLatch over = new CountDownLatch(1);
    private TracedCommand command;
    private Thread waiter;
    private boolean isTerminated;
    private volatile Integer status;

    /**
     * Starts the command.
     *
     * @param ended is called once it has ended, by a thread of its own
     * @throws CommandRefusal if the kernel does not start it
     */
    void start(String program, List<String> line, Runnable ended) throws CommandRefusal {
        command = TracedCommand.start(program, line);
        waiter = new Thread(() -> {
            status = command.await();
            over.countDown();
            ended.run();
        }, "command");
        waiter.setDaemon(true);
        waiter.start();
    }

    /** Returns whether it has been started and not ended yet. */
    boolean goesOn() {
        return command != null && status == null;
    }

    /** Ends it if it goes on; its end is recorded too if it comes soon. */
    void terminate() throws InterruptedException {
        if (goesOn()) {
            isTerminated = true;
            command.terminate();
            waiter.join(TERMINATION_MS);
        }
    }

    /** Lets nobody wait for it any more. */
    void leave() {
        over.countDown();
    }

    /** Waits until it has ended by itself; ends it after a time, or when {@link #leave} was called. */
    void awaitEnd(long limitNs) throws InterruptedException {
        if (goesOn() && !isTerminated) {
            over.await(limitNs, TimeUnit.NANOSECONDS);
            terminate();
        }
    }

    /** Returns its exit status if it has ended by itself. */
    OptionalInt status() {
        Integer known = status;
        return isTerminated || known == null ? OptionalInt.empty() : OptionalInt.of(known);
    }
}
