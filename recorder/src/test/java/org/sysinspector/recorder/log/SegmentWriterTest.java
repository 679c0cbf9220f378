// SPDX-License-Identifier: Apache-2.0
// The log writer: segments follow each other, and faults of the disk leave what is before intact.
package org.sysinspector.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;

class SegmentWriterTest {
    private static final int MAX_BYTES = 2000;

    @TempDir
    Path root;

    private final FaultyStorage storage = new FaultyStorage();
    private CaptureDirectory capture;
    private int nextId;

    @BeforeEach
    void makeDirectory() throws IOException {
        capture = new CaptureDirectory(root);
        Files.createDirectory(capture.log());
    }

    @Test
    void segmentsFollowEachOtherWithoutAGap() throws IOException {
        List<Integer> ended = new ArrayList<>();
        SegmentWriter writer = writer();
        for (int i = 0; i < 50; i++) {
            append(writer, 10);
            int number = writer.rotateIfFull();
            if (number > 0) {
                ended.add(number);
                assertTrue(LogFixture.read(capture.segment(number)).closedCleanly());
            }
        }
        assertEquals(500, writer.events());
        writer.close();
        List<Integer> segments = capture.segments();
        assertEquals(IntStream.rangeClosed(1, ended.size()).boxed().toList(), ended);
        assertEquals(IntStream.rangeClosed(1, ended.size() + 1).boxed().toList(), segments);
        assertTrue(segments.size() > 5);
        long sizes = 0;
        for (int number : segments) {
            sizes += Files.size(capture.segment(number));
        }
        assertEquals(sizes, writer.bytesWritten());
        assertAllWritten();
    }

    @Test
    void aSegmentIsEndedOnlyOnceItIsFull() throws IOException {
        try (SegmentWriter writer = writer()) {
            assertEquals(0, writer.rotateIfFull());
            append(writer, 10);
            assertEquals(0, writer.rotateIfFull());
            append(writer, 100);
            assertEquals(1, writer.rotateIfFull());
            assertEquals(2, writer.segmentNumber());
            assertEquals(0, writer.rotateIfFull());
        }
        assertAllWritten();
    }

