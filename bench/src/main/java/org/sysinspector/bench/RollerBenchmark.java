// SPDX-License-Identifier: Apache-2.0
// How many records a second does the roller turn into Parquet?
package org.sysinspector.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.log.Storage;
import org.sysinspector.recorder.roll.Roller;

/**
 * How many records a second does the roller turn into Parquet? Of a made-up segment, from memory to memory, in a heap as
 * small as the recorder's.
 */
@State(Scope.Thread)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-Xms16m", "-Xmx48m", "-XX:MaxDirectMemorySize=32m"})
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
public class RollerBenchmark {
    private static final int SPANS = 40;
    private static final int SPAN_RECORDS = 50_000;
    private static final int RECORDS = SPANS * SPAN_RECORDS;
    private static final int DEFINITION_BYTES = 1 << 20;

    private BenchCapture capture;
    private Roller roller;

    /** Writes the segment. */
    @Setup
    public void writeSegment() throws IOException {
        SyntheticRecords records = new SyntheticRecords();
        capture = BenchCapture.inMemory();
        try (SegmentWriter log =
                new SegmentWriter(capture.directory(), BenchCapture.ID, SegmentWriter.DEFAULT_MAX_BYTES, Storage.DISK)) {
            ByteBuffer definitions = SyntheticRecords.buffer(DEFINITION_BYTES);
            records.threads(definitions);
            log.append(records.ringClass("lifecycle"), -1, definitions.flip(), SyntheticRecords.THREADS, 0,
                    records.lastNs(), 0);
            definitions.clear();
            records.files(definitions);
            log.append(records.ringClass("names"), -1, definitions.flip(), SyntheticRecords.FILES, 0, records.lastNs(), 0);
            ByteBuffer span = SyntheticRecords.buffer(SPAN_RECORDS * records.ioStride());
            for (int i = 0; i < SPANS; i++) {
                long firstNs = records.lastNs();
                span.clear();
                records.io(span, SPAN_RECORDS);
                log.append(records.ringClass("io"), 0, span.flip(), SPAN_RECORDS, firstNs, records.lastNs(), 0);
            }
        }
    }

    /** Forgets what was rolled. */
    @Setup(Level.Invocation)
    public void forget() throws IOException {
        roller = new Roller(capture.directory(), capture.startAgain(), true);
    }

    /** Removes the capture. */
    @TearDown
    public void close() throws IOException {
        capture.close();
    }

    /** Rolls the segment; returns the rows made. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long roll() throws IOException {
        roller.roll(1);
        long rows = roller.rows().get();
        if (rows < RECORDS) {
            throw new IllegalStateException("rows are missing: rows=" + rows + " records=" + RECORDS);
        }
        return rows;
    }
}
