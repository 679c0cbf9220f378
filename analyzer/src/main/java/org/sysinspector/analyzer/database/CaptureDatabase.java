// SPDX-License-Identifier: Apache-2.0
// A capture opened for questions in SQL.
package org.sysinspector.analyzer.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * A capture opened for questions in SQL: an in-memory DuckDB with the capture's tables by name and the views of
 * {@link SqlModules} on top, each defined when a query first names it ({@link #define}). DuckDB reads the capture's files
 * and nothing else, never uses the network, stays within its memory limit and spills to a directory of its own, which
 * goes away on {@link #close}. Not thread-safe.
 */
public final class CaptureDatabase implements AutoCloseable {
    /** Before the name of a table: all of it, whatever part of the window is looked at. */
    private static final String WHOLE = "whole_";

    /** Tables of up to this many rows are taken into memory. */
    private static final long SMALL_TABLE = 200_000;

    private final ParquetFiles files;
    private final Manifest manifest;
    private final TemporaryDirectory temporary;
    private final Connection connection;
    private final String notice;
    private final DatabaseOptions options;
    private final Statement canceller;
    private volatile boolean stopped;
    private final SqlGate gate;
    private final Map<String, SqlObject> pending = new LinkedHashMap<>();

    private CaptureDatabase(ParquetFiles files, Manifest manifest, TemporaryDirectory temporary,
            Connection connection, String notice, DatabaseOptions options) throws SQLException {
        this.files = files;
        this.manifest = manifest;
        this.temporary = temporary;
        this.connection = connection;
        this.notice = notice;
        this.options = options;
        this.canceller = connection.createStatement();
        this.gate = new SqlGate(connection);
    }

    /**
     * Opens a capture.
     *
     * @throws CaptureException if there is none, nothing of it is rolled, or a file of it cannot be read; with a
     *     LinkageError as its cause if DuckDB itself cannot be loaded
     * @throws SQLException if DuckDB cannot be set up as asked
     * @throws IOException if no temporary directory can be made
     */
    public static CaptureDatabase open(Path capture, DatabaseOptions options)
            throws CaptureException, SQLException, IOException {
        Manifest manifest = new CaptureDirectory(capture).readManifest();
        CaptureDirectory directory = new CaptureDirectory(capture.toRealPath());
        String notice = notice(capture, directory, manifest);
        ParquetFiles files = ParquetFiles.of(directory, manifest);
        // What does not fit never reaches DuckDB.
        Map<String, String> selects = new LinkedHashMap<>();
        for (TableSchema table : SchemaCatalog.get().tables()) {
            selects.put(table.name(), files.select(table));
            if (files.rows(table) <= SMALL_TABLE) {
                files.verify(table.name());
            }
        }
        TemporaryDirectory temporary = TemporaryDirectory.create();
        Connection connection = null;
        try {
            connection = DuckDb.connect(options, files.allowed(), temporary.spill(), temporary.result());
            CaptureDatabase database =
                    new CaptureDatabase(files, manifest, temporary, connection, notice, options);
            database.register(selects);
            return database;
        } catch (CaptureException | SQLException | RuntimeException e) {
            if (connection != null) {
                connection.close();
            }
            temporary.close();
            if (e instanceof SQLException) {
                verifyAll(files); // a damaged file explains more than what DuckDB makes of it
            }
            throw e;
        }
    }

    /** Returns the connection; it is closed with this. */
    public Connection connection() {
        return connection;
    }

    /** Returns what every statement of a user must pass before it is run on the connection. */
    public SqlGate gate() {
        return gate;
    }

    /** Returns the manifest of the capture. */
    public Manifest manifest() {
        return manifest;
    }

    /**
     * Defines the views that a text names, and those they build on, as far as they are not there yet. Views worth
     * keeping are computed now, once for all queries to come; what no query names costs nothing.
     *
     * @param text SQL about to be run
     * @throws SQLException if one cannot be computed
     */
    public void define(String text) throws SQLException {
        if (stopped) {
            throw new SQLException("stopped");
        }
        Set<String> named = names(text);
        List<SqlObject> objects = List.copyOf(pending.values());
        // What a view builds on stands before it, so that one pass from the end finds all of it.
        for (int i = objects.size() - 1; i >= 0; i--) {
            if (named.contains(objects.get(i).name())) {
                named.addAll(names(objects.get(i).sql()));
            }
        }
        try {
            for (String table : named) {
                files.verify(table.startsWith(WHOLE) ? table.substring(WHOLE.length()) : table);
            }
        } catch (CaptureException e) {
            throw new SQLException(e.getMessage(), e);
        }
        for (SqlObject object : objects) {
            if (named.contains(object.name())) {
                create(object, object.materialize());
            }
        }
    }

    /**
     * Defines all views that are not there yet, without computing any.
     *
     * @throws SQLException if one cannot be defined
     */
    public void defineAll() throws SQLException {
        for (SqlObject object : List.copyOf(pending.values())) {
            create(object, false);
        }
    }

    private void create(SqlObject object, boolean compute) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(compute ? object.sql().replaceFirst("^CREATE VIEW", "CREATE TABLE") : object.sql());
        }
        pending.remove(object.name());
    }

    /** Returns the words of a query outside of its texts and comments. */
    private static Set<String> names(String text) {
        String bare = text.replaceAll("'[^']*'|--[^\n]*", " ").toLowerCase(Locale.ROOT);
        return new HashSet<>(List.of(bare.split("[^a-z0-9_]+")));
    }

    /** Returns the one file that SQL of ours may write to; it goes away with this. */
    public Path result() {
        return temporary.result();
    }

    /** Returns a line for the user if answers are not of the whole capture, with the remedy. */
    public Optional<String> notice() {
        return Optional.ofNullable(notice);
    }

    /** Returns what to say of a query that failed: the damaged file behind it, if one is, and else what DuckDB says. */
    public String problem(SQLException error) {
        if (!stopped) {
            try {
                files.requireUnchanged();
                verifyAll(files);
                if (String.valueOf(error.getMessage()).matches("(?s)(Out of Range|Conversion) Error.*")) {
                    requirePlausible();
                }
            } catch (CaptureException e) {
                return e.getMessage();
            } catch (SQLException e) {
                return QueryProblem.line(error, options);
            }
        }
        return QueryProblem.line(error, options);
    }

    private void requirePlausible() throws SQLException, CaptureException {
        try (Statement sql = connection.createStatement()) {
            for (TableSchema table : SchemaCatalog.get().tables()) {
                files.requirePlausible(sql, table, WHOLE + table.name());
            }
        }
    }

    /** Stops the query at hand and refuses further ones; any thread may call it. */
    public void stop() {
        stopped = true;
        try {
            canceller.cancel();
        } catch (SQLException e) {
            return; // it is closed already
        }
    }

    /**
     * Checks that what was read is what was looked at when the capture was opened.
     *
     * @throws CaptureException naming a file that changed
     */
    public void requireUnchanged() throws CaptureException {
        files.requireUnchanged();
    }

    private static void verifyAll(ParquetFiles files) throws CaptureException {
        for (TableSchema table : SchemaCatalog.get().tables()) {
            files.verify(table.name());
        }
    }

    /** Closes DuckDB and removes the temporary directory. */
    @Override
    public void close() throws SQLException, IOException {
        try {
            connection.close();
        } finally {
            temporary.close();
        }
    }

    private static String notice(Path capture, CaptureDirectory directory, Manifest manifest)
            throws CaptureException, IOException {
        Set<Integer> rolled = new HashSet<>();
        manifest.segments().forEach(s -> rolled.add(s.number()));
        long waiting = directory.segments().stream().filter(n -> !rolled.contains(n)).count();
        String facts = "segments rolled=" + rolled.size() + " waiting=" + waiting;
        String remedy = "; to have all of it: sys-inspector roll " + capture;
        return switch (manifest.state()) {
            case COMPLETE -> null;
            case RECORDING, RECORDED -> {
                if (manifest.tables().isEmpty()) {
                    throw new CaptureException("nothing of this capture is rolled yet: " + capture + " " + facts
                            + "; once its recorder has ended, run: sys-inspector roll " + capture);
                }
                yield "the capture is not complete: " + facts + remedy;
            }
        };
    }

    private void register(Map<String, String> selects) throws SQLException, CaptureException {
        try (Statement sql = connection.createStatement()) {
            for (TableSchema table : SchemaCatalog.get().tables()) {
                // A view binds its tables each time it is named, which costs more than to read a small table once.
                boolean small = files.rows(table) <= SMALL_TABLE;
                sql.execute("CREATE " + (small ? "TABLE " : "VIEW ") + WHOLE + table.name() + " AS " + selects.get(table.name()));
                if (small) {
                    files.requirePlausible(sql, table, WHOLE + table.name());
                }
            }
            List<SqlObject> objects = SqlModules.load();
            for (SqlObject object : objects) {
                if (object.kind().equals("table")) {
                    sql.execute(object.sql());
                }
            }
            CaptureWindow window = CaptureWindow.fill(sql, manifest, options);
            for (TableSchema table : SchemaCatalog.get().tables()) {
                boolean cut = window.isCut() && table.cut();
                sql.execute("CREATE VIEW " + table.name() + " AS SELECT * FROM whole_" + table.name()
                        + (cut ? " WHERE ts_ns >= " + window.fromNs() + " AND ts_ns < " + window.toNs() : ""));
            }
            objects.stream().filter(o -> !o.kind().equals("table")).forEach(o -> pending.put(o.name(), o));
        }
    }
}
