// SPDX-License-Identifier: Apache-2.0
// A prompt for SQL on a terminal.
package org.sysinspector.analyzer.command;

import java.io.Console;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.SqlModules;
import org.sysinspector.analyzer.database.SqlScript;
import org.sysinspector.analyzer.output.ResultFormat;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.text.IoProblem;

/** A prompt for SQL on a terminal: statements end with a semicolon; an error does not end the session. */
final class SqlPrompt {
    private final CaptureDatabase database;
    private final Console console;
    private final ResultFormat format;
    private final Streams streams;

    SqlPrompt(CaptureDatabase database, Console console, ResultFormat format, Streams streams) {
        this.database = database;
        this.console = console;
        this.format = format;
        this.streams = streams;
    }

    /** Reads and answers until the end of input or {@code .quit}. */
    void run() throws IOException {
        streams.out().println("SQL, each statement ended by ;   .tables lists what there is   .quit ends");
        StringBuilder text = new StringBuilder();
        while (true) {
            String line = console.readLine(text.isEmpty() ? "sql> " : "...> ");
            if (line == null || (text.isEmpty() && line.strip().equals(".quit"))) {
                return;
            }
            if (text.isEmpty() && line.strip().equals(".tables")) {
                SchemaCatalog.get().tables().forEach(t -> streams.out().println(t.name()));
                SqlModules.load().forEach(o -> streams.out().println(o.name() + "  (" + o.kind() + ")"));
                continue;
            }
            text.append(line).append('\n');
            if (SqlScript.isFinished(text.toString())) {
                SqlScript.split(text.toString()).forEach(this::answer);
                text.setLength(0);
            } else if (text.toString().isBlank()) {
                text.setLength(0);
            }
        }
    }

    private void answer(String statement) {
        try (Sink sink = Sink.open(Optional.empty(), streams.out())) {
            SqlCommand.execute(database, statement, format, sink, () -> { });
            sink.commit();
        } catch (SQLException e) {
            streams.err().println(database.problem(e));
        } catch (IOException e) {
            streams.err().println("cannot write: " + IoProblem.facts(e));
        }
    }
}
