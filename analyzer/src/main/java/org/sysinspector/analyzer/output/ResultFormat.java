// SPDX-License-Identifier: Apache-2.0
// The forms in which a result of SQL is written.
package org.sysinspector.analyzer.output;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sysinspector.text.Escape;

/** The forms in which a result of SQL is written. Rows are streamed; memory does not grow with their number. */
public enum ResultFormat {
    /** Aligned columns for people; widths come from the first rows. */
    TABLE {
        @Override
        public void write(ResultSet rows, Appendable out) throws SQLException, IOException {
            TableText.write(rows, out);
        }
    },
    /** RFC 4180 with a header line, but lines end in a line feed alone; NULL is empty. */
    CSV {
        @Override
        public void write(ResultSet rows, Appendable out) throws SQLException, IOException {
            out.append(String.join(",", Cells.names(rows).stream().map(Escape::csv).toList())).append('\n');
            while (rows.next()) {
                List<String> fields = new ArrayList<>();
                for (Object value : Cells.row(rows)) {
                    fields.add(csvField(value));
                }
                out.append(String.join(",", fields)).append('\n');
            }
        }
    },
    /** An array of objects, one a line. */
    JSON {
        @Override
        public void write(ResultSet rows, Appendable out) throws SQLException, IOException {
            List<String> names = Cells.names(rows);
            String separator = "[\n";
            while (rows.next()) {
                out.append(separator).append(JsonText.of(object(names, Cells.row(rows))));
                separator = ",\n";
            }
            out.append(separator.startsWith("[") ? "[]\n" : "\n]\n");
        }
    },
    /** One object a line. */
    NDJSON {
        @Override
        public void write(ResultSet rows, Appendable out) throws SQLException, IOException {
            List<String> names = Cells.names(rows);
            while (rows.next()) {
                out.append(JsonText.of(object(names, Cells.row(rows)))).append('\n');
            }
        }
    },
    /** A table in Markdown. */
    MARKDOWN {
        @Override
        public void write(ResultSet rows, Appendable out) throws SQLException, IOException {
            List<String> names = Cells.names(rows);
            out.append("| ").append(String.join(" | ", names.stream().map(Escape::markdown).toList())).append(" |\n");
            out.append("|").append(" --- |".repeat(names.size())).append('\n');
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (Object value : Cells.row(rows)) {
                    cells.add(value == null ? "" : Escape.markdown(Cells.text(value)));
                }
                out.append("| ").append(String.join(" | ", cells)).append(" |\n");
            }
        }
    },
    /** A Parquet file; DuckDB writes it, so it has no text. */
    PARQUET {
        @Override
        public void write(ResultSet rows, Appendable out) {
            throw new UnsupportedOperationException("a Parquet file is not text");
        }
    };

    /**
     * Writes a whole result.
     *
     * @throws SQLException if a row cannot be read
     * @throws IOException if it cannot be written
     */
    public abstract void write(ResultSet rows, Appendable out) throws SQLException, IOException;

    private static String csvField(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return Cells.text(value);
        }
        // An empty text is told from NULL by its quotes.
        String text = Cells.text(value);
        return text.isEmpty() ? "\"\"" : Escape.csv(text);
    }

    private static Map<String, Object> object(List<String> names, List<Object> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            object.put(names.get(i), row.get(i));
        }
        return object;
    }
}
