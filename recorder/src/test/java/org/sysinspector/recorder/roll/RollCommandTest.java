// SPDX-License-Identifier: Apache-2.0
// sys-inspector roll on captures that were killed, damaged, busy, complete or none at all.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sysinspector.recorder.roll.RecordBuilder.io;
import static org.sysinspector.recorder.roll.RecordBuilder.thread;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.CaptureLock;
import org.sysinspector.recorder.command.RollCommand;
import org.sysinspector.recorder.command.VerifyCommand;
import org.sysinspector.recorder.spill.Scratch;
import picocli.CommandLine;

class RollCommandTest {
    @TempDir
    private Path temporary;

    private Path root;
    private TestCapture capture;
    private final StringWriter out = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        root = temporary.resolve("capture");
        capture = new TestCapture(root);
        capture.begin(1);
        capture.block(-1, RecordBuilder.of("clock").set("boottime_ns", 50).set("realtime_ns", 60));
        capture.block(0, io("write", 'w', 7, 0, 100, 5, 10, 0, 3), io("write", 'w', 7, 0, 110, 5, 10, 0, 3));
        capture.block(-1, thread(7, 91, 70, 1, "one"));
        capture.end();
        capture.begin(2);
        capture.block(-1, RecordBuilder.of("loss").set("from_ns", 1).set("to_ns", 190).set("lost", 4).set("ring_class", 2));
        capture.block(1, io("write", 'w', 7, 0, 200, 5, 10, 0, 3));
        capture.block(1, io("read", 'r', 7, 0, 900, 5, 10, 0, 3), io("read", 'r', 7, 0, 910, 5, 10, 0, 3));
    }

    @Test
    void aKilledCaptureIsFinished() throws Exception {
        assertEquals(0, roll());
        Manifest manifest = capture.directory.readManifest();
        assertEquals(Manifest.State.COMPLETE, manifest.state());
        assertEquals("killed", manifest.window().endedBy());
        assertEquals(910, manifest.window().endNs());
        assertEquals("9 5 4", counts(manifest, "io"));
        assertEquals("1 1 0", counts(manifest, "lifecycle"));
        assertEquals(List.of("one", "one", "one"), capture.column("io", 2, "comm"));
        assertEquals(List.of(), capture.directory.segments());
        assertTrue(manifest.segments().get(1).damage().contains("end mark"), manifest.segments().get(1).damage());
        assertTrue(out.toString().contains("segment 2 of 2"), out.toString());
        assertTrue(out.toString().contains("lost 4"), out.toString());
    }

    @Test
    void aBlockThatIsCutOffIsCountedAndNamed() throws Exception {
        Path segment = capture.directory.segment(2);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(file.length() - 8);
        }
        assertEquals(0, roll());
        Manifest manifest = capture.directory.readManifest();
        assertEquals(1, manifest.segments().get(1).damagedBlocks());
        assertTrue(manifest.segments().get(1).damage().startsWith("000002.silog offset="),
                manifest.segments().get(1).damage());
        assertTrue(out.toString().contains("damaged: 000002.silog offset="), out.toString());
        assertEquals("9 3 6", counts(manifest, "io"));
        assertEquals(List.of("200"), capture.column("io", 2, "ts_ns"));
        assertEquals("from_ns=900 to_ns=910 cpu=1 class=io reason=block_damaged lost=2", capture.rows("loss", 2).get(1));
        assertEquals("6", capture.metadata("io", 2).get("sysinspector.lost"));
    }

    @Test
    void aSegmentWithoutAHeaderIsPassedOver() throws Exception {
        capture.end();
        Files.createFile(capture.directory.segment(3));
        assertEquals(0, roll());
        Manifest manifest = capture.directory.readManifest();
        assertEquals(Manifest.State.COMPLETE, manifest.state());
        assertEquals(3, manifest.segments().size());
        assertEquals(1, manifest.segments().get(2).damagedBlocks());
        assertEquals(List.of(), capture.directory.segments());
    }

    @Test
    void eventsOfASegmentThatIsGoneAreCountedByTheNextOne() throws Exception {
        Files.delete(capture.directory.segment(1));
        assertEquals(0, roll());
        Manifest manifest = capture.directory.readManifest();
        assertEquals(List.of(new Manifest.Loss("io", "ring_full", 4, 4L), new Manifest.Loss(null, "segment_missing", 4, 4L),
                new Manifest.Loss(null, "killed", 0, null)), manifest.losses());
        assertEquals(8, manifest.lost());
    }

    @Test
    void eventsOfALastSegmentThatIsGoneAreCountedByWhatTheRecorderTold() throws Exception {
        capture.end();
        capture.manifest.update(m -> m.withEnd(new Manifest.Window(1, 950, "duration"), m.clock(),
                List.of(new Manifest.Count("io", 9, 5, 4), new Manifest.Count("lifecycle", 1, 1, 0),
                        new Manifest.Count("sample", 2, 2, 0)),
                List.of(new Manifest.Loss("io", "ring_full", 4, 4L)), null));
        Files.delete(capture.directory.segment(2));
        assertEquals(0, roll());
        Manifest manifest = capture.directory.readManifest();
        assertEquals("9 2 7", counts(manifest, "io"));
        assertEquals(List.of(new Manifest.Loss("io", "ring_full", 4, 4L), new Manifest.Loss("io", "segment_missing", 3, 3L),
                new Manifest.Loss("sample", "segment_missing", 1, 1L)), manifest.losses());
    }

    @Test
    void aSegmentStaysWhileATableMadeOfItIsGone() throws Exception {
        Roller roller = new Roller(capture.directory, capture.manifest, false, new Scratch(Roller.scratchFile(capture.directory)),
                step -> {
                    if (step.equals("manifest")) {
                        throw new IOException("killed");
                    }
                });
        assertThrows(IOException.class, () -> roller.roll(1));
        Files.delete(capture.directory.table("io", 1));
        Exception refusal = assertThrows(IOException.class, this::roll);
        assertTrue(refusal.getMessage().startsWith("a table made of a segment is gone or changed: file="
                + capture.directory.table("io", 1)), refusal.getMessage());
        assertEquals(List.of(1, 2), capture.directory.segments());
    }

    @Test
    void theLogStaysWhereAskedFor() throws Exception {
        assertEquals(0, roll("--keep-log", "--quiet"));
        assertEquals(List.of(1, 2), capture.directory.segments());
        assertTrue(capture.directory.readManifest().segments().stream().allMatch(Manifest.Segment::kept));
        assertEquals("", out.toString());
        assertFalse(Files.exists(capture.directory.keyframe(2)));
    }

    @Test
    void aSecondRollDoesNothing() throws Exception {
        roll();
        Map<String, List<String>> rows = rows();
        out.getBuffer().setLength(0);
        assertEquals(0, roll());
        assertTrue(out.toString().startsWith("nothing to roll: the capture is complete"), out.toString());
        assertEquals(rows, rows());
    }

    @Test
    void aCaptureInUseIsRefused() throws Exception {
        CaptureLock lock = CaptureLock.take(capture.directory);
        try {
            Exception refusal = assertThrows(CaptureLock.BusyException.class, this::roll);
            assertTrue(refusal.getMessage().startsWith("capture is in use: "), refusal.getMessage());
        } finally {
            lock.close();
        }
        assertEquals(List.of(1, 2), capture.directory.segments());
    }

    @Test
    void whatIsNoCaptureIsSaidSo() {
        root = temporary.resolve("none");
        Exception refusal = assertThrows(CaptureException.class, this::roll);
        assertEquals("no such capture: " + root, refusal.getMessage());
    }

    @Test
    void whatWasRolledVerifies() throws Exception {
        capture.end();
        roll();
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        StringWriter lines = new StringWriter();
        int status = new CommandLine(new VerifyCommand()).setOut(new PrintWriter(lines)).execute(root.toString());
        assertEquals(0, status, lines.toString());
    }

    private int roll(String... options) throws Exception {
        CommandLine line = new CommandLine(new RollCommand()).setOut(new PrintWriter(out));
        line.parseArgs(Stream.concat(Arrays.stream(options), Stream.of(root.toString())).toArray(String[]::new));
        RollCommand command = line.getCommand();
        return command.call();
    }

    private Map<String, List<String>> rows() throws Exception {
        return new TestCapture(capture.directory, capture.directory.readManifest()).allRows();
    }

    private static String counts(Manifest manifest, String ringClass) {
        return manifest.counts().stream().filter(c -> c.ringClass().equals(ringClass))
                .map(c -> c.seen() + " " + c.recorded() + " " + c.lost()).collect(Collectors.joining());
    }
}
