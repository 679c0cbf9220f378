// SPDX-License-Identifier: Apache-2.0
// Opens DuckDB with its limits, and writes literals for it.
package org.sysinspector.analyzer.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.sysinspector.capture.CaptureException;

/** Opens DuckDB with its limits, and writes literals for it. */
final class DuckDb {
    private DuckDb() {}

    /**
     * Opens a database in memory.
     *
     * @param readable files it may open
     * @param spill directory it may spill to
     * @param result file it may write to
     * @throws CaptureException if its library cannot be loaded, with the LinkageError as its cause
     * @throws SQLException if it cannot be set up as asked
     */
    static Connection connect(DatabaseOptions options, List<String> readable, Path spill, Path result)
            throws SQLException, CaptureException {
        Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        Connection connection;
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:", properties);
        } catch (LinkageError e) {
            throw new CaptureException("cannot load DuckDB's library, unpacked to the directory for temporary files "
                    + "(it must allow execution): java.io.tmpdir=" + System.getProperty("java.io.tmpdir")
                    + "; use another: JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR", e);
        }
        try (Statement sql = connection.createStatement()) {
            sql.execute("SET memory_limit = '" + options.memoryBytes() / 1024 + "KiB'");
            sql.execute("SET temp_directory = " + quote(spill.toString()));
            sql.execute("SET preserve_insertion_order = false");
            sql.execute("SET parquet_metadata_cache = true");
            sql.execute("SET max_temp_directory_size = '" + options.spillBytes() / 1024 + "KiB'");
            sql.execute("SET enable_geoparquet_conversion = false");
            List<String> allowed = new ArrayList<>(readable);
            allowed.add(result.toString());
            sql.execute("SET allowed_paths = " + list(allowed));
            sql.execute("SET enable_external_access = false");
            sql.execute("SET lock_configuration = true");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Returns a text as a literal. */
    static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Returns texts as the literal of a list. */
    static String list(List<String> texts) {
        return "[" + String.join(", ", texts.stream().map(DuckDb::quote).toList()) + "]";
    }
}
