// SPDX-License-Identifier: Apache-2.0
// What to say of a query that failed.
package org.sysinspector.analyzer.database;

import java.sql.SQLException;
import java.util.Locale;
import org.sysinspector.text.Escape;
import org.sysinspector.text.Sizes;

/** What to say of a query that failed: one line, with a remedy where there is one. */
final class QueryProblem {
    private QueryProblem() {}

    /** Returns the line; {@code options} are what the database was opened with. */
    static String line(SQLException e, DatabaseOptions options) {
        String message = String.valueOf(e.getMessage());
        // A result that is streamed says no more than this where it was out of memory.
        if (message.startsWith("Out of Memory Error") || message.contains("Invalid result set")) {
            return "the query needs more room than it was given: memory=" + Sizes.text(options.memoryBytes()) + " spill="
                    + Sizes.text(options.spillBytes()) + "; give it more: --memory " + Sizes.text(twice(options.memoryBytes()))
                    + " --spill " + Sizes.text(twice(options.spillBytes())) + ", or ask about less (--from, --to, WHERE)";
        }
        if (message.toLowerCase(Locale.ROOT).contains("no space left on device")) {
            return "the directory for temporary files is full: directory=" + System.getProperty("java.io.tmpdir")
                    + "; use another: JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR, or give more memory: --memory "
                    + Sizes.text(twice(options.memoryBytes()));
        }
        return brief(message);
    }

    private static long twice(long bytes) {
        return Math.min(2 * bytes, Sizes.MOST);
    }

    /** Returns a message of DuckDB without the excerpt of the query and its advice, in one line that is safe to print. */
    private static String brief(String message) {
        int excerpt = message.indexOf("\n\n");
        String first = excerpt >= 0 ? message.substring(0, excerpt) : message;
        return Escape.terminal(first.strip().replaceAll("\\s+", " "));
    }
}
