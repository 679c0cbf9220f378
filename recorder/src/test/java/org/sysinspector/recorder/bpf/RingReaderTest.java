// SPDX-License-Identifier: Apache-2.0
// The ring reader against a simulated ring.
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sysinspector.recorder.log.RecordCursor;

class RingReaderTest {
    private static final int SIZE = 4096;
    private static final int LENGTH = 32;
    private static final int STRIDE = 40;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final SimulatedRing ring = new SimulatedRing(SIZE, 0);
    private final RingReader reader = ring.reader();
    private final Spans spans = new Spans();

    @Test
    void anEmptyRingHandsOverNothing() throws IOException {
        assertEquals(0, reader.drain(spans, NO_LIMIT));
        assertEquals(0, spans.count);
    }

    @Test
    void allCompleteRecordsComeAsOneSpan() throws IOException {
        add(0, 3);
        assertEquals(3 * STRIDE, reader.pendingBytes());
        assertEquals(3 * STRIDE, reader.drain(spans, NO_LIMIT));
        assertEquals(List.of(0, 1, 2), spans.ids);
        assertEquals(1, spans.count);
        assertEquals(3 * STRIDE, ring.consumed());
        assertEquals(0, reader.pendingBytes());
    }

    @Test
    void aSpanSaysItsSmallestAndLargestTime() throws IOException {
        ring.add(LENGTH, 0, 500, false);
        ring.add(LENGTH, 1, 100, false);
        ring.add(LENGTH, 2, 1, true);
        ring.add(LENGTH, 3, 900, false);
        reader.drain(spans, NO_LIMIT);
        assertEquals(100, spans.firstNs);
        assertEquals(900, spans.lastNs);
        assertEquals(3, spans.events);
    }

    @Test
    void aSpanThatWrapsIsContiguous() throws IOException {
        SimulatedRing wrapping = new SimulatedRing(SIZE, SIZE - 24);
        wrapping.add(LENGTH, 5, 1, false);
        wrapping.add(LENGTH, 6, 2, false);
        assertEquals(2 * STRIDE, wrapping.reader().drain(spans, NO_LIMIT));
        assertEquals(List.of(5, 6), spans.ids);
        assertEquals(1, spans.count);
    }

    @Test
    void aBusyRecordStopsTheSpanUntilItIsCommitted() throws IOException {
        add(0, 2);
        long busy = ring.reserve(LENGTH);
        add(3, 1);
        assertEquals(2 * STRIDE, reader.drain(spans, NO_LIMIT));
        assertEquals(0, reader.drain(spans, NO_LIMIT));
        assertEquals(List.of(0, 1), spans.ids);
        ring.fill(busy, LENGTH, 2, 2);
        ring.commit(busy, LENGTH, false);
        assertEquals(2 * STRIDE, reader.drain(spans, NO_LIMIT));
        assertEquals(List.of(0, 1, 2, 3), spans.ids);
    }

    @Test
    void discardedRecordsTravelWithTheSpanButAreNotCounted() throws IOException {
        ring.add(LENGTH, 0, 0, true);
        ring.add(LENGTH, 1, 1, false);
        ring.add(LENGTH, 2, 2, true);
        assertEquals(3 * STRIDE, reader.drain(spans, NO_LIMIT));
        assertEquals(3 * STRIDE, spans.bytes);
        assertEquals(1, spans.events);
        assertEquals(List.of(1), spans.ids);
    }

    @Test
    void aSpanOfDiscardedRecordsOnlyIsConsumedWithoutTheSink() throws IOException {
        ring.add(LENGTH, 0, 0, true);
        ring.add(LENGTH, 1, 1, true);
        assertEquals(2 * STRIDE, reader.drain(spans, NO_LIMIT));
        assertEquals(0, spans.count);
        assertEquals(2 * STRIDE, ring.consumed());
    }

    @Test
    void aFullRingIsDrainedAndTakesRecordsAgain() throws IOException {
        int id = 0;
        while (ring.add(56, id, id, false)) {
            id++;
        }
        assertEquals(SIZE / 64, id);
        assertEquals(SIZE, reader.drain(spans, NO_LIMIT));
        assertEquals(id, spans.events);
        assertTrue(ring.add(56, id, id, false));
        reader.drain(spans, NO_LIMIT);
        assertEquals(id + 1, spans.ids.size());
    }

    @Test
    void aSinkThatThrowsLosesNothing() throws IOException {
        add(0, 4);
        IOException full = assertThrows(IOException.class, () -> reader.drain((records, events, first, last) -> {
            records.position(records.limit());
            throw new IOException("disk full");
        }, NO_LIMIT));
        assertEquals("disk full", full.getMessage());
        assertEquals(0, ring.consumed());
        add(4, 1);
        reader.drain(spans, NO_LIMIT);
        assertEquals(List.of(0, 1, 2, 3, 4), spans.ids);
    }

