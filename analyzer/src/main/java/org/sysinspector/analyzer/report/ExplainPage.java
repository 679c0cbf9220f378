// SPDX-License-Identifier: Apache-2.0
// Prints the SQL behind a report.
package org.sysinspector.analyzer.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.sysinspector.text.Escape;

/** Prints the SQL behind a report, section by section: the queries that the report itself runs. */
public final class ExplainPage {
    private ExplainPage() {}

    /**
     * Writes it, as a script that {@code analyze sql -f} runs.
     *
     * @param arguments capture and options to run it with
     * @throws IOException if it cannot be written
     */
    public static void write(String arguments, Appendable out) throws IOException {
        out.append("-- The queries behind the report, as it runs them. One of them, or all:\n");
        out.append("--   sys-inspector analyze sql ").append(Escape.terminal(arguments)).append(" \"QUERY\"\n");
        out.append("--   sys-inspector analyze sql ").append(Escape.terminal(arguments)).append(" -f FILE\n");
        for (Map.Entry<String, List<String>> section : ReportQueries.bySection().entrySet()) {
            out.append("\n-- ").append(section.getKey()).append('\n');
            for (String query : section.getValue()) {
                out.append(query).append(";\n");
            }
        }
    }
}
