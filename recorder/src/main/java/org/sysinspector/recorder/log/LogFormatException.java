// SPDX-License-Identifier: Apache-2.0
// A log that is not what it should be.
package org.sysinspector.recorder.log;

import java.io.IOException;

/** A log that is not what it should be: one line with the problem, then where, what was expected and what was found. */
public final class LogFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes one with the line that the user reads. */
    public LogFormatException(String message) {
        super(message);
    }
}