    @Test
    void aSpanKeepsToTheLimitUnlessItIsASingleRecord() throws IOException {
        add(0, 5);
        assertEquals(2 * STRIDE, reader.drain(spans, 3 * STRIDE - 1));
        assertEquals(3 * STRIDE, reader.drain(spans, 3 * STRIDE));
        add(5, 2);
        assertEquals(STRIDE, reader.drain(spans, 1));
        assertEquals(STRIDE, reader.drain(spans, 0));
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), spans.ids);
    }

    @Test
    void aReaderGoesOnWhereTheConsumerPositionStands() throws IOException {
        add(0, 2);
        reader.drain(spans, STRIDE);
        ring.reader().drain(spans, NO_LIMIT);
        assertEquals(List.of(0, 1), spans.ids);
    }

    @Test
    void aRecordLongerThanWhatIsReservedIsRefused() {
        add(0, 1);
        ring.putInt(0, 4000);
        IOException e = assertThrows(IOException.class, () -> reader.drain(spans, NO_LIMIT));
        assertTrue(e.getMessage().startsWith("ring is corrupt: record at=0 length=4000"), e.getMessage());
        assertEquals(0, ring.consumed());
    }

    @Test
    void aRecordTooShortForATimeIsRefused() {
        ring.commit(ring.reserve(8), 8, false);
        assertThrows(IOException.class, () -> reader.drain(spans, NO_LIMIT));
    }

    @Test
    void aMappingThatDoesNotFitTheSizeIsRefused() {
        ByteBuffer page = ByteBuffer.allocateDirect(4096);
        ByteBuffer mapping = ByteBuffer.allocateDirect(4096 + 8192);
        assertThrows(IllegalArgumentException.class, () -> new RingReader(page, mapping, 8192));
        assertThrows(IllegalArgumentException.class, () -> new RingReader(page, mapping, 4000));
        assertThrows(IllegalArgumentException.class, () -> new RingReader(page, mapping, 0));
    }

    @Test
    void whateverTheSizesAndLimitsEveryRecordComesOnceInOrder() throws IOException {
        long seed = 20261121;
        Random random = new Random(seed);
        // Positions beyond 32 bits, as after hours of recording.
        SimulatedRing busy = new SimulatedRing(SIZE, (1L << 32) - 8L * random.nextInt(500));
        RingReader mine = busy.reader();
        List<Integer> kept = new ArrayList<>();
        for (int id = 0; id < 200_000; id++) {
            int length = 16 + random.nextInt(100);
            boolean discard = random.nextInt(10) == 0;
            while (!busy.add(length, id, id, discard)) {
                assertTrue(mine.drain(spans, random.nextInt(SIZE)) > 0, "seed " + seed);
            }
            if (!discard) {
                kept.add(id);
            }
        }
        while (mine.drain(spans, random.nextInt(SIZE)) > 0) {
            assertTrue(spans.bytes <= SIZE);
        }
        assertEquals(kept, spans.ids, "seed " + seed);
        assertEquals(busy.produced(), busy.consumed());
    }

    @Test
    void aProducerOnAnotherThreadIsSeenWhole() throws Exception {
        int total = 500_000;
        Thread producer = new Thread(() -> {
            for (int id = 0; id < total; id++) {
                while (!ring.add(16 + id % 5 * 8, id, id, false)) {
                    Thread.onSpinWait();
                }
            }
        });
        producer.start();
        while (spans.ids.size() < total) {
            if (reader.drain(spans, 1024) == 0) {
                Thread.onSpinWait();
            }
        }
        producer.join();
        for (int id = 0; id < total; id++) {
            assertEquals(id, spans.ids.get(id));
        }
        assertFalse(reader.pendingBytes() > 0);
    }

    private void add(int firstId, int count) {
        for (int id = firstId; id < firstId + count; id++) {
            assertTrue(ring.add(LENGTH, id, id, false));
        }
    }

    /** Keeps the ids, having checked every byte of the records. */
    private static final class Spans implements SpanSink {
        private final List<Integer> ids = new ArrayList<>();
        private final RecordCursor cursor = new RecordCursor();
        private int count;
        private int bytes;
        private int events;
        private long firstNs;
        private long lastNs;

        @Override
        public void span(ByteBuffer records, int eventCount, long first, long last) throws IOException {
            count++;
            bytes = records.remaining();
            events = eventCount;
            firstNs = first;
            lastNs = last;
            int before = ids.size();
            cursor.wrap(records);
            while (cursor.next()) {
                int at = cursor.offset();
                int id = records.getInt(at + 4);
                assertEquals(7, cursor.type());
                for (int i = 16; i < cursor.length(); i++) {
                    if (records.get(at + i) != (byte) (id + i)) {
                        throw new AssertionError("record " + id + " is torn at byte " + i);
                    }
                }
                ids.add(id);
            }
            assertEquals(eventCount, ids.size() - before);
        }
    }
}
