// SPDX-License-Identifier: Apache-2.0
// Runs commands in this JVM and keeps what they print.
package org.sysinspector.analyzer;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command printed and returned.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int code, String out, String err) {

    /** Returns what stands on standard error below the line on how the window ended; without that line if there is none. */
    String notes() {
        return err.replaceFirst("(?m)^ended by: .*\n", "");
    }

    /** Returns what stands on standard output below that line. */
    String answer() {
        return out.replaceFirst("^ended by: .*\n", "");
    }

    /** Runs one command. */
    static Cli run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = String.valueOf(args[i]);
        }
        int code = Main.run(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), texts);
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
