// SPDX-License-Identifier: Apache-2.0
// How many records a second does the ring reader find?
package org.sysinspector.bench;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sysinspector.recorder.bpf.RingLayout;
import org.sysinspector.recorder.bpf.RingReader;
import org.sysinspector.recorder.bpf.SpanSink;

/**
 * How many records a second does the ring reader find? The ring is full before every call: its records stay where they
 * are, so filling it again takes no more than moving the producer's position a lap on.
 */
@State(Scope.Thread)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingReaderBenchmark {
    private static final VarHandle U64 =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PAGE = 4096;
    private static final int RING_BYTES = 4 << 20;
    private static final int SPAN_BYTES = 2 << 20;
    private static final int IO_STRIDE = 40;
    /** Io records, and a smaller one that fills the ring to its last byte. */
    private static final int RECORDS = RING_BYTES / IO_STRIDE + 1;

    private final ByteBuffer producer = SyntheticRecords.buffer(PAGE + 2 * RING_BYTES);
    private RingReader reader;
    private SpanSink sink;
    private long produced;
    private long events;

    /** Fills the ring. */
    @Setup
    public void fill() {
        SyntheticRecords records = new SyntheticRecords();
        ByteBuffer data = SyntheticRecords.buffer(RING_BYTES);
        records.io(data, RECORDS - 1);
        records.smallest(data);
        if (records.ioStride() != IO_STRIDE || data.hasRemaining()) {
            throw new IllegalStateException("records do not fill the ring: stride=" + records.ioStride() + " free="
                    + data.remaining());
        }
        producer.position(PAGE);
        producer.put(data.flip()).put(data.flip());
        reader = new RingReader(SyntheticRecords.buffer(PAGE), producer, RING_BYTES);
        sink = (span, count, firstNs, lastNs) -> events += count;
    }

    /** Drains a full ring; returns the records drained so far. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long drain() throws IOException {
        produced += RING_BYTES;
        U64.setRelease(producer, RingLayout.POSITION_OFFSET, produced);
        while (reader.drain(sink, SPAN_BYTES) > 0) {
            continue;
        }
        return events;
    }
}
