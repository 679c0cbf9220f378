// SPDX-License-Identifier: Apache-2.0
// Runs queries and maps their rows.
package org.sysinspector.analyzer.report;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.analyzer.database.CaptureDatabase;

/** Runs queries and maps their rows. */
final class Rows {
    private Rows() {}

    /** Makes one value of the current row. */
    interface Mapper<T> {
        /** Does it. */
        T map(ResultSet row) throws SQLException;
    }

    static <T> List<T> of(CaptureDatabase database, String query, Mapper<T> mapper) throws SQLException {
        List<T> list = new ArrayList<>();
        database.define(query);
        try (Statement sql = database.connection().createStatement(); ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                list.add(mapper.map(rows));
            }
        }
        return list;
    }

    /** Returns the one row of a query that always has one. */
    static <T> T one(CaptureDatabase database, String query, Mapper<T> mapper) throws SQLException {
        return of(database, query, mapper).get(0);
    }

    /** Returns a number that may be NULL. */
    static Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
