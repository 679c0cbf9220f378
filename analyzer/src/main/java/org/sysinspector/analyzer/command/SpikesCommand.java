// SPDX-License-Identifier: Apache-2.0
// analyze spikes: where the window departs from its own normal, and why.
package org.sysinspector.analyzer.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.output.JsonText;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.report.Loss;
import org.sysinspector.analyzer.report.LossReader;
import org.sysinspector.analyzer.report.Pages;
import org.sysinspector.analyzer.report.ProcessTree;
import org.sysinspector.analyzer.report.Report;
import org.sysinspector.analyzer.report.SpikeReader;
import org.sysinspector.analyzer.report.WallClock;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code analyze spikes}: where the window departs from its own normal, and why. */
@Command(
        name = "spikes",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Lists every spike in order of time, with the file and the ancestor that explain most of it. "
                + "Normal is the median of all buckets of the window.",
        footer = {
            "",
            "Examples:",
            "  sys-inspector analyze spikes CAPTURE",
            "  sys-inspector analyze spikes CAPTURE --bucket 10ms --format json",
            "Behind it: views spike and spike_cause (sys-inspector analyze tables CAPTURE spike_cause)"
        })
final class SpikesCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private CaptureOptions capture;

    @Option(names = "--bucket", paramLabel = "LENGTH",
            converter = CaptureOptions.BucketConverter.class,
            description = "length of a bucket (default 100ms, more in windows over a day)")
    private long bucketNs;

    @Option(names = "--format", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private TextOrJson format;

    SpikesCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        return capture.run(capture.options().withBucket(bucketNs), streams, database -> {
            SpikeReader reader = new SpikeReader(database, new WallClock(database),
                    new ProcessTree(database));
            List<Report.Happening> spikes = reader.readAll();
            Loss loss = LossReader.read(database);
            if (format == TextOrJson.JSON) {
                streams.err().println(Escape.terminal(loss.completeness().line()));
                LossReader.note(database).ifPresent(streams.err()::println);
            }
            try (Sink sink = Sink.open(Optional.empty(), streams.out())) {
                switch (format) {
                    case TEXT -> Pages.spikes(spikes, loss, sink.writer());
                    case JSON -> sink.writer().append(JsonText.pretty(spikes));
                }
                sink.commit();
            }
        });
    }
}
