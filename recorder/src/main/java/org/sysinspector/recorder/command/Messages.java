// SPDX-License-Identifier: Apache-2.0
// Says things on standard error without ever waiting for whoever reads it.
package org.sysinspector.recorder.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;
import org.sysinspector.text.Escape;

/**
 * Says things on standard error without ever waiting for whoever reads it: a terminal stopped by Ctrl-S, or a full pipe, must not
 * hold the clock of a window. A thread of its own writes; who says something leaves it in a short queue. Any thread may say something.
 *
 * <p>It does not go through System.err, whose lock the writer would hold as long as it is held up.
 */
final class Messages implements AutoCloseable {
    /** All messages of a window, several times over; what finds no room is told by nobody, and nothing else can be done. */
    private static final int MOST_WAITING = 64;
    private static final long PATIENCE_MS = 1000;
    private static final String CLEAR_LINE = "\r\033[K";

    private final OutputStream out;
    private final boolean terminal;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final Thread writer = new Thread(this::write, "messages");
    private String progress;
    private boolean closed;

    /**
     * Makes one for standard error.
     *
     * @param terminal whether that is a terminal, so that a line may be written over
     */
    Messages(boolean terminal) {
        this(new FileOutputStream(FileDescriptor.err), terminal);
    }

    Messages(OutputStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        writer.setDaemon(true);
        writer.start();
    }

    /** Says a line. */
    synchronized void say(String line) {
        progress = null;
        if (waiting.size() < MOST_WAITING) {
            waiting.add((terminal ? CLEAR_LINE : "") + Escape.terminal(line) + System.lineSeparator());
            notifyAll();
        }
    }

    /** Shows a line that the next one is written over; on a terminal only. One that was not shown yet is forgotten. */
    synchronized void show(String line) {
        if (terminal) {
            progress = CLEAR_LINE + Escape.terminal(line);
            notifyAll();
        }
    }

    /** Waits a second at most until all is written; what is not will not be. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            writer.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            for (String text = next(); text != null; text = next()) {
                out.write(text.getBytes(Charset.defaultCharset()));
                out.flush();
            }
        } catch (IOException e) {
            drop(); // nobody is there any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String next() throws InterruptedException {
        while (waiting.isEmpty() && progress == null && !closed) {
            wait();
        }
        if (!waiting.isEmpty()) {
            return waiting.remove();
        }
        String shown = progress;
        progress = null;
        return shown;
    }

    private synchronized void drop() {
        waiting.clear();
        progress = null;
    }
}
