// SPDX-License-Identifier: Apache-2.0
// analyze files: the busiest files.
package org.sysinspector.analyzer.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.output.JsonText;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.report.Loss;
import org.sysinspector.analyzer.report.LossReader;
import org.sysinspector.analyzer.report.Pages;
import org.sysinspector.analyzer.report.Report;
import org.sysinspector.analyzer.report.ReportBuilder;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code analyze files}: the busiest files, pipes and sockets included. */
@Command(
        name = "files",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Lists the busiest files, pipes and sockets included: bytes, operations, and who used them.",
        footer = {
            "",
            "Examples:",
            "  sys-inspector analyze files CAPTURE",
            "  sys-inspector analyze files CAPTURE --limit 100 --format json",
            "Behind it: sys-inspector analyze sql CAPTURE \"SELECT * FROM busy_file\""
        })
final class FilesCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaptureOptions capture;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "30",
            description = "files to list (default ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--format", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private TextOrJson format;

    FilesCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more: " + limit);
        }
        return capture.run(capture.options(), streams, database -> {
            List<Report.BusyFile> files = ReportBuilder.files(database, limit, false);
            Loss loss = LossReader.read(database);
            if (format == TextOrJson.JSON) {
                streams.err().println(Escape.terminal(loss.completeness().line()));
                LossReader.note(database).ifPresent(streams.err()::println);
            }
            try (Sink sink = Sink.open(Optional.empty(), streams.out())) {
                switch (format) {
                    case TEXT -> Pages.files(files, loss, sink.writer());
                    case JSON -> sink.writer().append(JsonText.pretty(files));
                }
                sink.commit();
            }
        });
    }
}