    @Test
    void onlyTheOwnerCanReadASegment() throws IOException {
        try (SegmentWriter writer = new SegmentWriter(capture, LogFixture.CAPTURE_ID)) {
            assertEquals("rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(capture.segment(1))));
            assertEquals(BlockLayout.FILE_HEADER_BYTES, writer.bytesWritten());
        }
    }

    @Test
    void aSegmentThatIsThereIsNeverOverwritten() throws IOException {
        Files.writeString(capture.segment(1), "somebody's");
        assertThrows(IOException.class, this::writer);
        assertEquals("somebody's", Files.readString(capture.segment(1)));
    }

    @Test
    void shortWritesAreGoneOnWith() throws IOException {
        for (int shortest : new int[] {1, 7, 63, 64, 65, 100}) {
            storage.shortWrite = shortest;
            try (SegmentWriter writer = writer()) {
                append(writer, 5);
                append(writer, 50);
                writer.rotateIfFull();
                append(writer, 1);
            }
            assertAllWritten();
            for (int number : capture.segments()) {
                Files.delete(capture.segment(number));
            }
            nextId = 0;
        }
    }

    @Test
    void aFullDiskAtAnyByteLeavesWhatIsBeforeAndTheBlockCanBeWrittenLater() throws IOException {
        ByteBuffer probe = LogFixture.records(3, 8);
        for (int space = 0; space < BlockLayout.BLOCK_HEADER_BYTES + probe.remaining(); space++) {
            nextId = 0;
            try (SegmentWriter writer = writer()) {
                append(writer, 3);
                long before = Files.size(capture.segment(1));
                storage.space = space;
                ByteBuffer records = LogFixture.records(3, 8);
                IOException e = assertThrows(IOException.class, () -> append(writer, records, 3, 8));
                assertEquals("cannot write " + capture.segment(1) + ": offset=" + before + " bytes="
                        + (BlockLayout.BLOCK_HEADER_BYTES + probe.remaining())
                        + " cause=No space left on device", e.getMessage());
                assertEquals(before, Files.size(capture.segment(1)));
                assertEquals(before, writer.bytesWritten());
                assertEquals(3, writer.events());
                storage.space = Long.MAX_VALUE;
                append(writer, records, 3, 8);
                nextId = 8;
                append(writer, 2);
            }
            assertAllWritten();
            Files.delete(capture.segment(1));
        }
    }

    @Test
    void whatCannotBeTakenBackIsSkippedByTheReader() throws IOException {
        SegmentWriter writer = writer();
        append(writer, 3);
        storage.space = 70;
        storage.truncateFails = true;
        assertThrows(IOException.class, () -> append(writer, LogFixture.records(3, 8), 3, 8));
        storage.space = Long.MAX_VALUE;
        IOException e = assertThrows(IOException.class, () -> append(writer, LogFixture.records(3, 8), 3, 8));
        assertTrue(e.getMessage().endsWith("an earlier write failed and could not be taken back"), e.getMessage());
        assertThrows(IOException.class, writer::close);
        LogFixture.Contents found = LogFixture.read(capture.segment(1));
        assertEquals(List.of(0, 1, 2), found.ids());
        assertEquals(Damage.Kind.CUT_OFF, found.damage().get(0).kind());
        assertEquals(5, found.damage().get(0).events());
        assertFalse(found.closedCleanly());
    }

    @Test
    void aFullDiskAtTheEndLeavesASegmentWithoutItsEndMark() throws IOException {
        SegmentWriter writer = writer();
        append(writer, 3);
        storage.space = 10;
        assertThrows(IOException.class, writer::close);
        writer.close();
        LogFixture.Contents found = LogFixture.read(capture.segment(1));
        assertEquals(3, found.ids().size());
        assertEquals(List.of(), found.damage());
        assertFalse(found.closedCleanly());
    }

    @Test
    void aSyncThatFailsIsSaidAtTheNextRotationOrTheEnd() throws IOException {
        SegmentWriter writer = writer();
        append(writer, 3);
        storage.syncFails = true;
        IOException e = assertThrows(IOException.class, writer::close);
        assertEquals("cannot sync " + capture.segment(1) + ": cause=Input/output error", e.getMessage());
        assertAllWritten();
    }

    @Test
    void whereTheNextSegmentCannotBeMadeTheCurrentOneGoesOn() throws IOException {
        try (SegmentWriter writer = writer()) {
            append(writer, 100);
            storage.createFails = true;
            assertThrows(IOException.class, writer::rotateIfFull);
            storage.createFails = false;
            storage.space = 10;
            assertThrows(IOException.class, writer::rotateIfFull);
            assertEquals(List.of(1), capture.segments());
            storage.space = Long.MAX_VALUE;
            append(writer, 100);
            assertEquals(1, writer.rotateIfFull());
            append(writer, 1);
        }
        assertAllWritten();
    }

    @Test
    void whereTheEndMarkDoesNotFitTheNextSegmentGoesOn() throws IOException {
        try (SegmentWriter writer = writer()) {
            append(writer, 100);
            storage.space = BlockLayout.FILE_HEADER_BYTES + 10;
            assertThrows(IOException.class, writer::rotateIfFull);
            storage.space = Long.MAX_VALUE;
            append(writer, 7);
            assertEquals(2, writer.segmentNumber());
        }
        assertEquals(100, LogFixture.read(capture.segment(1)).ids().size());
        LogFixture.Contents second = LogFixture.read(capture.segment(2));
        assertEquals(List.of(100, 101, 102, 103, 104, 105, 106), second.ids());
        assertTrue(second.closedCleanly());
    }

    @Test
    void aClosedLogTakesNothing() throws IOException {
        SegmentWriter writer = writer();
        writer.close();
        writer.close();
        assertThrows(IOException.class, () -> append(writer, 1));
        assertThrows(IOException.class, writer::rotateIfFull);
    }

    @Test
    void blocksOfOddSizesAreRefused() throws IOException {
        try (SegmentWriter writer = writer()) {
            for (int bytes : new int[] {0, 4, BlockLayout.MAX_PAYLOAD_BYTES + 8}) {
                assertThrows(IllegalArgumentException.class,
                        () -> writer.append(0, 0, ByteBuffer.allocate(bytes), 1, 1, 1, 0));
            }
        }
    }

    @Test
    void aCaptureIdIsThirtyTwoHexadecimalDigits() {
        assertThrows(IllegalArgumentException.class, () -> new SegmentWriter(capture, "abc"));
        assertThrows(IllegalArgumentException.class, () -> new SegmentWriter(capture, "x".repeat(32)));
    }

    @Test
    void readerAndSamplerMayAppendAtTheSameTime() throws Exception {
        int appends = 2000;
        try (SegmentWriter writer = writer()) {
            Thread sampler = new Thread(() -> appendPlain(writer, 3, appends));
            sampler.start();
            for (int i = 0; i < appends; i++) {
                writer.append(2, 1, LogFixture.records(10, 20), 10, 1, 2, 0);
                writer.rotateIfFull();
            }
            sampler.join();
            assertEquals(appends * 11, writer.events());
        }
        long[] events = new long[4];
        long before = 0;
        for (int number : capture.segments()) {
            try (SegmentReader reader = SegmentReader.open(capture.segment(number))) {
                assertEquals(before, reader.eventsBefore());
                for (Block block = reader.next(); block != null; block = reader.next()) {
                    assertEquals(before, block.eventsBefore());
                    events[block.ringClass()] += block.events();
                    before += block.events();
                }
                assertTrue(reader.closedCleanly());
                assertEquals(List.of(), reader.damage());
            }
        }
        assertEquals(appends * 10L, events[2]);
        assertEquals(appends, events[3]);
    }

    @Test
    void whateverFailsWhatWasTakenIsReadBack() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Integer> taken = new ArrayList<>();
            SegmentWriter writer = writer();
            for (int i = 0; i < 40; i++) {
                storage.shortWrite = 1 + random.nextInt(200);
                storage.space = random.nextInt(3) == 0 ? random.nextInt(600) : Long.MAX_VALUE;
                storage.createFails = random.nextInt(4) == 0;
                int count = 1 + random.nextInt(20);
                int first = taken.size();
                try {
                    append(writer, LogFixture.records(first, first + count), first, first + count);
                    taken.addAll(IntStream.range(first, first + count).boxed().toList());
                    writer.rotateIfFull();
                } catch (IOException e) {
                    assertTrue(e.getMessage().contains("No space left on device")
                            || e.getMessage().contains("Too many open files"), e.getMessage());
                }
            }
            storage.space = Long.MAX_VALUE;
            storage.createFails = false;
            writer.close();
            nextId = taken.size();
            assertEquals(taken, readAll(), "seed " + seed);
            for (int number : capture.segments()) {
                Files.delete(capture.segment(number));
            }
        }
    }

    private SegmentWriter writer() throws IOException {
        return new SegmentWriter(capture, LogFixture.CAPTURE_ID, MAX_BYTES, storage);
    }

    private void append(SegmentWriter writer, int count) throws IOException {
        append(writer, LogFixture.records(nextId, nextId + count), nextId, nextId + count);
        nextId += count;
    }

    private static void append(SegmentWriter writer, ByteBuffer records, int from, int to) throws IOException {
        writer.append(from % 4, from % 7 - 1, records, to - from, LogFixture.time(from), LogFixture.time(to - 1),
                from % 2);
        assertFalse(records.hasRemaining());
    }

    private static void appendPlain(SegmentWriter writer, int ringClass, int times) {
        for (int i = 0; i < times; i++) {
            try {
                writer.append(ringClass, -1, LogFixture.records(0, 1), 1, 1, 2, 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private List<Integer> readAll() throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (int number : capture.segments()) {
            LogFixture.Contents found = LogFixture.read(capture.segment(number));
            assertEquals(List.of(), found.damage());
            ids.addAll(found.ids());
        }
        return ids;
    }

    private void assertAllWritten() throws IOException {
        assertEquals(IntStream.range(0, nextId).boxed().toList(), readAll());
        for (int number : capture.segments()) {
            assertTrue(LogFixture.read(capture.segment(number)).closedCleanly());
        }
    }
}
