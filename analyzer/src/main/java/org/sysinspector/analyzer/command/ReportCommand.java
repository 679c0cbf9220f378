// SPDX-License-Identifier: Apache-2.0
// analyze report: what happened, who did it, and what was not seen.
package org.sysinspector.analyzer.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.database.DatabaseOptions;
import org.sysinspector.analyzer.database.TimePoint;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.report.ReportBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code analyze report}: what happened, who did it, and what was not seen. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Explains a capture: what stands out and who caused it, the process tree, the busiest files, "
                + "short-lived processes, failures, and what was not seen.",
        footer = {
            "",
            "TIME is a time of day (12:03:14.2, UTC), an ISO time (2026-11-21T12:03:14Z) or an offset from the start",
            "(+5s, +200ms). What a process used in its whole life (CPU, device) is not cut by it.",
            "Examples:",
            "  sys-inspector analyze report CAPTURE",
            "  sys-inspector analyze report CAPTURE --from +5s --to +8s",
            "  sys-inspector analyze report CAPTURE --format html -o report.html"
        })
final class ReportCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private CaptureOptions capture;

    @Option(names = "--format", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private ReportFormat format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "write to a file")
    private Path output;

    @Option(names = "--from", paramLabel = "TIME", converter = CaptureOptions.TimeConverter.class,
            description = "look at what happened from then on")
    private TimePoint from;

    @Option(names = "--to", paramLabel = "TIME", converter = CaptureOptions.TimeConverter.class,
            description = "look at what happened before then")
    private TimePoint to;

    @Option(names = "--bucket", paramLabel = "LENGTH", defaultValue = "100ms",
            converter = CaptureOptions.BucketConverter.class,
            description = "bucket in the search for spikes (default ${DEFAULT-VALUE})")
    private long bucketNs;

    ReportCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        DatabaseOptions options = new DatabaseOptions(capture.options().memoryBytes(), bucketNs,
                Optional.ofNullable(from), Optional.ofNullable(to), Optional.empty());
        return capture.run(options, streams, database -> {
            try (Sink sink = Sink.open(Optional.ofNullable(output), streams.out())) {
                format.write(new ReportBuilder(database).build(), sink.writer());
                sink.commit();
            }
        });
    }
}
