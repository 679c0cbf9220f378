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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.recorder.bpf.RingReader;
import org.sysinspector.recorder.bpf.SimulatedRing;
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
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path directory;

    private final SimulatedRing ring = new SimulatedRing(1 << 16, 0);
    private final RingReader reader = ring.reader();
    private SegmentWriter writer;

    /** Puts a span of records into the ring and drains it; returns the bytes that this thread allocated for the draining. */
    private long drainSpan(SpanSink sink) throws IOException {
        for (int i = 0; i < RECORDS; i++) {
            assertTrue(ring.add(LENGTH, i, i, false));
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long drained = reader.drain(sink, 1 << 20);
        writer.rotateIfFull();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertEquals((long) RECORDS * (LENGTH + Long.BYTES), drained);
        return allocated;
    }

    @Test
    void aMillionRecordsGoFromRingToLogWithoutAnAllocation() throws Exception {
        CaptureDirectory capture = new CaptureDirectory(directory);
        Files.createDirectory(capture.log());
        try (SegmentWriter opened = new SegmentWriter(capture, "0".repeat(32))) {
            writer = opened;
            SpanSink sink = (records, events, firstNs, lastNs) ->
                    opened.append(2, 0, records, events, firstNs, lastNs, 0);
            drainSpan(sink); // loads classes
            long allocated = 0;
            for (int i = 0; i < SPANS; i++) {
                allocated += drainSpan(sink);
            }
            assertEquals((long) RECORDS * (SPANS + 1), opened.events());
            // The JVM itself may allocate once, on the way to compiled code; the smallest object has 16 bytes.
            assertTrue(allocated < SPANS, "bytes for a million records in " + SPANS + " spans: " + allocated);
        }
    }

    @Test
    void anAllocationInTheSinkWouldBeSeen() throws Exception {
        CaptureDirectory capture = new CaptureDirectory(directory);
        Files.createDirectory(capture.log());
        try (SegmentWriter opened = new SegmentWriter(capture, "0".repeat(32))) {
            writer = opened;
            byte[][] kept = new byte[1][];
            assertTrue(drainSpan((records, events, firstNs, lastNs) -> kept[0] = new byte[100]) >= 100);
            assertEquals(100, kept[0].length);
        }
    }
}
