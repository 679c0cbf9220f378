// SPDX-License-Identifier: Apache-2.0
// The values of a result, as plain Java and as text.
package org.sysinspector.analyzer.output;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The values of a result, as plain Java and as text. */
final class Cells {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss").appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    private Cells() {}

    /** Returns the names of the columns. */
    static List<String> names(ResultSet rows) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            names.add(rows.getMetaData().getColumnLabel(i));
        }
        return names;
    }

    /** Returns the current row: null, String, Number, Boolean or List. */
    static List<Object> row(ResultSet rows) throws SQLException {
        int count = rows.getMetaData().getColumnCount();
        List<Object> row = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            boolean timestamp = rows.getMetaData().getColumnType(i) == Types.TIMESTAMP;
            row.add(plain(timestamp ? rows.getObject(i, LocalDateTime.class) : rows.getObject(i)));
        }
        return row;
    }

    /** Returns a value as text; the caller has dealt with null, and escapes it. */
    static String text(Object value) {
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? BigDecimal.valueOf(number).toPlainString() : String.valueOf(number);
        }
        return value instanceof List<?> list ? JsonText.of(list) : value.toString();
    }

    private static Object plain(Object value) throws SQLException {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Array array) {
            List<Object> items = new ArrayList<>();
            for (Object item : (Object[]) array.getArray()) {
                items.add(plain(item));
            }
            return items;
        }
        return value instanceof LocalDateTime time ? TIMESTAMP.format(time) : value.toString();
    }
}
