// SPDX-License-Identifier: Apache-2.0
// An error of DuckDB in one line.
package org.sysinspector.analyzer.output;

import java.sql.SQLException;
import org.sysinspector.text.Escape;

/** An error of DuckDB in one line. */
public final class SqlProblem {
    private SqlProblem() {}

    /** Returns its message without the excerpt of the query, in one line that is safe to print. */
    public static String line(SQLException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        int excerpt = message.indexOf("\n\nLINE ");
        if (excerpt >= 0) {
            message = message.substring(0, excerpt);
        }
        return Escape.terminal(message.strip().replaceAll("\\s+", " "));
    }
}
