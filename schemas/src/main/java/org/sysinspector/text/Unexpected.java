// SPDX-License-Identifier: Apache-2.0
// What to say of an error that nobody thought of.
package org.sysinspector.text;

import java.util.Arrays;
import java.util.Locale;

/** What to say of an error that nobody thought of: no trace, but enough to find the place. Has no state, so any thread may use it. */
public final class Unexpected {
    private static final String OURS = "org.sysinspector.";

    private Unexpected() {}

    /** Returns a line for the user: what to report, where it came up, or how to give more memory where that was wanting. */
    public static String line(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            return "out of memory: heap=" + Units.bytes(Runtime.getRuntime().maxMemory())
                    + "; give it more: SYS_INSPECTOR_OPTS=-Xmx1g sys-inspector ...";
        }
        return "unexpected error, please report it with this line and the command: version=" + Version.TEXT + " code=" + code(e);
    }

    /** Returns the place where an error came up, in the words of a message: file and line of our code. */
    public static String code(Throwable e) {
        return Arrays.stream(e.getStackTrace())
                .filter(f -> f.getClassName().startsWith(OURS) && f.getFileName() != null).findFirst()
                .map(f -> f.getFileName().replace(".java", "-").toLowerCase(Locale.ROOT) + f.getLineNumber())
                .orElse("none");
    }
}
