// SPDX-License-Identifier: Apache-2.0
// Which part of the window to look at, and how finely to look for spikes.
package org.sysinspector.analyzer.command;

import java.time.Duration;
import java.util.Optional;
import org.sysinspector.analyzer.database.DatabaseOptions;
import org.sysinspector.analyzer.database.TimePoint;
import org.sysinspector.text.Durations;
import picocli.CommandLine.Option;

/** Which part of the window to look at, and how finely to look for spikes. */
final class WindowOptions {
    @Option(names = "--from", paramLabel = "TIME", converter = CaptureOptions.TimeConverter.class,
            description = "look at what happened from then on")
    private TimePoint from;

    @Option(names = "--to", paramLabel = "TIME", converter = CaptureOptions.TimeConverter.class,
            description = "look at what happened before then")
    private TimePoint to;

    @Option(names = "--bucket", paramLabel = "LENGTH",
            converter = CaptureOptions.BucketConverter.class,
            description = "bucket in the search for spikes (default 100ms, more in windows over a day)")
    private long bucketNs;

    /** Returns the options of a database that looks at this part. */
    DatabaseOptions options(CaptureOptions capture) {
        return capture.options().withPart(Optional.ofNullable(from), Optional.ofNullable(to)).withBucket(bucketNs);
    }

    /** Returns these options as they are written on a command line; empty where they are the defaults. */
    String arguments() {
        return (from == null ? "" : " --from " + from.text()) + (to == null ? "" : " --to " + to.text())
                + (bucketNs == 0 ? "" : " --bucket " + Durations.text(Duration.ofNanos(bucketNs)));
    }
}
