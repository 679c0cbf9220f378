// SPDX-License-Identifier: Apache-2.0
// Sets a report as text.
package org.sysinspector.analyzer.report;

import java.io.IOException;
import org.sysinspector.analyzer.output.Wrap;
import org.sysinspector.analyzer.report.Section.Column;
import org.sysinspector.analyzer.report.Section.Detail;
import org.sysinspector.analyzer.report.Section.Item;
import org.sysinspector.analyzer.report.Section.Row;
import org.sysinspector.text.Escape;

/** Sets a report as text of at most {@value #WIDTH} columns. */
public final class TextPage {
    /** Columns that no line exceeds. */
    public static final int WIDTH = 100;

    /** The command that prints the queries. */
    static final String EXPLAIN = "sys-inspector analyze report CAPTURE --explain";

    private static final String ARROW = "  ->  ";

    private final Appendable out;

    /** Makes one that writes here. */
    public TextPage(Appendable out) {
        this.out = out;
    }

    /**
     * Writes a whole report.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Report report) throws IOException {
        line(report.loss().completeness().line());
        line(ReportSections.headline(report));
        for (Section section : ReportSections.of(report)) {
            line("");
            write(section);
        }
        line("");
        line("every figure is a query: " + EXPLAIN);
        line("what there is to ask about: sys-inspector analyze tables CAPTURE");
    }

    void write(Section section) throws IOException {
        int rest = section.columns().stream().mapToInt(c -> c.width() + 2).sum();
        int first = WIDTH - rest;
        if (!section.columns().isEmpty() && !section.rows().isEmpty()) {
            StringBuilder head = new StringBuilder(Fit.left(Fit.end(section.title(), first), first));
            for (Column column : section.columns()) {
                head.append("  ").append(pad(column, column.head()));
            }
            line(head.toString());
        } else if (!section.title().isEmpty()) {
            line(section.title());
        }
        for (Row row : section.rows()) {
            String indent = "  ".repeat(1 + Math.min(row.depth(), 12));
            // Of a path both ends matter, of a command its beginning.
            int room = first - indent.length() - row.suffix().length();
            String safe = Escape.terminal(row.name());
            String name = (row.suffix().isEmpty() ? Fit.middle(safe, room) : Fit.end(safe, room)) + row.suffix();
            StringBuilder text = new StringBuilder(Fit.left(indent + name, first));
            for (int i = 0; i < section.columns().size(); i++) {
                text.append("  ").append(pad(section.columns().get(i), Escape.terminal(row.cells().get(i))));
            }
            line(text.toString());
        }
        for (Item item : section.items()) {
            item(item);
        }
    }

    private void item(Item item) throws IOException {
        String head = item.mark().isEmpty() ? "  " : "  " + item.mark() + "  ";
        for (String wrapped : Wrap.text(head, Escape.terminal(item.text()), WIDTH).stripTrailing().split("\n")) {
            line(wrapped);
        }
        for (Detail detail : item.detail()) {
            detail(" ".repeat(Math.max(4, head.length())), detail);
        }
    }

    private void detail(String indent, Detail detail) throws IOException {
        String lead = detail.lead().isEmpty() ? "" : Escape.terminal(detail.lead()) + "  ";
        String note = detail.note().isEmpty() ? "" : "  (" + Escape.terminal(detail.note()) + ")";
        if (detail.chain().isEmpty() && detail.path() == null) {
            line(indent + lead + Escape.terminal(detail.note()));
            return;
        }
        int room = WIDTH - indent.length() - lead.length();
        note = Fit.end(note, Math.min(50, room / 2));
        String chain = Fit.chain(detail.chain().stream().map(Escape::terminal).toList(), room - note.length());
        String path = detail.path() == null ? "" : Escape.terminal(detail.path());
        String arrow = chain.isEmpty() || path.isEmpty() ? "" : ARROW;
        if (chain.isEmpty() || chain.length() + arrow.length() + path.length() + note.length() <= room) {
            line(indent + lead + chain + arrow + Fit.middle(path, room - note.length()) + note);
            return;
        }
        chain = Fit.chain(detail.chain().stream().map(Escape::terminal).toList(), room);
        line(indent + lead + chain);
        line(indent + "    " + arrow.stripLeading()
                + Fit.middle(path, WIDTH - indent.length() - 4 - arrow.length() - note.length()) + note);
    }

    private static String pad(Column column, String text) {
        String cut = Fit.end(text, column.width());
        return column.right() ? Fit.right(cut, column.width()) : Fit.left(cut, column.width());
    }

    private void line(String text) throws IOException {
        out.append(Fit.end(Escape.terminal(text.stripTrailing()), WIDTH)).append('\n');
    }
}
