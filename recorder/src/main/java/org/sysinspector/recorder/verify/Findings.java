// SPDX-License-Identifier: Apache-2.0
// The lines that verify prints.
package org.sysinspector.recorder.verify;

import java.io.PrintWriter;
import org.sysinspector.text.Escape;

/**
 * The lines that verify prints, one a thing checked. What comes from a capture is hostile, so nothing that a terminal
 * obeys leaves here.
 */
public final class Findings {
    private final PrintWriter out;
    private final boolean errorsOnly;
    private int errors;

    /**
     * Makes an empty one.
     *
     * @param out takes the lines
     * @param errorsOnly whether to leave out what is fine
     */
    public Findings(PrintWriter out, boolean errorsOnly) {
        this.out = out;
        this.errorsOnly = errorsOnly;
    }

    /** Prints that a thing is as it should be. */
    void ok(String what, String facts) {
        if (!errorsOnly) {
            out.println(Escape.terminal("OK   " + what + "  " + facts));
        }
    }

    /** Prints that a thing is not as it should be. */
    void error(String what, Object expected, Object found) {
        errors++;
        out.println(Escape.terminal("ERR  " + what + "  expected=" + expected + " found=" + found));
    }

    /** Prints an error if two values differ; returns whether they are equal. */
    boolean equal(String what, Object expected, Object found) {
        boolean equal = expected.equals(found);
        if (!equal) {
            error(what, expected, found);
        }
        return equal;
    }

    /** Returns the errors printed so far. */
    public int errors() {
        return errors;
    }
}
