// SPDX-License-Identifier: Apache-2.0
// What every subcommand takes: the capture, and how much memory to use.
package org.sysinspector.analyzer.command;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What every subcommand takes: the capture, and how much memory to use. */
final class CaptureOptions {
    private static final long LEAST_MEMORY_BYTES = 64L << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "CAPTURE", description = "directory that record made")
    private Path capture;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "1GiB", converter = MemoryConverter.class,
            description = "memory the database may use (default ${DEFAULT-VALUE}); beyond it, it spills to a "
                    + "temporary directory")
    private long memoryBytes;

    /** Returns the options of a database without what only some subcommands have. */
    DatabaseOptions options() {
        return new DatabaseOptions(memoryBytes, DatabaseOptions.DEFAULT_BUCKET_NS, Optional.empty(),
                Optional.empty(), Optional.empty());
    }

    Path capture() {
        return capture;
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
        try (CaptureDatabase database = CaptureDatabase.open(capture, options)) {
            database.notice().ifPresent(n -> streams.err()
                    .println(Escape.terminal(spec.qualifiedName() + ": " + n)));
            try {
                work.on(database);
            } catch (SQLException e) {
                Optional<String> damage = database.damage();
                if (damage.isPresent()) {
                    throw new CaptureException(damage.get(), e);
                }
                throw e;
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
