// SPDX-License-Identifier: Apache-2.0
// analyze tables: what there is to ask about.
package org.sysinspector.analyzer.command;

import java.io.IOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.SqlModules;
import org.sysinspector.analyzer.database.SqlObject;
import org.sysinspector.analyzer.output.JsonText;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.output.Wrap;
import org.sysinspector.analyzer.report.LossReader;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code analyze tables}: what there is to ask about. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Lists tables and views with their rows; with NAME, explains one: columns, types, units.",
        footer = {
            "",
            "Examples:",
            "  sys-inspector analyze tables CAPTURE",
            "  sys-inspector analyze tables CAPTURE process"
        })
final class TablesCommand implements Callable<Integer> {
    private static final int WIDTH = 100;

    private final Streams streams;

    @Mixin
    private CaptureOptions capture;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "table, view or macro to explain")
    private String name;

    @Option(names = "--format", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private TextOrJson format;

    TablesCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        return capture.run(capture.options(), streams, database -> {
            List<Topic> topics = topics();
            String completeness = Escape.terminal(LossReader.completeness(database).line());
            if (format == TextOrJson.JSON) {
                streams.err().println(completeness);
            }
            try (Sink sink = Sink.open(Optional.empty(), streams.out())) {
                if (format == TextOrJson.TEXT) {
                    sink.writer().append(completeness).append('\n');
                }
                if (name == null) {
                    list(database, topics, sink.writer());
                } else {
                    explain(database, topics, sink.writer());
                }
                sink.commit();
            }
        });
    }

    /** A table, view or macro; {@code rows} is null where it was not counted. */
    private record Topic(String name, String kind, String doc, List<SqlObject.Column> columns) {}

    private record Listed(String name, String kind, Long rows, String doc) {}

    private record Explained(String name, String kind, String doc, Long rows, List<Column> columns) {}

    private record Column(String name, String type, String unit, String doc) {}

    private static List<Topic> topics() {
        List<Topic> topics = new ArrayList<>();
        for (TableSchema table : SchemaCatalog.get().tables()) {
            topics.add(new Topic(table.name(), "table", table.doc(), table.columns().stream()
                    .map(c -> new SqlObject.Column(c.name(), c.unit(), c.doc())).toList()));
        }
        for (SqlObject object : SqlModules.load()) {
            topics.add(new Topic(object.name(), object.kind(), object.doc(), object.columns()));
        }
        return topics;
    }

    private void list(CaptureDatabase database, List<Topic> topics, Writer out) throws SQLException, IOException {
        List<Listed> listed = new ArrayList<>();
        for (Topic topic : topics) {
            // To count the rows of a view is to compute it: that is left to the explanation of one.
            Long rows = topic.kind().equals("table") ? count(database, topic.name()) : null;
            listed.add(new Listed(topic.name(), topic.kind(), rows, topic.doc()));
        }
        if (format == TextOrJson.JSON) {
            out.append(JsonText.pretty(listed));
            return;
        }
        for (Listed item : listed) {
            String rows = item.rows() == null ? item.kind() : rows(item.rows());
            String head = String.format(Locale.ROOT, "%-15s %18s  ", item.name(), rows);
            out.append(Wrap.text(head, item.doc(), WIDTH));
        }
        out.append("columns and units of one: sys-inspector analyze tables CAPTURE NAME\n");
    }

    private void explain(CaptureDatabase database, List<Topic> topics, Writer out)
            throws SQLException, IOException, CaptureException {
        Topic topic = topics.stream().filter(t -> t.name().equals(name)).findFirst()
                .orElseThrow(() -> new CaptureException("no such table or view: name=" + name
                        + "; list them: sys-inspector analyze tables " + capture.capture()));
        boolean macro = topic.kind().equals("macro");
        Map<String, String> types = macro ? Map.of() : types(database, name);
        Explained explained = new Explained(name, topic.kind(), topic.doc(), macro ? null : count(database, name),
                topic.columns().stream()
                        .map(c -> new Column(c.name(), types.get(c.name()), c.unit(), c.doc())).toList());
        if (format == TextOrJson.JSON) {
            out.append(JsonText.pretty(explained));
            return;
        }
        String rows = macro ? "" : "  " + rows(explained.rows());
        out.append(name).append("  ").append(topic.kind()).append(rows).append('\n');
        out.append(Wrap.text("  ", topic.doc(), WIDTH)).append('\n');
        for (Column column : explained.columns()) {
            out.append(Wrap.text(String.format(Locale.ROOT, "  %-24s %-10s %-11s ", column.name(), column.type(), column.unit()),
                    column.doc(), WIDTH));
        }
    }

    private static String rows(long count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d row" : "%,d rows", count);
    }

    private static long count(CaptureDatabase database, String table) throws SQLException {
        database.define(table);
        try (Statement sql = database.connection().createStatement();
                ResultSet rows = sql.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Map<String, String> types(CaptureDatabase database, String table) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        database.define(table);
        try (Statement sql = database.connection().createStatement();
                ResultSet rows = sql.executeQuery("DESCRIBE " + table)) {
            while (rows.next()) {
                String type = rows.getString(2);
                types.put(rows.getString(1), type.startsWith("STRUCT") ? "STRUCT[]" : type);
            }
        }
        return types;
    }
}
