// SPDX-License-Identifier: Apache-2.0
// Entry point of sys-inspector analyze.
package org.sysinspector.analyzer;

import java.io.PrintStream;
import org.sysinspector.analyzer.command.AnalyzeCommand;
import org.sysinspector.text.RawArguments;

/** Entry point of {@code sys-inspector analyze}. */
public final class Main {
    private static final int SYSTEM_CANNOT = 3;

    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        // From JDK 22 on a console is there even where none is; this asks for what JDK 17 does.
        System.setProperty("jdk.console", "java.base");
        if (!RawArguments.isDirectoryNamed()) {
            System.err.println("sys-inspector: the working directory is gone, or its name is not UTF-8; start it elsewhere: cd /");
            System.exit(SYSTEM_CANNOT);
        }
        System.exit(run(System.out, System.err, RawArguments.of(args)));
    }

    /**
     * Runs one command.
     *
     * @return 0 fine, 1 failed, 2 wrong usage, 3 the system cannot do it
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        int code = AnalyzeCommand.run(out, err, args);
        out.flush();
        err.flush();
        return code;
    }
}
