// SPDX-License-Identifier: Apache-2.0
// Asks a finished capture with SQL.
package org.sysinspector.recorder.window;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/** Asks a finished capture with SQL: every table is there under its name, empty where the capture has no file of it. */
public final class CaptureQueries implements AutoCloseable {
    private final Connection connection;

    /** Opens a capture. */
    public CaptureQueries(Path capture) throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            for (TableSchema table : SchemaCatalog.get().tables()) {
                Path files = capture.resolve("tables").resolve(table.name());
                if (Files.isDirectory(files)) {
                    statement.execute("CREATE VIEW \"" + table.name() + "\" AS FROM read_parquet('" + files + "/*.parquet')");
                } else {
                    statement.execute("CREATE TABLE \"" + table.name() + "\" (" + table.columns().stream()
                            .map(c -> '"' + c.name() + "\" " + c.type().sqlName()).collect(Collectors.joining(", ")) + ")");
                }
            }
        }
    }

    /** Returns the rows, the columns of each joined by a bar; NULL as "null". */
    public List<String> rows(String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
            int columns = result.getMetaData().getColumnCount();
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
