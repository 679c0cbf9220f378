// SPDX-License-Identifier: Apache-2.0
// Sets a report as one self-contained HTML page.
package org.sysinspector.analyzer.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sysinspector.analyzer.report.Section.Column;
import org.sysinspector.analyzer.report.Section.Detail;
import org.sysinspector.analyzer.report.Section.Item;
import org.sysinspector.analyzer.report.Section.Row;
import org.sysinspector.text.Escape;

/**
 * Sets a report as one self-contained HTML page: no script, nothing loaded, light and dark. The frame is resource
 * {@code page/report.html}; the two marks in it are where title and body go. Everything from the capture is escaped.
 */
public final class HtmlPage {
    private static final String TITLE = "<!--TITLE-->";
    private static final String BODY = "<!--BODY-->";

    private final Appendable out;

    /** Makes one that writes here. */
    public HtmlPage(Appendable out) {
        this.out = out;
    }

    /**
     * Writes a whole report.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Report report) throws IOException {
        String frame;
        try (InputStream in = HtmlPage.class.getResourceAsStream("/page/report.html")) {
            frame = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
        int title = frame.indexOf(TITLE);
        int body = frame.indexOf(BODY);
        out.append(frame, 0, title).append(Escape.html(report.window().host() + " " + report.window().fromWall()));
        out.append(frame, title + TITLE.length(), body);
        out.append("<h1>").append(Escape.html(ReportSections.headline(report))).append("</h1>\n");
        out.append("<p>").append(Escape.html(report.loss().completeness().line())).append("</p>\n");
        for (Section section : ReportSections.of(report)) {
            out.append(section.title().startsWith(LossText.TITLE) ? "<section class=\"lost\">" : "<section>")
                    .append("\n<h2>").append(Escape.html(section.title())).append("</h2>\n");
            if (!section.rows().isEmpty()) {
                table(section);
            }
            if (!section.items().isEmpty()) {
                items(section.items());
            }
            out.append("</section>\n");
        }
        out.append("<footer>Every figure is a query: <code>").append(TextPage.EXPLAIN).append("</code></footer>\n");
        out.append(frame, body + BODY.length(), frame.length());
    }

    private void table(Section section) throws IOException {
        out.append("<table>\n<thead><tr><th scope=\"col\">").append(Escape.html(section.first()))
                .append("</th>");
        for (Column column : section.columns()) {
            out.append("<th scope=\"col\"").append(column.right() ? " class=\"figure\"" : "").append('>')
                    .append(Escape.html(column.head())).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (Row row : section.rows()) {
            // Padding, not spaces: a long command that wraps stays under its own beginning.
            String indent = row.depth() == 0 ? ""
                    : " style=\"padding-left: " + (6 + 14 * Math.min(row.depth(), 20)) / 10.0 + "rem\"";
            out.append("<tr><th scope=\"row\"").append(indent).append('>')
                    .append(Escape.html(row.name() + row.suffix())).append("</th>");
            for (int i = 0; i < section.columns().size(); i++) {
                out.append(section.columns().get(i).right() ? "<td class=\"figure\">" : "<td>")
                        .append(Escape.html(row.cells().get(i))).append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table>\n");
    }

    private void items(List<Item> items) throws IOException {
        boolean numbered = items.stream().anyMatch(i -> !i.mark().isEmpty());
        out.append(numbered ? "<ol>\n" : "<ul>\n");
        for (Item item : items) {
            out.append("<li>").append(Escape.html(item.text()));
            for (Detail detail : item.detail()) {
                out.append("<div class=\"detail\">").append(Escape.html(detail.lead()));
                if (!detail.chain().isEmpty()) {
                    out.append(" <b>").append(Escape.html(String.join(" > ", detail.chain()))).append("</b>");
                }
                if (detail.path() != null) {
                    out.append(detail.chain().isEmpty() ? " " : " &#8594; ").append("<code>")
                            .append(Escape.html(detail.path())).append("</code>");
                }
                boolean alone = detail.chain().isEmpty() && detail.path() == null;
                String note = alone ? " " + detail.note() : "  (" + detail.note() + ")";
                out.append(detail.note().isEmpty() ? "" : Escape.html(note)).append("</div>");
            }
            out.append("</li>\n");
        }
        out.append(numbered ? "</ol>\n" : "</ul>\n");
    }
}
