// SPDX-License-Identifier: Apache-2.0
// The reader of io rings against a ring without a kernel.
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.schema.RecordSchema;

class IoRingReaderTest {
    private static final int SIZE = 4096;
    private static final RecordSchema NARROW = SimulatedIoRing.NARROW;
    private static final RecordSchema WIDE = SimulatedIoRing.WIDE;
    private static final int NARROW_STRIDE = RecordLayout.HEADER_BYTES + NARROW.size();
    private static final int WIDE_STRIDE = RecordLayout.HEADER_BYTES + WIDE.size();

    private final SimulatedIoRing ring = new SimulatedIoRing(SIZE, 0);
    private final ByteBuffer memory = ring.memory;
    private final List<Long> times = new ArrayList<>();
    private long operations;
    private int spans;

    private boolean add(RecordSchema schema, long ns, int ops) {
        return ring.add(schema, ns, ops);
    }

    private void take(ByteBuffer records, int events, long firstNs, long lastNs) {
        List<Long> found = new ArrayList<>();
        for (int at = records.position(); at < records.limit(); at += RecordLayout.stride(records.getInt(at))) {
            found.add(records.getLong(at + RecordLayout.HEADER_BYTES + RecordLayout.TS_OFFSET));
        }
        assertEquals(found.stream().min(Long::compare).orElseThrow(), firstNs);
        assertEquals(found.stream().max(Long::compare).orElseThrow(), lastNs);
        times.addAll(found);
        operations += events;
        spans++;
    }

    @Test
    void anEmptyRingHandsOverNothing() throws IOException {
        assertEquals(0, ring.reader().drain(this::take, SIZE));
        assertEquals(0, spans);
    }

    @Test
    void recordsComeInOneSpanAndTheirOperationsAreCounted() throws IOException {
        IoRingReader reader = ring.reader();
        add(NARROW, 5, 1);
        add(WIDE, 3, 70_000);
        add(NARROW, 9, 1);
        assertEquals(2 * NARROW_STRIDE + WIDE_STRIDE, reader.pendingBytes());
        assertEquals(2 * NARROW_STRIDE + WIDE_STRIDE, reader.drain(this::take, SIZE));
        assertEquals(List.of(5L, 3L, 9L), times);
        assertEquals(70_002, operations);
        assertEquals(1, spans);
        assertEquals(70_002, reader.seen());
        assertEquals(0, reader.pendingBytes());
    }

    @Test
    void aSpanKeepsToTheLimitUnlessItIsASingleRecord() throws IOException {
        IoRingReader reader = ring.reader();
        for (int i = 0; i < 4; i++) {
            add(NARROW, i, 1);
        }
        assertEquals(2 * NARROW_STRIDE, reader.drain(this::take, 3 * NARROW_STRIDE - 1));
        assertEquals(NARROW_STRIDE, reader.drain(this::take, 0));
        assertEquals(NARROW_STRIDE, reader.drain(this::take, SIZE));
        assertEquals(List.of(0L, 1L, 2L, 3L), times);
    }

    @Test
    void aSpanThatStandsForTooManyOperationsIsTakenInParts() throws IOException {
        IoRingReader reader = ring.reader();
        add(WIDE, 1, Integer.MAX_VALUE);
        add(NARROW, 2, 1);
        assertEquals(WIDE_STRIDE, reader.drain(this::take, SIZE));
        assertEquals(NARROW_STRIDE, reader.drain(this::take, SIZE));
        assertEquals(1L + Integer.MAX_VALUE, operations);
    }

    @Test
    void aSinkThatThrowsLosesNothing() throws IOException {
        IoRingReader reader = ring.reader();
        add(NARROW, 1, 1);
        assertThrows(IOException.class, () -> reader.drain((records, events, first, last) -> {
            records.position(records.limit());
            throw new IOException("disk full");
        }, SIZE));
        add(NARROW, 2, 1);
        reader.drain(this::take, SIZE);
        assertEquals(List.of(1L, 2L), times);
    }

    @Test
    void aFullRingLosesAndSaysSo() throws IOException {
        IoRingReader reader = ring.reader();
        int kept = 0;
        while (add(NARROW, kept, 1)) {
            kept++;
        }
        add(WIDE, 0, 10);
        memory.putLong(IoRingLayout.COLLIDED, 2);
        assertEquals(SIZE / NARROW_STRIDE, kept);
        assertEquals(kept + 1 + 10 + 2, reader.seen());
        assertEquals(1 + 10, reader.lost());
        assertEquals(2, reader.collided());
        assertEquals((long) kept * NARROW_STRIDE, reader.drain(this::take, SIZE));
        assertTrue(add(NARROW, 7, 1));
    }

    @Test
    void whatIsNoRecordIsRefused() {
        IoRingReader reader = ring.reader();
        add(NARROW, 1, 1);
        for (int length : new int[] {0, 8, WIDE.size() + 8, -1, NARROW.size() + 8}) {
            memory.putInt(IoRingLayout.RECORDS_AT, length);
            IOException e = assertThrows(IOException.class, () -> reader.drain(this::take, SIZE));
            assertTrue(e.getMessage().startsWith("io ring is corrupt: length=" + length), e.getMessage());
        }
        memory.putLong(IoRingLayout.HEAD, SIZE + 8);
        assertThrows(IOException.class, () -> reader.drain(this::take, SIZE));
        assertEquals(0, spans);
    }

    @Test
    void aMappingOfOddSizeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new IoRingReader(ByteBuffer.allocateDirect(8192)));
        assertThrows(IllegalArgumentException.class, () -> new IoRingReader(ByteBuffer.allocateDirect(8192 + 5000)));
    }

    @Test
    void whateverTheSizesEveryRecordComesOnceInOrderOverManyLaps() throws IOException {
        Random random = new Random(20261122);
        memory.putLong(IoRingLayout.HEAD, SIZE - 24).putLong(IoRingLayout.TAIL, SIZE - 24);
        IoRingReader reader = ring.reader();
        List<Long> expected = new ArrayList<>();
        long stood = 0;
        for (long id = 0; id < 20_000; id++) {
            boolean wide = random.nextInt(4) == 0;
            int ops = wide ? 1 + random.nextInt(1000) : 1;
            if (add(wide ? WIDE : NARROW, id, ops)) {
                expected.add(id);
                stood += ops;
            }
            if (random.nextInt(40) == 0) {
                reader.drain(this::take, random.nextInt(SIZE));
            }
        }
        while (reader.drain(this::take, SIZE) > 0) {
            continue;
        }
        assertEquals(expected, times);
        assertEquals(stood, operations);
        assertEquals(reader.seen() - reader.lost(), operations);
    }
}
