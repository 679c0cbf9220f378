// SPDX-License-Identifier: Apache-2.0
// What a failure is to its user: one line and an exit status.
package org.sysinspector.recorder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.text.Escape;
import org.sysinspector.text.IoProblem;
import org.sysinspector.text.Unexpected;

/** What a failure is to its user: one line and an exit status. Has no state, so any thread may use it. */
public final class Problem {
    private static final int FAILED = 1;
    private static final int SYSTEM = 3;

    private Problem() {}

    /** Returns the exit status for a failure: 3 where the system cannot do it, else 1. */
    public static int status(Exception e) {
        return e instanceof SystemRefusal ? SYSTEM : FAILED;
    }

    /** Returns one line of printable text on a failure. */
    public static String line(Throwable e) {
        if (e instanceof FileSystemException file) {
            return Escape.terminal("cannot read or write: " + IoProblem.facts(file)
                    + "; see that it may be read and written, and that there is room");
        }
        if (e instanceof SystemRefusal || e instanceof CaptureException || e instanceof IOException) {
            return Escape.terminal(e.getMessage() == null ? Unexpected.line(e) : e.getMessage());
        }
        return Escape.terminal(Unexpected.line(e));
    }
}
