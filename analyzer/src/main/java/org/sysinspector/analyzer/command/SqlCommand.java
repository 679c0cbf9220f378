// SPDX-License-Identifier: Apache-2.0
// analyze sql: questions in SQL.
package org.sysinspector.analyzer.command;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.SqlScript;
import org.sysinspector.analyzer.output.ResultFormat;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.report.LossReader;
import org.sysinspector.analyzer.report.PressureReader;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code analyze sql}: questions in SQL. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Answers SQL over the tables and views of a capture (DuckDB's dialect).",
        footer = {
            "",
            "Without QUERY and -f it reads SQL from standard input; on a terminal it prompts.",
            "Examples:",
            "  sys-inspector analyze sql CAPTURE \"SELECT path, sum(bytes) FROM file_io GROUP BY 1 ORDER BY 2 DESC\"",
            "  sys-inspector analyze sql CAPTURE -f top-writers.sql --format csv -o top.csv",
            "  sys-inspector analyze sql CAPTURE \"SELECT wall(ts_ns), * FROM exec\" --format ndjson",
            "What there is to ask about: sys-inspector analyze tables CAPTURE"
        })
final class SqlCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaptureOptions capture;

    @Mixin
    private WindowOptions window;

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUERY", description = "one or more statements")
    private String query;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "read the statements from a file")
    private Path file;

    @Option(names = "--format", defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}); PARQUET needs -o")
    private ResultFormat format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "write the result to a file")
    private Path output;

    SqlCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        if (query != null && file != null) {
            throw new ParameterException(spec.commandLine(), "give either QUERY or -f FILE, not both");
        }
        if (format == ResultFormat.PARQUET && output == null) {
            throw new ParameterException(spec.commandLine(), "--format parquet needs a file: -o FILE");
        }
        capture.requireOutside(output);
        String text = query;
        if (file != null) {
            text = Files.readString(file);
        }
        Console console = text == null && output == null ? System.console() : null;
        if (text == null && console == null) {
            text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> statements = text == null ? List.of() : SqlScript.split(text);
        if (console == null && statements.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "there is no statement to run");
        }
        if (format == ResultFormat.PARQUET && statements.size() != 1) {
            throw new ParameterException(spec.commandLine(), "--format parquet takes exactly one statement");
        }
        if (console != null) {
            capture.waitForUser();
        }
        return capture.run(window.options(capture), streams, database -> {
            List<String> notes = new ArrayList<>(List.of(Escape.terminal(LossReader.completeness(database).line())));
            LossReader.note(database).ifPresent(notes::add);
            PressureReader.note(database).ifPresent(notes::add);
            Runnable answered = () -> {
                notes.forEach(streams.err()::println);
                notes.clear();
            };
            for (String statement : statements) {
                database.gate().admit(statement); // nothing is run where one of them may not be
            }
            if (console != null) {
                answered.run();
                new SqlPrompt(database, console, format, streams).run();
            } else if (format == ResultFormat.PARQUET) {
                writeParquet(database, statements.get(0));
                answered.run();
            } else {
                try (Sink sink = Sink.open(Optional.ofNullable(output), streams.out())) {
                    for (String statement : statements) {
                        execute(database, statement, format, sink, answered);
                    }
                    sink.commit();
                }
            }
        });
    }

    /** Runs a statement and writes its rows, if it has any, once it is said that there is an answer. */
    static void execute(CaptureDatabase database, String statement, ResultFormat format, Sink sink, Runnable answered)
            throws SQLException, IOException {
        String admitted = database.gate().admit(statement);
        database.define(admitted);
        try {
            query(database, admitted, format, sink, answered);
        } catch (SQLException e) {
            if (e.getMessage() == null || !e.getMessage().startsWith("Catalog Error")) {
                throw e;
            }
            // A name is not known: DuckDB is to see all there are before it proposes another.
            database.defineAll();
            query(database, admitted, format, sink, answered);
        }
    }

    private static void query(CaptureDatabase database, String statement, ResultFormat format, Sink sink, Runnable answered)
            throws SQLException, IOException {
        try (Statement sql = database.connection().createStatement()) {
            boolean rowsCome = sql.execute(statement);
            answered.run();
            if (rowsCome) {
                try (ResultSet rows = sql.getResultSet()) {
                    format.write(rows, sink.writer());
                }
            }
        }
    }

    private void writeParquet(CaptureDatabase database, String statement) throws SQLException, IOException {
        Path part = database.result();
        database.gate().requireQuery(statement);
        database.define(statement);
        try (Statement sql = database.connection().createStatement()) {
            sql.execute("COPY (" + statement + "\n) TO '" + part.toString().replace("'", "''")
                    + "' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
        }
        // The temporary directory may lie in another file system: copy, then rename in place.
        Path beside = Sink.part(output);
        try {
            Files.copy(part, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, output.toAbsolutePath(), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
