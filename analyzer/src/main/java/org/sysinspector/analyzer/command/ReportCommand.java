// SPDX-License-Identifier: Apache-2.0
// analyze report: what happened, who did it, and what was not seen.
package org.sysinspector.analyzer.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.report.ExplainPage;
import org.sysinspector.analyzer.report.ReportBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code analyze report}: what happened, who did it, and what was not seen. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Explains a capture: what stands out and who caused it, the process tree, the busiest files, "
                + "short-lived processes, failures, and what was not seen.",
        footer = {
            "",
            "TIME is a time of day (12:03:14.2, UTC), an ISO time (2026-11-21T12:03:14Z) or an offset from the start",
            "(+5s, +200ms). What a process used in its whole life (CPU, device) is not cut by it.",
            "Examples:",
            "  sys-inspector analyze report CAPTURE",
            "  sys-inspector analyze report CAPTURE --from +5s --to +8s",
            "  sys-inspector analyze report CAPTURE --format html -o report.html",
            "Every figure is a query; to see and run them:",
            "  sys-inspector analyze report CAPTURE --explain -o report.sql",
            "  sys-inspector analyze sql CAPTURE -f report.sql"
        })
final class ReportCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaptureOptions capture;

    @Option(names = "--format", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private ReportFormat format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "write to a file")
    private Path output;

    @Mixin
    private WindowOptions window;

    @Option(names = "--explain", description = "print the SQL behind each section instead, to be run with analyze sql")
    private boolean explain;

    ReportCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        if (explain && format != ReportFormat.TEXT) {
            throw new ParameterException(spec.commandLine(), "--explain prints SQL: leave out --format");
        }
        capture.requireOutside(output);
        return capture.run(window.options(capture), streams, database -> {
            try (Sink sink = Sink.open(Optional.ofNullable(output), streams.out())) {
                if (explain) {
                    ExplainPage.write(capture.capture() + window.arguments(), sink.writer());
                } else {
                    format.write(new ReportBuilder(database).build(), sink.writer());
                }
                sink.commit();
            }
        });
    }
}
