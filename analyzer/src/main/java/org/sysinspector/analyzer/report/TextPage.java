// SPDX-License-Identifier: Apache-2.0
// Sets a report as text.
package org.sysinspector.analyzer.report;

import java.io.IOException;
import java.util.List;
import org.sysinspector.analyzer.output.Escape;
import org.sysinspector.analyzer.output.Wrap;
import org.sysinspector.analyzer.report.Section.Column;
import org.sysinspector.analyzer.report.Section.Detail;
import org.sysinspector.analyzer.report.Section.Item;
import org.sysinspector.analyzer.report.Section.Row;

/** Sets a report as text of at most {@value #WIDTH} columns. */
public final class TextPage {
    /** Columns that no line exceeds. */
    public static final int WIDTH = 100;

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
        line(ReportSections.headline(report.window()));
        for (Section section : ReportSections.of(report)) {
            line("");
            write(section);
        }
        line("");
        line("every figure is a query: sys-inspector analyze sql CAPTURE \"SELECT ... FROM process\"");
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
            String name = Fit.middle(Escape.terminal(row.name()), first - indent.length());
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
        int left = room - note.length();
        List<String> links = detail.chain().stream().map(Escape::terminal).toList();
        if (detail.path() == null) {
            line(indent + lead + Fit.chain(links, left) + note);
            return;
        }
        String path = Escape.terminal(detail.path());
        int forChain = links.isEmpty() ? 0 : Math.max(left / 2, left - 6 - path.length());
        String chain = links.isEmpty() ? "" : Fit.chain(links, forChain - 6) + "  ->  ";
        line(indent + lead + chain + Fit.middle(path, left - chain.length()) + note);
    }

    private static String pad(Column column, String text) {
        String cut = Fit.end(text, column.width());
        return column.right() ? Fit.right(cut, column.width()) : Fit.left(cut, column.width());
    }

    private void line(String text) throws IOException {
        out.append(Fit.end(text.stripTrailing(), WIDTH)).append('\n');
    }
}
