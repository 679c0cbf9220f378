// SPDX-License-Identifier: Apache-2.0
// Lets the command ignore the signals that its caller ignored.
package org.sysinspector.recorder.window;

import com.sun.jna.Memory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sysinspector.recorder.system.LibC;

/**
 * Lets the command ignore the signals that its caller ignored. What is ignored is inherited, and posix_spawn cannot set it; but the
 * JVM has handlers of its own for some (SIGPIPE, SIGXFSZ, SIGQUIT), so those are ignored here for the moment of the start. For one thread.
 */
final class IgnoredSignals implements AutoCloseable {
    private static final int ACTION_BYTES = 256;
    private static final long IGNORE = 1;
    private static final int SIGNALS = 64;
    /** Signals that the JVM itself lives by (SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV, SIGSTOP), the C library's own two, and SIGCHLD: ignored,
     * it lets the kernel throw exit statuses away, the command's too. */
    private static final long NOT_TOUCHED = bit(4) | bit(5) | bit(6) | bit(7) | bit(8) | bit(9) | bit(11) | bit(17) | bit(19) | bit(32) | bit(33);

    private final long ignored;
    private final Map<Integer, Memory> before = new LinkedHashMap<>();

    IgnoredSignals(long ignored) {
        this.ignored = ignored & ~NOT_TOUCHED;
    }

    private static long bit(int signal) {
        return 1L << signal - 1;
    }

    /** Ignores them, until {@link #close}. */
    void set() {
        try (Memory ignore = new Memory(ACTION_BYTES)) {
            ignore.clear();
            ignore.setLong(0, IGNORE);
            for (int signal = 1; signal <= SIGNALS; signal++) {
                if ((ignored & bit(signal)) != 0) {
                    Memory old = new Memory(ACTION_BYTES);
                    if (LibC.sigaction(signal, ignore, old) == 0) {
                        before.put(signal, old);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        before.forEach((signal, old) -> {
            LibC.sigaction(signal, old, null);
            old.close();
        });
        before.clear();
    }
}
