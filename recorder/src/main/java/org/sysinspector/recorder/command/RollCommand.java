// SPDX-License-Identifier: Apache-2.0
// sys-inspector roll: finishes a capture.
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.capture.CaptureLock;
import org.sysinspector.recorder.capture.CaptureTrust;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.capture.RolledSegments;
import org.sysinspector.recorder.log.LogFormatException;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.recorder.roll.Completion;
import org.sysinspector.recorder.rescue.TailRescue;
import org.sysinspector.recorder.roll.Roller;
import org.sysinspector.text.Units;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sys-inspector roll}: finishes a capture whose recorder was killed or told not to roll. Needs no root. */
@Command(
        name = "roll",
        header = "Finish a capture: turn what is left of its log into Parquet.",
        description = {
            "",
            "For a capture made with record --no-roll, or one whose recorder was killed. What could not be read",
            "(a block cut off, say) is counted and named. Needs no root and no kernel support; may be stopped and",
            "started again at any moment."
        },
        footer = {
            "",
            "Examples:",
            "  sys-inspector roll capture-web1-20261121T120301Z",
            "  sys-inspector roll --keep-log CAPTURE     keep the binary log as well",
            "",
            "Exit status: 0 the capture is complete, 1 failed, 2 wrong usage, 3 the system cannot do it."
        })
public final class RollCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CAPTURE", description = "The capture's directory.")
    private Path directory;

    @Option(names = "--keep-log", description = "Keep the binary log once it is rolled into Parquet.")
    private boolean keepLog;

    @Option(names = {"-q", "--quiet"}, description = "Say nothing unless something is wrong.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws CaptureException, SystemRefusal, IOException {
        CaptureDirectory capture = new CaptureDirectory(directory);
        Optional<String> problem = CaptureTrust.ofThisProcess().problem(directory);
        if (problem.isPresent()) {
            throw new CaptureException(problem.get());
        }
        if (isComplete(capture.readHead())) {
            return 0;
        }
        TableWriter.requireCompression();
        CaptureLock lock = CaptureLock.take(capture);
        try {
            // Whoever had the lock before may have finished it.
            ManifestStore manifest = ManifestStore.open(capture);
            if (!isComplete(manifest.current())) {
                TailRescue.save(capture, manifest);
                roll(capture, manifest);
            }
        } finally {
            lock.close();
        }
        return 0;
    }

    private boolean isComplete(Manifest manifest) {
        if (manifest.state() != Manifest.State.COMPLETE) {
            return false;
        }
        say("nothing to roll: the capture is complete: " + directory);
        return true;
    }

    private void roll(CaptureDirectory capture, ManifestStore manifest) throws IOException {
        Roller roller = new Roller(capture, manifest, keepLog);
        int last = Math.max(manifest.rolled().count(),
                capture.segments().stream().mapToInt(Integer::intValue).max().orElse(0));
        for (int segment = 1; segment <= last; segment++) {
            long rowsBefore = roller.rows().get();
            rollOne(capture, manifest, roller, segment);
            say(String.format(Locale.ROOT, "segment %d of %d  %,d rows", segment, last,
                    roller.rows().get() - rowsBefore));
        }
        manifest.complete(m -> Completion.of(m, manifest.rolled()));
        roller.complete();
        report(manifest.rolled());
    }

    private void rollOne(CaptureDirectory capture, ManifestStore manifest, Roller roller, int segment)
            throws IOException {
        if (segment > manifest.rolled().count() && !capture.segments().contains(segment)) {
            roller.skip(segment, capture.segment(segment).getFileName() + " is missing");
            return;
        }
        try {
            roller.roll(segment);
        } catch (LogFormatException e) {
            roller.skip(segment, e.getMessage());
        }
    }

    private void report(RolledSegments rolled) {
        rolled.damage().forEach(text -> say("damaged: " + text));
        say(String.format(Locale.ROOT, "complete: %,d rows  Parquet %s  lost %,d  damaged blocks %,d",
                rolled.allTables().rows(), Units.bytes(rolled.allTables().bytes()), rolled.lost(), rolled.damagedBlocks()));
        say("next: sys-inspector analyze report " + directory);
    }

    private void say(String line) {
        if (!quiet) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
