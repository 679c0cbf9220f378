// SPDX-License-Identifier: Apache-2.0
// Finds values in the tables of a capture that cannot be.
package org.sysinspector.analyzer.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.TableSchema;

/**
 * Finds values in the tables of a capture that cannot be: times and amounts below 0, times beyond a hundred years of a boot
 * clock, sums that could not have been moved. What is reckoned from them would overflow, or be wrong without a word.
 */
final class Plausibility {
    /** A hundred years in nanoseconds; twice of it still fits a BIGINT. */
    private static final long MOST_NS = 3_153_600_000_000_000_000L;
    /** 16 PiB: five hundred of them still fit a BIGINT. */
    private static final long MOST_BYTES = 1L << 54;

    private Plausibility() {}

    /**
     * Looks at one table.
     *
     * @param relation what to read: the table, or a SELECT of one of its files, in brackets
     * @throws CaptureException if it holds a value that cannot be, naming the column and the value
     * @throws SQLException if it cannot be read
     */
    static void check(Statement sql, TableSchema table, String relation, String name) throws SQLException, CaptureException {
        List<ColumnSchema> columns = table.columns().stream()
                .filter(c -> c.type() == ColumnType.INT64 && (c.unit().equals("ns") || c.unit().equals("bytes"))
                        && !c.name().equals("file_offset")).toList();
        if (columns.isEmpty()) {
            return;
        }
        List<String> items = new ArrayList<>();
        columns.forEach(c -> items.add("min(" + c.name() + "), max(" + c.name() + ")"));
        try (ResultSet row = sql.executeQuery("SELECT " + String.join(", ", items) + " FROM " + relation)) {
            row.next();
            for (int i = 0; i < columns.size(); i++) {
                long most = columns.get(i).unit().equals("ns") ? MOST_NS : MOST_BYTES;
                require(name, columns.get(i).name(), row.getLong(2 * i + 1), most);
                require(name, columns.get(i).name(), row.getLong(2 * i + 2), most);
            }
        }
    }

    private static void require(String name, String column, long value, long most) throws CaptureException {
        if (value < 0 || value > most) {
            throw new CaptureException("a file of the capture holds what cannot be: " + name + " column=" + column + " value=" + value
                    + " least=0 most=" + most);
        }
    }
}
