// SPDX-License-Identifier: Apache-2.0
// A capture that cannot be read, said in one line.
package org.sysinspector.capture;

/** A capture that cannot be read. The message is one line: the problem, then the facts, then the remedy. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes one with the line that the user reads. */
    public CaptureException(String message) {
        super(message);
    }

    /** Makes one with the line that the user reads and what caused it. */
    public CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
