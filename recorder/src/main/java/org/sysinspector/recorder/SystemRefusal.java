// SPDX-License-Identifier: Apache-2.0
// What the system cannot do, said in one line with its remedy.
package org.sysinspector.recorder;

/** Something that the system cannot do (exit code 3). The message is one line: problem, facts, remedy. */
public final class SystemRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes one with the line that the user reads. */
    public SystemRefusal(String message) {
        super(message);
    }

    /** Makes one with the line that the user reads and what caused it. */
    public SystemRefusal(String message, Throwable cause) {
        super(message, cause);
    }
}
