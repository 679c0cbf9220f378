// SPDX-License-Identifier: Apache-2.0
// sys-inspector record: records a window.
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.bpf.KernelSupport;
import org.sysinspector.recorder.bpf.LibC;
import org.sysinspector.recorder.bpf.ProbeSettings;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.window.HostFacts;
import org.sysinspector.recorder.window.Recording;
import org.sysinspector.recorder.window.WindowOptions;
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
            "With a COMMAND, its process tree alone is recorded, and its exit status returned."
        },
        footer = {
            "",
            "Examples:",
            "  sudo sys-inspector record --duration 30s            everything, for half a minute",
            "  sudo sys-inspector record -o /tmp/build -- make -j2  one build and all it starts",
            "  sudo sys-inspector record --all -- ./backup.sh      everything while a command runs",
            "",
            "Exit status: 0 fine (or the command's, 127 if it is not found), 1 failed, 2 wrong usage,",
            "3 the system cannot do it."
        })
public final class RecordCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final int USAGE = 2;
    private static final int SYSTEM = 3;

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
            description = "Kernel memory for all rings together. Default: a 64th of the memory, 16MiB to 192MiB.")
    private Long ringMemory;

    @Option(names = "--segment-size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "A segment of the log is closed and rolled at this size. Default: 256MiB.")
    private Long segmentSize;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Command to run and record, after --.")
    private List<String> command = List.of();

    @Override
    public Integer call() throws SystemRefusal, IOException, InterruptedException {
        if (all && command.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--all is for a COMMAND: without one everything is recorded");
        }
        try {
            new KernelSupport().check(LibC.geteuid());
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw KernelSupport.missingNative(e);
        }
        Path directory = output != null ? output : defaultDirectory();
        CaptureDirectory capture = new CaptureDirectory(directory);
        boolean made = makeDirectory(directory);
        RecordReport report = new RecordReport(spec.commandLine().getErr(), capture, quiet, LibC.isatty(2) == 1);
        Recording recording = new Recording(new WindowOptions(directory, duration, command, all, keepLog, !noRoll,
                ringMemory == null ? ProbeSettings.defaultRingBytes(HostFacts.memoryBytes()) : ringMemory,
                segmentSize == null ? SegmentWriter.DEFAULT_MAX_BYTES : segmentSize), capture, report);
        try (SignalEnd signals = new SignalEnd(recording)) {
            int status = SYSTEM;
            try {
                Manifest manifest = recording.run();
                report.end(manifest);
                status = recording.commandStatus();
            } catch (SystemRefusal e) {
                removeEmpty(capture, made);
                throw e;
            } finally {
                signals.finished(status);
            }
            if (status == 127 && recording.commandMissing()) {
                report.commandMissing(command.get(0));
            }
            return status;
        }
    }

    private static Path defaultDirectory() {
        return Path.of("capture-" + HostFacts.name() + "-" + ZonedDateTime.now(ZoneOffset.UTC).format(STAMP));
    }

    /** Makes the directory; returns whether it was not there. */
    private boolean makeDirectory(Path directory) throws SystemRefusal {
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                throw new ParameterException(spec.commandLine(), "not a directory: " + directory + "; give another -o");
            }
            try (Stream<Path> content = Files.list(directory)) {
                if (content.findAny().isPresent()) {
                    throw new ParameterException(spec.commandLine(),
                            "directory is not empty: " + directory + "; give another -o");
                }
            } catch (IOException e) {
                throw unwritable(directory, e);
            }
        }
        boolean made = !Files.exists(directory);
        try {
            PrivateFiles.makeDirectory(directory);
            PrivateFiles.makePrivate(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        return made;
    }

    private static SystemRefusal unwritable(Path directory, IOException cause) {
        return new SystemRefusal("cannot write the capture: directory=" + directory + " cause="
                + cause.getClass().getSimpleName() + "; give a directory on a writable file system: -o DIR", cause);
    }

    /** Removes what a recording that never began has made. */
    private static void removeEmpty(CaptureDirectory capture, boolean made) {
        try {
            for (int segment : capture.segments()) {
                Files.deleteIfExists(capture.segment(segment));
            }
            Files.deleteIfExists(capture.log());
            if (made) {
                Files.deleteIfExists(capture.root());
            }
        } catch (IOException e) {
            // It stays: the refusal matters more.
        }
    }
}
