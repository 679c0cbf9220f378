// SPDX-License-Identifier: Apache-2.0
// A command that cannot be executed, said in one line.
package org.sysinspector.recorder.window;

/** A command that cannot be executed. The message is one line: problem, facts, remedy. */
public final class CommandRefusal extends Exception {
    /** Exit status where there is no such program, as of a shell. */
    public static final int NOT_FOUND = 127;
    /** Exit status where there is one that cannot be executed, as of a shell. */
    public static final int NOT_EXECUTABLE = 126;

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Makes one.
     *
     * @param message the line that the user reads
     * @param status {@link #NOT_FOUND} or {@link #NOT_EXECUTABLE}
     */
    public CommandRefusal(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Returns the exit status of the recorder. */
    public int status() {
        return status;
    }
}
