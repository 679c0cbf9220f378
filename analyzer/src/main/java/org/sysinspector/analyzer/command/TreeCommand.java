// SPDX-License-Identifier: Apache-2.0
// analyze tree: who started whom, when, and how it ended.
package org.sysinspector.analyzer.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.analyzer.database.TimePoint;
import org.sysinspector.analyzer.output.JsonText;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.analyzer.report.Loss;
import org.sysinspector.analyzer.report.LossReader;
import org.sysinspector.analyzer.report.Node;
import org.sysinspector.analyzer.report.ProcessTree;
import org.sysinspector.analyzer.report.Report;
import org.sysinspector.analyzer.report.ReportBuilder;
import org.sysinspector.analyzer.report.TreePage;
import org.sysinspector.analyzer.report.WallClock;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code analyze tree}: who started whom, when, and how it ended. */
@Command(
        name = "tree",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Draws the process tree by birth: a bar for the lifetime of each, exit code, bytes written "
                + "(read where none) with descendants. Siblings that are alike are folded.",
        footer = {
            "",
            "Bars: = one life, | folded siblings, . there before the start and after the end.",
            "Examples:",
            "  sys-inspector analyze tree CAPTURE",
            "  sys-inspector analyze tree CAPTURE --pid 4121 --limit 0",
            "  sys-inspector analyze tree CAPTURE --at +5s"
        })
final class TreeCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private CaptureOptions capture;

    @Option(names = "--pid", paramLabel = "PID", description = "only this process and what descends from it")
    private Integer pid;

    @Option(names = "--at", paramLabel = "TIME", converter = CaptureOptions.TimeConverter.class,
            description = "only processes alive at this moment: 12:03:14.2, an ISO time or +5s")
    private TimePoint at;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "60",
            description = "lines for the most active ones, 0 for all (default ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--format", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private TextOrJson format;

    TreeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        return capture.run(capture.options(), streams, database -> {
            Report.Window window = new ReportBuilder(database).window();
            ProcessTree tree = new ProcessTree(database);
            if (at != null) {
                WallClock clock = new WallClock(database);
                tree = tree.aliveAt(at.bootNs(window.fromNs(), clock.at(window.fromNs())));
            }
            List<Node> roots = pid == null ? tree.roots() : tree.ofPid(pid);
            if (pid != null && roots.isEmpty()) {
                throw new CaptureException("no such process in the capture" + (at == null ? "" : " at that moment")
                        + ": pid=" + pid);
            }
            Loss loss = LossReader.read(database);
            if (format == TextOrJson.JSON) {
                streams.err().println(Escape.terminal(loss.completeness().line()));
                LossReader.note(database).ifPresent(streams.err()::println);
            }
            try (Sink sink = Sink.open(Optional.empty(), streams.out())) {
                switch (format) {
                    case TEXT -> TreePage.write(roots, window, loss, limit, sink.writer());
                    case JSON -> sink.writer().append(JsonText.pretty(roots));
                }
                sink.commit();
            }
        });
    }
}
