// SPDX-License-Identifier: Apache-2.0
// A result as aligned columns.
package org.sysinspector.analyzer.output;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.text.Escape;

/** A result as aligned columns. The first rows give the widths; a later cell that is wider shifts its line. */
final class TableText {
    private static final int ROWS_FOR_WIDTH = 1000;

    private final List<String> names;
    private final int[] widths;
    private final boolean[] right;

    private TableText(List<String> names) {
        this.names = names;
        this.widths = names.stream().mapToInt(n -> Escape.terminal(n).length()).toArray();
        this.right = new boolean[names.size()];
    }

    static void write(ResultSet rows, Appendable out) throws SQLException, IOException {
        TableText table = new TableText(Cells.names(rows));
        List<List<Object>> first = new ArrayList<>();
        while (first.size() < ROWS_FOR_WIDTH && rows.next()) {
            first.add(Cells.row(rows));
            table.measure(first.get(first.size() - 1));
        }
        table.line(new ArrayList<>(table.names), out);
        StringBuilder rule = new StringBuilder();
        for (int width : table.widths) {
            rule.append(rule.isEmpty() ? "" : "  ").append("-".repeat(width));
        }
        out.append(rule).append('\n');
        long count = first.size();
        for (List<Object> row : first) {
            table.line(row, out);
        }
        first = List.of();
        while (rows.next()) {
            table.line(Cells.row(rows), out);
            count++;
        }
        out.append(count == 1 ? "(1 row)\n" : "(" + count + " rows)\n");
    }

    private void measure(List<Object> row) {
        for (int i = 0; i < widths.length; i++) {
            Object value = row.get(i);
            widths[i] = Math.max(widths[i], text(value).length());
            right[i] |= value instanceof Number;
        }
    }

    private void line(List<Object> row, Appendable out) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String text = text(row.get(i));
            String pad = " ".repeat(Math.max(0, widths[i] - text.length()));
            line.append(i == 0 ? "" : "  ").append(right[i] ? pad + text : text + pad);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static String text(Object value) {
        return value == null ? "NULL" : Escape.terminal(Cells.text(value));
    }
}
