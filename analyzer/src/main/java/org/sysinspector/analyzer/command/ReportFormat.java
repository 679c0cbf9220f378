// SPDX-License-Identifier: Apache-2.0
// The forms of a report.
package org.sysinspector.analyzer.command;

import java.io.IOException;
import java.io.Writer;
import org.sysinspector.analyzer.output.JsonText;
import org.sysinspector.analyzer.report.HtmlPage;
import org.sysinspector.analyzer.report.Report;
import org.sysinspector.analyzer.report.TextPage;

/** The forms of a report. */
enum ReportFormat {
    /** For the terminal, at most 100 columns. */
    TEXT,
    /** The figures, for programs. */
    JSON,
    /** One self-contained page. */
    HTML;

    /** Writes a report in this form. */
    void write(Report report, Writer out) throws IOException {
        switch (this) {
            case TEXT -> new TextPage(out).write(report);
            case JSON -> out.append(JsonText.pretty(report));
            case HTML -> new HtmlPage(out).write(report);
        }
    }
}
