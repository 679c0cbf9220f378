// SPDX-License-Identifier: Apache-2.0
// How many records a second does the segment writer frame and copy?
package org.sysinspector.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.log.Storage;

/**
 * How many records a second does the segment writer frame and copy? Into memory that looks like a disk, where there is
 * such: the disk's own limit is another question.
 */
@State(Scope.Thread)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SegmentWriterBenchmark {
    private static final int SPAN_BYTES = 2 << 20;
    private static final int IO_STRIDE = 40;
    private static final int RECORDS = SPAN_BYTES / IO_STRIDE;
    private static final long SEGMENT_BYTES = 64L << 20;

    private final ByteBuffer span = SyntheticRecords.buffer(RECORDS * IO_STRIDE);
    private BenchCapture capture;
    private SegmentWriter writer;
    private int ringClass;
    private long lastNs;

    /** Makes the records and the log. */
    @Setup
    public void open() throws IOException {
        SyntheticRecords records = new SyntheticRecords();
        records.io(span, RECORDS);
        lastNs = records.lastNs();
        ringClass = records.ringClass("io");
        capture = BenchCapture.inMemory();
        writer = new SegmentWriter(capture.directory(), BenchCapture.ID, SEGMENT_BYTES, Storage.DISK);
    }

    /** Removes the log. */
    @TearDown
    public void close() throws IOException {
        writer.close();
        capture.close();
    }

    /** Appends a span as the reader does; an ended segment goes. Returns the events written so far. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long append() throws IOException {
        writer.append(ringClass, 0, span.position(0), RECORDS, 0, lastNs, 0);
        int ended = writer.rotateIfFull();
        if (ended > 0) {
            Files.delete(capture.directory().segment(ended));
        }
        return writer.events();
    }
}
