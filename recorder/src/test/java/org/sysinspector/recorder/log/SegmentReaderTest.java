// SPDX-License-Identifier: Apache-2.0
// Whole segments, and files that are none.
package org.sysinspector.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentReaderTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path path = directory.resolve("000001.silog");
        LogFixture.segment(path, 0, 1, 4, 1000, 20_000);
        LogFixture.Contents found = LogFixture.read(path);
        assertEquals(IntStream.range(0, 20_000).boxed().toList(), found.ids());
        assertEquals(List.of(), found.damage());
        assertEquals(4, found.blocks());
        assertEquals(20_000, found.accounted());
        assertTrue(found.closedCleanly());
    }

    @Test
    void anEmptySegmentIsWhole() throws IOException {
        Path path = directory.resolve("000001.silog");
        LogFixture.segment(path, 0);
        LogFixture.Contents found = LogFixture.read(path);
        assertEquals(List.of(), found.ids());
        assertTrue(found.closedCleanly());
    }

    @Test
    void aSegmentNamesItsCaptureAndNumber() throws IOException {
        Path path = directory.resolve("x");
        try (SegmentFile file = new SegmentFile(Storage.DISK, path, LogFixture.CAPTURE_ID, 42, 17, 1234)) {
            file.end();
        }
        try (SegmentReader reader = SegmentReader.open(path)) {
            assertNull(reader.next());
            assertNull(reader.next());
            assertEquals(LogFixture.CAPTURE_ID, reader.captureId());
            assertEquals(42, reader.segmentNumber());
            assertEquals(1234, reader.eventsBefore());
        }
    }

    @Test
    void aBlockSaysWhereItsRecordsLieInTheFile() throws IOException {
        Path path = directory.resolve("000001.silog");
        LogFixture.segment(path, 0, 2, 5);
        byte[] bytes = Files.readAllBytes(path);
        try (SegmentReader reader = SegmentReader.open(path)) {
            reader.next();
            Block second = reader.next();
            assertEquals(1, second.sequence());
            byte[] records = new byte[second.payloadBytes()];
            second.records().get(records);
            int at = (int) second.payloadOffset();
            assertEquals(ByteBuffer.wrap(bytes, at, records.length), ByteBuffer.wrap(records));
        }
    }

    @Test
    void aSegmentThatIsStillWrittenIsReadAsFarAsItIs() throws IOException {
        Path path = directory.resolve("000001.silog");
        try (SegmentFile file = new SegmentFile(Storage.DISK, path, LogFixture.CAPTURE_ID, 1, 0, 0)) {
            LogFixture.append(file, 0, 10);
            LogFixture.Contents found = LogFixture.read(path);
            assertEquals(10, found.ids().size());
            assertEquals(List.of(), found.damage());
            assertFalse(found.closedCleanly());
        }
    }

    @Test
    void aFileThatIsNoSegmentIsNamed() throws IOException {
        Path path = directory.resolve("readme");
        Files.writeString(path, "PAR1 and so on, long enough to hold a header; still not a segment of any log");
        assertProblem(path,
                "not a segment of the log: file=" + path + " offset=0 expected=0x1a0a0d474f4c4953 found=0x");
        Files.writeString(path, "PAR1 and", StandardCharsets.US_ASCII);
        assertProblem(path, "not a segment of the log: ");
    }

    @Test
    void aHeaderThatIsCutOffSaysHowMuchIsThere() throws IOException {
        Path path = directory.resolve("000001.silog");
        Files.createFile(path);
        assertProblem(path,
                "segment's header is truncated: file=" + path + " offset=0 expected=64 bytes found=0 bytes");
    }

    @Test
    void aNewerAndAnOlderFormatAreToldApartFromDamage() throws IOException {
        Path path = directory.resolve("000001.silog");
        writeHeader(path, BlockLayout.VERSION + 1);
        assertProblem(path, "segment is too new (use a newer sys-inspector): file=" + path
                + " offset=8 expected=version 3 to 3 found=version 4");
        writeHeader(path, BlockLayout.OLDEST_VERSION - 1);
        assertProblem(path, "segment is too old (use an older sys-inspector): file=" + path
                + " offset=8 expected=version 3 to 3 found=version 2");
        writeHeader(path, BlockLayout.VERSION);
        byte[] bytes = Files.readAllBytes(path);
        bytes[BlockLayout.FILE_VERSION_OFFSET] ^= 2;
        Files.write(path, bytes);
        assertProblem(path, "segment's header is corrupt: file=" + path + " offset=60 expected=crc32c:");
    }

    @Test
    void aMissingFileIsMissing() {
        assertThrows(NoSuchFileException.class, () -> SegmentReader.open(directory.resolve("none")));
    }

    @Test
    void aCursorRefusesLengthsThatRunOutOfTheBlock() throws IOException {
        ByteBuffer records = LogFixture.records(0, 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int length : new int[] {80, 8, RecordLayout.BUSY | 16, Integer.MAX_VALUE & ~RecordLayout.DISCARD}) {
            records.putInt(0, length);
            RecordCursor cursor = new RecordCursor();
            cursor.wrap(records);
            assertThrows(LogFormatException.class, cursor::next);
        }
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(records.limit(4));
        assertThrows(LogFormatException.class, cursor::next);
        assertThrows(IllegalArgumentException.class, () -> cursor.wrap(ByteBuffer.allocate(8)));
    }

    private static void assertProblem(Path path, String start) {
        LogFormatException e = assertThrows(LogFormatException.class, () -> SegmentReader.open(path));
        assertTrue(e.getMessage().startsWith(start), e.getMessage());
    }

    private static void writeHeader(Path path, int version) throws IOException {
        Files.deleteIfExists(path);
        LogFixture.segment(path, 0);
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(BlockLayout.FILE_VERSION_OFFSET, version);
        int crc = BlockLayout.fileHeaderCrc(new CRC32C(), header);
        header.putInt(BlockLayout.FILE_CRC_OFFSET, crc);
        Files.write(path, header.array());
    }
}
