// SPDX-License-Identifier: Apache-2.0
// What every subcommand takes: the capture, and how much memory to use.
package org.sysinspector.analyzer.command;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.DatabaseOptions;
import org.sysinspector.analyzer.database.TimePoint;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.text.Durations;
import org.sysinspector.text.Escape;
import org.sysinspector.text.Sizes;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What every subcommand takes: the capture, and how much memory to use. */
final class CaptureOptions {
    private static final long LEAST_MEMORY_BYTES = 64L << 20;
    private static final long LEAST_SPILL_BYTES = 1L << 20;
    private static final Duration LONGEST = Duration.ofHours(1);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "CAPTURE", description = "directory that record made")
    private Path capture;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "1GiB", converter = MemoryConverter.class,
            description = "memory the database may use (default ${DEFAULT-VALUE}); beyond it, it spills to a "
                    + "temporary directory")
    private long memoryBytes;

    @Option(names = "--spill", paramLabel = "SIZE", defaultValue = "8GiB", converter = SpillConverter.class,
            description = "the most it may spill there (default ${DEFAULT-VALUE})")
    private long spillBytes;

    @Option(names = "--timeout", paramLabel = "TIME", converter = TimeoutConverter.class,
            description = "stop after so long (default 1h; at the prompt none)")
    private Duration timeout;

    /** Returns the options of a database without what only some subcommands have. */
    DatabaseOptions options() {
        return DatabaseOptions.defaults().withBounds(memoryBytes, spillBytes);
    }

    Path capture() {
        return capture;
    }

    /**
     * Refuses to write into the capture.
     *
     * @param output file to be written, null for none
     * @throws ParameterException if it lies in the capture
     */
    void requireOutside(Path output) {
        if (output == null) {
            return;
        }
        try {
            Path directory = output.toAbsolutePath().getParent();
            if (directory != null && directory.toRealPath().startsWith(capture.toRealPath())) {
                throw new ParameterException(spec.commandLine(), "-o lies in the capture, which is never written to: file="
                        + output + "; name a file elsewhere");
            }
        } catch (IOException e) {
            return; // whoever opens the one or the other says what is wrong with it
        }
    }

    /** Lets a command that waits for its user go on for ever, unless the user said how long. */
    void waitForUser() {
        timeout = timeout == null ? Durations.MOST : timeout;
    }

    /** Work on an open database. */
    interface Work {
        /** Does it. */
        void on(CaptureDatabase database) throws SQLException, IOException, CaptureException;
    }

    /**
     * Opens the capture, does the work and closes it. An error that a damaged file is behind names that file.
     *
     * @return 0
     */
    int run(DatabaseOptions options, Streams streams, Work work) throws SQLException, IOException, CaptureException {
        Duration limit = timeout == null ? LONGEST : timeout;
        String late = "stopped, it took longer than --timeout " + Durations.text(limit)
                + "; give it more time, or ask about less (--from, --to, WHERE)";
        try (Watchdog watchdog = new Watchdog(limit, () -> giveUp(streams, late))) {
            try {
                return run(options, streams, work, watchdog);
            } catch (SQLException | CaptureException e) {
                if (watchdog.expired()) {
                    throw new CaptureException(late, e);
                }
                throw e;
            }
        }
    }

    private void giveUp(Streams streams, String late) {
        streams.err().println(Escape.terminal(spec.qualifiedName() + ": " + late));
        Runtime.getRuntime().exit(CommandLine.ExitCode.SOFTWARE);
    }

    private int run(DatabaseOptions options, Streams streams, Work work, Watchdog watchdog)
            throws SQLException, IOException, CaptureException {
        try (CaptureDatabase database = CaptureDatabase.open(capture, options)) {
            watchdog.watch(database);
            database.notice().ifPresent(n -> streams.err()
                    .println(Escape.terminal(spec.qualifiedName() + ": " + n)));
            try {
                work.on(database);
                database.requireUnchanged();
            } catch (SQLException e) {
                throw new CaptureException(database.problem(e), e);
            } finally {
                watchdog.watch(null);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    /** Reads a size of memory. */
    static final class MemoryConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return checked(() -> Sizes.parse(text, LEAST_MEMORY_BYTES, Sizes.MOST));
        }
    }

    /** Reads the size of what may be spilled. */
    static final class SpillConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return checked(() -> Sizes.parse(text, LEAST_SPILL_BYTES, Sizes.MOST));
        }
    }

    /** Reads how long a command may take. */
    static final class TimeoutConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return checked(() -> Durations.parse(text, Duration.ofMillis(1), Durations.MOST));
        }
    }

    /** Reads the length of a bucket. */
    static final class BucketConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return checked(() -> Durations.parse(text, Duration.ofMillis(1), Durations.MOST)).toNanos();
        }
    }

    /** Reads a moment. */
    static final class TimeConverter implements ITypeConverter<TimePoint> {
        @Override
        public TimePoint convert(String text) {
            return checked(() -> new TimePoint(text));
        }
    }

    private static <T> T checked(java.util.function.Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
