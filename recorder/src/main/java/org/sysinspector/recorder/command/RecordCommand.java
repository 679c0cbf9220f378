// SPDX-License-Identifier: Apache-2.0
// sys-inspector record: records a window.
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.Problem;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.bpf.KernelSupport;
import org.sysinspector.recorder.bpf.MemoryLimit;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.recorder.window.HostFacts;
import org.sysinspector.recorder.window.MinFree;
import org.sysinspector.recorder.window.CommandRefusal;
import org.sysinspector.recorder.window.Recording;
import org.sysinspector.recorder.window.WindowOptions;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sys-inspector record}: records a window. */
@Command(
        name = "record",
        header = "Record what this machine does: processes, files, every read and write.",
        description = {
            "",
            "Records at full rate with eBPF until the duration is over, the command ends, or Ctrl-C (or SIGTERM).",
            "The capture is a directory of Parquet files; look at it with: sys-inspector analyze report CAPTURE",
            "",
            "With a COMMAND, its process tree alone is recorded, and its exit status returned, whatever happens to the recording:",
            "a full disk ends that, not the command."
        },
        footer = {
            "",
            "Examples:",
            "  sudo sys-inspector record --duration 30s            everything, for half a minute",
            "  sudo sys-inspector record -o /tmp/build -- make -j2  one build and all it starts",
            "  sudo sys-inspector record --all -- ./backup.sh      everything while a command runs",
            "",
            "Exit status: 0 fine (or the command's, 126 if it cannot be executed, 127 if it is not found), 1 failed, 2 wrong usage,",
            "3 the system cannot do it, 4 events were lost and --fail-on-loss was given."
        })
public final class RecordCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final int FAILED = 1;
    private static final int LOST = 4;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR",
            description = "The capture to make; must not exist or be empty. Default: ./capture-HOST-YYYYMMDDTHHMMSSZ")
    private Path output;

    @Option(names = {"-d", "--duration"}, paramLabel = "TIME", converter = DurationConverter.class,
            description = "Length of the window: 500ms, 10s, 5m, 1h. Default: until Ctrl-C or the command's end.")
    private Duration duration;

    @Option(names = "--all", description = "With a COMMAND: record the whole system while it runs.")
    private boolean all;

    @Option(names = "--keep-log", description = "Keep the binary log once it is rolled into Parquet.")
    private boolean keepLog;

    @Option(names = "--no-roll", description = "Leave the log as it is; finish with: sys-inspector roll CAPTURE")
    private boolean noRoll;

    @Option(names = {"-q", "--quiet"}, description = "No progress and no summary.")
    private boolean quiet;

    @Option(names = "--ring-memory", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Kernel memory for all rings together. Default: a 64th of the memory, 16MiB to 192MiB, and no more than an "
                + "eighth of what a cgroup allows.")
    private Long ringMemory;

    @Option(names = "--segment-size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "A segment of the log is closed and rolled at this size. Default: 256MiB.")
    private Long segmentSize;

    @Option(names = "--on-pressure", paramLabel = "WHAT", defaultValue = "drop",
            description = "When operations come faster than they can be written: drop (each has a row; what finds no room is lost and "
                + "counted) or coalesce (before any is lost, consecutive ones of a thread on a descriptor share a row, with their "
                + "number and the sum of their bytes). Default: ${DEFAULT-VALUE}.")
    private OnPressure onPressure;

    @Option(names = "--no-latency",
            description = "Take no time at the entry of system calls: rows have their end as ts_ns then, and no latency_ns. "
                + "Costs the traced programs about a third less.")
    private boolean noLatency;

    @Option(names = "--max-size", paramLabel = "SIZE", converter = MaxSizeConverter.class,
            description = "The recording ends before the capture takes more than this, rolling included: 10GiB. Default: no bound.")
    private Long maxSize;

    @Option(names = "--min-free", paramLabel = "SIZE|PERCENT", converter = MinFreeConverter.class,
            description = "The recording ends, and the command goes on, before less than this is left of the capture's file system: 2GiB, "
                + "10%%. Default: 5%% or 1GiB, whichever is less.")
    private MinFree minFree = MinFree.DEFAULT;

    @Option(names = "--fail-on-loss", description = "Exit with 4 if any event was lost; the capture is finished all the same.")
    private boolean failOnLoss;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Command to run and record, after --.")
    private List<String> command = List.of();

    @Override
    public Integer call() throws SystemRefusal, InterruptedException {
        if (all && command.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--all is for a COMMAND: without one everything is recorded");
        }
        try {
            new KernelSupport().check(LibC.geteuid());
        } catch (LinkageError e) {
            throw SystemRefusal.cannotUnpack(e);
        }
        if (!noRoll) {
            TableWriter.requireCompression();
        }
        String program;
        try {
            program = command.isEmpty() ? null : CommandSearch.find(command.get(0));
        } catch (CommandRefusal e) {
            spec.commandLine().getErr().println(Escape.terminal("sys-inspector record: " + e.getMessage()));
            return e.status();
        }
        long ringBytes = MemoryLimit.ringBytes(ringMemory, HostFacts.memoryBytes(), MemoryLimit.ofThisProcess());
        Path directory = output != null ? output : defaultDirectory();
        OutputDirectory made;
        try {
            made = OutputDirectory.make(directory, output != null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return record(new CaptureDirectory(directory), made, program, ringBytes);
    }

    private int record(CaptureDirectory capture, OutputDirectory made, String program, long ringBytes)
            throws InterruptedException {
        Messages messages = new Messages(LibC.isatty(2) == 1);
        RecordReport report = new RecordReport(messages, capture, quiet);
        Recording recording = new Recording(new WindowOptions(capture.root(), duration, program, command, all, keepLog, !noRoll,
                ringBytes, onPressure == OnPressure.COALESCE, !noLatency,
                segmentSize == null ? SegmentWriter.DEFAULT_MAX_BYTES : segmentSize,
                maxSize == null ? Long.MAX_VALUE : maxSize, minFree), capture, report);
        // All is said before it closes: a signal that came ends the process then.
        try (SignalEnd signals = new SignalEnd(recording); messages) {
            int status = FAILED;
            try {
                status = record(recording, report, capture, made);
                OptionalInt ofCommand = recording.awaitCommand();
                status = status == LOST ? LOST : ofCommand.orElse(status);
            } finally {
                signals.finished(status);
            }
            return status;
        }
    }

    /** Records, and says what came of it. Returns the exit status, as it is without a command. */
    private int record(Recording recording, RecordReport report, CaptureDirectory capture, OutputDirectory made)
            throws InterruptedException {
        try {
            Manifest manifest = recording.run();
            report.end(manifest, recording.rolled());
            return failOnLoss && manifest.lost() > 0 ? LOST : RecordReport.isCutShort(manifest) ? FAILED : 0;
        } catch (CommandRefusal e) {
            made.remove();
            report.problem(Escape.terminal(e.getMessage()));
            return e.status();
        } catch (SystemRefusal | IOException | RuntimeException e) {
            Exception told = e;
            if (!recording.hasBegun()) {
                made.remove();
                told = e instanceof IOException io ? OutputDirectory.unwritable(capture.root(), io) : e;
            }
            report.problem(Problem.line(told));
            return failOnLoss && recording.hasBegun() ? LOST : Problem.status(told);
        }
    }

    private static Path defaultDirectory() {
        return Path.of("capture-" + HostFacts.name() + "-" + ZonedDateTime.now(ZoneOffset.UTC).format(STAMP));
    }
}
