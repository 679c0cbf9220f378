// SPDX-License-Identifier: Apache-2.0
// Segments cut off, flipped and forged: never a crash, never a wrong event, counts right.
package org.sysinspector.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedSegmentTest {
    /** Ids of the small segment's events: 100 were recorded before it. */
    private static final int[] BOUNDS = {100, 101, 104, 106, 111, 113};

    private static final int FIRST = BOUNDS[0];
    private static final int EVENTS = BOUNDS[BOUNDS.length - 1] - FIRST;

    @TempDir
    Path directory;

    private Path path;
    private byte[] whole;
    private List<Integer> starts;

    @BeforeEach
    void writeSegment() throws IOException {
        path = directory.resolve("000001.silog");
        LogFixture.segment(path, BOUNDS);
        whole = Files.readAllBytes(path);
        starts = new ArrayList<>();
        try (SegmentReader reader = SegmentReader.open(path)) {
            for (Block block = reader.next(); block != null; block = reader.next()) {
                starts.add((int) block.offset());
            }
        }
        starts.add(whole.length - BlockLayout.BLOCK_HEADER_BYTES);
    }

    @Test
    void cutOffAtAnyByteItGivesAllBlocksBefore() throws IOException {
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            if (length < BlockLayout.FILE_HEADER_BYTES) {
                LogFormatException e = assertThrows(LogFormatException.class, () -> LogFixture.read(path));
                assertTrue(e.getMessage().startsWith("segment's header is truncated: file="), e.getMessage());
                continue;
            }
            LogFixture.Contents found = LogFixture.read(path);
            int blocks = wholeBlocks(length);
            assertEquals(ids(FIRST, BOUNDS[blocks]), found.ids(), "length " + length);
            assertFalse(found.closedCleanly());
            boolean atBoundary = starts.contains(length);
            assertEquals(atBoundary ? 0 : 1, found.damage().size(), "length " + length);
            if (!atBoundary) {
                Damage cut = found.damage().get(0);
                assertEquals(Damage.Kind.CUT_OFF, cut.kind());
                assertEquals(length, cut.offset() + cut.bytes());
                boolean headerWhole = length - cut.offset() >= BlockLayout.BLOCK_HEADER_BYTES;
                assertEquals(headerWhole ? BOUNDS[blocks + 1] - BOUNDS[blocks] : -1, cut.events(), "length " + length);
            }
        }
    }

    @Test
    void withAnyBitFlippedItGivesOnlyWhatWasWrittenAndSaysWhatIsGone() throws IOException {
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] bytes = whole.clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, bytes);
            if (bit / 8 < BlockLayout.FILE_HEADER_BYTES) {
                assertThrows(LogFormatException.class, () -> LogFixture.read(path));
                continue;
            }
            LogFixture.Contents found = LogFixture.read(path);
            int hit = hitBlock(bit / 8);
            List<Integer> expected = ids(FIRST, FIRST + EVENTS);
            boolean endHit = hit == BOUNDS.length - 1;
            if (!endHit) {
                expected.removeAll(ids(BOUNDS[hit], BOUNDS[hit + 1]));
            }
            assertEquals(expected, found.ids(), "bit " + bit);
            assertEquals(1, found.damage().size(), "bit " + bit);
            assertEquals(!endHit, found.closedCleanly(), "bit " + bit);
            assertEquals(endHit, found.unknown(), "bit " + bit);
            assertEquals(EVENTS, found.ids().size() + found.lost(), "bit " + bit);
            assertEquals(EVENTS, found.accounted(), "bit " + bit);
            Damage damage = found.damage().get(0);
            assertEquals(starts.get(hit).longValue(), damage.offset());
            assertEquals((endHit ? whole.length : starts.get(hit + 1)) - starts.get(hit), damage.bytes());
            boolean inHeader = bit / 8 - starts.get(hit) < BlockLayout.BLOCK_HEADER_BYTES;
            assertEquals(inHeader ? Damage.Kind.CORRUPT_HEADER : Damage.Kind.CORRUPT_PAYLOAD, damage.kind());
            if (!inHeader) {
                assertEquals(BOUNDS[hit] % 4, damage.ringClass());
                assertEquals(BOUNDS[hit] % 7 - 1, damage.cpu());
                assertEquals(LogFixture.time(BOUNDS[hit]), damage.firstNs());
                assertEquals(LogFixture.time(BOUNDS[hit + 1] - 1), damage.lastNs());
            }
        }
    }

    @Test
    void withAnyBytesChangedCutOrMovedItGivesOnlyWhatWasWritten() throws IOException {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes = damaged(bytes, random);
            }
            Files.write(path, bytes);
            LogFixture.Contents found;
            try {
                found = LogFixture.read(path);
            } catch (LogFormatException e) {
                assertFalse(Arrays.equals(whole, 0, 64, bytes, 0, Math.min(64, bytes.length)), "seed " + seed);
                continue;
            }
            List<Integer> ascending = found.ids().stream().sorted().distinct().toList();
            assertEquals(ascending, found.ids(), "seed " + seed);
            assertTrue(ids(FIRST, FIRST + EVENTS).containsAll(found.ids()), "seed " + seed);
            assertEquals(found.accounted(), found.ids().size() + found.lost(), "seed " + seed);
            assertTrue(found.accounted() <= EVENTS, "seed " + seed);
            if (found.closedCleanly()) {
                assertEquals(EVENTS, found.accounted(), "seed " + seed);
                assertFalse(found.unknown(), "seed " + seed);
            }
        }
    }

    @Test
    void blocksTakenOutAreMissedByNumberAndCount() throws IOException {
        byte[] bytes = new byte[whole.length - (starts.get(3) - starts.get(1))];
        System.arraycopy(whole, 0, bytes, 0, starts.get(1));
        System.arraycopy(whole, starts.get(3), bytes, starts.get(1), whole.length - starts.get(3));
        Files.write(path, bytes);
        LogFixture.Contents found = LogFixture.read(path);
        Damage missing = found.damage().get(0);
        assertEquals(Damage.Kind.MISSING, missing.kind());
        assertEquals(5, missing.events());
        assertEquals("000001.silog offset=" + starts.get(1) + " bytes=0 events=5 blocks missing: blocks=2",
                missing.describe());
        assertTrue(found.closedCleanly());
        assertEquals(EVENTS, found.ids().size() + found.lost());
    }

    @Test
    void aBlockOfAnotherCaptureInsideARecordIsNotTakenForOne() throws IOException {
        assertForgedBlockIgnored("ff".repeat(16), 1);
    }

    @Test
    void aBlockOfAnotherSegmentInsideARecordIsNotTakenForOne() throws IOException {
        assertForgedBlockIgnored(LogFixture.CAPTURE_ID, 2);
    }

    @Test
    void aHeaderThatClaimsAHugeBlockIsNotBelieved() throws IOException {
        for (int claim : new int[] {Integer.MAX_VALUE & -8, -8, 12, BlockLayout.MAX_PAYLOAD_BYTES + 8}) {
            byte[] bytes = whole.clone();
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int at = starts.get(2);
            buffer.putInt(at + BlockLayout.PAYLOAD_BYTES_OFFSET, claim);
            int crc = BlockLayout.blockHeaderCrc(
                    new CRC32C(), BlockLayout.seed(LogFixture.CAPTURE_ID, 1), buffer.duplicate(), at);
            buffer.putInt(at + BlockLayout.HEADER_CRC_OFFSET, crc);
            Files.write(path, bytes);
            LogFixture.Contents found = LogFixture.read(path);
            assertEquals(Damage.Kind.CORRUPT_HEADER, found.damage().get(0).kind());
            assertEquals(EVENTS, found.ids().size() + found.lost());
        }
    }

    @Test
    void bytesAfterTheEndMarkAreReported() throws IOException {
        Files.write(path, Arrays.copyOf(whole, whole.length + 8));
        LogFixture.Contents found = LogFixture.read(path);
        assertEquals(EVENTS, found.ids().size());
        assertEquals(0, found.lost());
        assertEquals(8, found.damage().get(0).bytes());
        assertFalse(found.closedCleanly());
    }

    @Test
    void zeroesAfterTheLastBlockAreReportedOnce() throws IOException {
        byte[] bytes = Arrays.copyOf(Arrays.copyOf(whole, starts.get(4)), 1 << 20);
        Files.write(path, bytes);
        LogFixture.Contents found = LogFixture.read(path);
        assertEquals(ids(FIRST, BOUNDS[4]), found.ids());
        assertEquals(1, found.damage().size());
        assertEquals(bytes.length - starts.get(4), found.damage().get(0).bytes());
        assertTrue(found.unknown());
    }

    @Test
    void aHoleWiderThanTheSearchWindowIsCrossed() throws IOException {
        Path wide = directory.resolve("wide.silog");
        LogFixture.segment(wide, 0, 5, 30_000, 30_010, 30_011);
        byte[] bytes = Files.readAllBytes(wide);
        int second = starts(wide).get(1);
        assertTrue(starts(wide).get(2) - second > 1 << 20);
        bytes[second + BlockLayout.SEQUENCE_OFFSET]++;
        Files.write(wide, bytes);
        LogFixture.Contents found = LogFixture.read(wide);
        assertEquals(16, found.ids().size());
        assertEquals(29_995, found.lost());
        assertTrue(found.closedCleanly());
    }

    @Test
    void theListOfDamageIsBoundedAndItsSumsStayRight() throws IOException {
        Path many = directory.resolve("many.silog");
        int blocks = SegmentReader.MAX_DAMAGE + 500;
        LogFixture.segment(many, IntStream.rangeClosed(0, blocks).toArray());
        byte[] bytes = Files.readAllBytes(many);
        for (int start : starts(many)) {
            bytes[start + BlockLayout.BLOCK_HEADER_BYTES + 20]++;
        }
        Files.write(many, bytes);
        LogFixture.Contents found = LogFixture.read(many);
        assertEquals(List.of(), found.ids());
        assertEquals(SegmentReader.MAX_DAMAGE, found.damage().size());
        assertEquals(blocks, found.lost());
        assertEquals(Damage.Kind.MANY, found.damage().get(SegmentReader.MAX_DAMAGE - 1).kind());
    }

    @Test
    void aFileThatShrinksWhileItIsReadIsCutOff() throws IOException {
        try (SegmentReader reader = SegmentReader.open(path)) {
            assertEquals(1, reader.next().events());
            Files.write(path, Arrays.copyOf(whole, starts.get(1) + 80));
            assertEquals(null, reader.next());
            assertEquals(Damage.Kind.CUT_OFF, reader.damage().get(0).kind());
            assertEquals(80, reader.damage().get(0).bytes());
            assertFalse(reader.closedCleanly());
        }
    }

    private void assertForgedBlockIgnored(String captureId, int segment) throws IOException {
        // Its number and count of events before it would fit.
        Path other = directory.resolve("other.silog");
        try (SegmentFile file = new SegmentFile(Storage.DISK, other, captureId, segment, 3, BOUNDS[3])) {
            LogFixture.append(file, BOUNDS[3], BOUNDS[3] + 2);
        }
        byte[] forged = Arrays.copyOfRange(Files.readAllBytes(other), 64, (int) Files.size(other));
        byte[] bytes = whole.clone();
        // Behind a broken header the reader searches; what it comes by is the forged block.
        bytes[starts.get(3)]++;
        System.arraycopy(forged, 0, bytes, starts.get(3) + BlockLayout.BLOCK_HEADER_BYTES, forged.length);
        assertTrue(starts.get(3) + BlockLayout.BLOCK_HEADER_BYTES + forged.length <= starts.get(4));
        Files.write(path, bytes);
        LogFixture.Contents found = LogFixture.read(path);
        assertEquals(1, found.damage().size());
        assertEquals(5, found.lost());
        assertEquals(EVENTS - 5, found.ids().size());
    }

    private List<Integer> starts(Path segment) throws IOException {
        List<Integer> found = new ArrayList<>();
        try (SegmentReader reader = SegmentReader.open(segment)) {
            for (Block block = reader.next(); block != null; block = reader.next()) {
                found.add((int) block.offset());
            }
        }
        return found;
    }

    private int wholeBlocks(int length) {
        int blocks = 0;
        while (blocks + 1 < starts.size() && starts.get(blocks + 1) <= length) {
            blocks++;
        }
        return blocks;
    }

    private int hitBlock(int at) {
        int hit = starts.size() - 1;
        while (starts.get(hit) > at) {
            hit--;
        }
        return hit;
    }

    private static List<Integer> ids(int from, int to) {
        return new ArrayList<>(IntStream.range(from, to).boxed().toList());
    }

    private byte[] damaged(byte[] bytes, Random random) {
        if (bytes.length < 2) {
            return bytes;
        }
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(bytes.length - from);
        byte[] changed = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> Arrays.fill(changed, from, to, (byte) 0);
            case 1 -> changed[from] = (byte) random.nextInt();
            case 2 -> changed = Arrays.copyOf(bytes, to);
            case 3 -> {
                // A piece of the segment lies where another should.
                int length = Math.min(to - from, whole.length);
                int source = random.nextInt(whole.length - length + 1);
                System.arraycopy(whole, source, changed, from, length);
            }
            case 4 -> changed = spliced(bytes, block(random), block(random));
            default -> {
                byte[] noise = new byte[to - from];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, changed, from, noise.length);
            }
        }
        return changed;
    }

    private int block(Random random) {
        return starts.get(random.nextInt(starts.size()));
    }

    /** The bytes up to one place, then those from another on: blocks taken out or repeated. */
    private static byte[] spliced(byte[] bytes, int upTo, int from) {
        int head = Math.min(upTo, bytes.length);
        int tail = Math.max(bytes.length - from, 0);
        byte[] result = Arrays.copyOf(bytes, head + tail);
        System.arraycopy(bytes, bytes.length - tail, result, head, tail);
        return result;
    }
}
