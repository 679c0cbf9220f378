// SPDX-License-Identifier: Apache-2.0
// Does the way of an event from ring to log allocate anything?
package org.sysinspector.recorder.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.recorder.bpf.SimulatedIoRing;
import org.sysinspector.recorder.bpf.SimulatedRing;
import org.sysinspector.recorder.bpf.SpanReader;
import org.sysinspector.recorder.bpf.SpanSink;
import org.sysinspector.recorder.log.SegmentWriter;

/**
 * Does the way of an event from ring to log allocate anything? What allocates nothing causes no garbage collection. The
 * JVM counts the bytes that a thread allocates.
 */
class ReaderAllocationTest {
    private static final int LENGTH = 32;
    private static final int RECORDS = 1000;
    private static final int SPANS = 1000;
    private static final int SIZE = 1 << 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path directory;

    /** A ring of either kind, with its reader. */
    private interface Ring {
        SpanReader reader();

        boolean add(int number);
    }

    private record Shared(SimulatedRing ring, SpanReader reader) implements Ring {
        @Override
        public boolean add(int number) {
            return ring.add(LENGTH, number, number, false);
        }
    }

    private record Io(SimulatedIoRing ring, SpanReader reader) implements Ring {
        @Override
        public boolean add(int number) {
            boolean wide = number % 10 == 0;
            return ring.add(wide ? SimulatedIoRing.WIDE : SimulatedIoRing.NARROW, number, 1);
        }
    }

    private static Ring ring(String kind) {
        if (kind.equals("io")) {
            SimulatedIoRing ring = new SimulatedIoRing(SIZE, 0);
            return new Io(ring, ring.reader());
        }
        SimulatedRing ring = new SimulatedRing(SIZE, 0);
        return new Shared(ring, ring.reader());
    }

    /** Puts a span of records into a ring and drains it; returns the bytes that this thread allocated for the draining. */
    private static long drainSpan(Ring ring, SpanSink sink, SegmentWriter writer) throws IOException {
        for (int i = 0; i < RECORDS; i++) {
            assertTrue(ring.add(i));
        }
        long pending = ring.reader().pendingBytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long drained = ring.reader().drain(sink, SIZE);
        if (drained < pending) {
            drained += ring.reader().drain(sink, SIZE); // a span ends where the ring does
        }
        writer.rotateIfFull();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertEquals(pending, drained);
        return allocated;
    }

    private SegmentWriter writer() throws IOException {
        CaptureDirectory capture = new CaptureDirectory(directory);
        Files.createDirectory(capture.log());
        return new SegmentWriter(capture, "0".repeat(32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "io"})
    void aMillionRecordsGoFromRingToLogWithoutAnAllocation(String kind) throws Exception {
        Ring ring = ring(kind);
        try (SegmentWriter writer = writer()) {
            SpanSink sink = (records, events, firstNs, lastNs) ->
                    writer.append(2, 0, records, events, firstNs, lastNs, 0);
            drainSpan(ring, sink, writer); // loads classes
            long allocated = 0;
            for (int i = 0; i < SPANS; i++) {
                allocated += drainSpan(ring, sink, writer);
            }
            assertEquals((long) RECORDS * (SPANS + 1), writer.events());
            // The JVM itself may allocate once, on the way to compiled code; the smallest object has 16 bytes.
            assertTrue(allocated < SPANS, "bytes for a million records in " + SPANS + " spans: " + allocated);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "io"})
    void anAllocationInTheSinkWouldBeSeen(String kind) throws Exception {
        try (SegmentWriter writer = writer()) {
            byte[][] kept = new byte[1][];
            assertTrue(drainSpan(ring(kind), (records, events, firstNs, lastNs) -> kept[0] = new byte[100], writer) >= 100);
            assertEquals(100, kept[0].length);
        }
    }
}
