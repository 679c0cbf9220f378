// SPDX-License-Identifier: Apache-2.0
// The sort of io records against a plain sort of everything.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sysinspector.recorder.log.SegmentReader;
import org.sysinspector.recorder.spill.Scratch;

class IoSorterTest {
    private static final int RING_IO = 2;
    private static final int MOST_WORDS = 1 << 20;

    @TempDir
    private Path temporary;

    private TestCapture capture;

    private record Operation(long start, long end, int number, int cpu) {}

    /**
     * Latencies up to {@code longest}; blocks of a CPU come in bursts of {@code burst} records; some out of
     * order.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 200000, 1000, 3000, false",
        "2, 100000, 60000000, 5000, false",
        "3, 100000, 3000000000, 20000, true",
        "4, 20000, 9000000000000, 500, false",
        "5, 3000, 20000000000000000, 100, true",
    })
    void rowsComeInTheOrderOfTheirStarts(int seed, int count, long longest, int burst, boolean isDisordered)
            throws IOException {
        Random random = new Random(seed);
        List<Operation> all = new ArrayList<>();
        long[] clock = {longest + 1, longest + 500, longest + 900};
        long step = Math.max(1, longest / 1000);
        for (int i = 0; i < count; i++) {
            int cpu = random.nextInt(clock.length);
            clock[cpu] += (long) (random.nextDouble() * step);
            long latency = (long) (longest * Math.pow(random.nextDouble(), 12));
            long end = isDisordered && random.nextInt(1000) == 0 ? clock[cpu] - random.nextInt(5_000_000) : clock[cpu];
            all.add(new Operation(Math.max(0, end - latency), Math.max(end, latency), i, cpu));
        }
        write(all, clock.length, burst);
        List<Long> expected = all.stream().map(Operation::start).sorted().toList();
        assertEquals(expected, column("ts_ns"), "seed=" + seed);
        assertEquals(all.stream().map(o -> (long) o.number()).sorted().toList(),
                column("file_offset").stream().sorted().toList(), "every record once");
        assertEquals(all.stream().sorted(Comparator.comparingLong(Operation::start)).map(o -> o.end() - o.start())
                .mapToLong(Long::longValue).sum(), column("latency_ns").stream().mapToLong(Long::longValue).sum());
    }

    private void write(List<Operation> all, int cpus, int burst) throws IOException {
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
        List<List<Operation>> streams = new ArrayList<>();
        for (int cpu = 0; cpu < cpus; cpu++) {
            int number = cpu;
            streams.add(new ArrayList<>(all.stream().filter(o -> o.cpu() == number).toList()));
        }
        while (streams.stream().anyMatch(s -> !s.isEmpty())) {
            for (int cpu = 0; cpu < cpus; cpu++) {
                List<Operation> part = streams.get(cpu).subList(0, Math.min(burst, streams.get(cpu).size()));
                for (Operation o : part) {
                    capture.add(RecordBuilder.wide(
                            "read", 'r', cpu, 0, o.start(), o.end() - o.start(), 0, o.number(), 0));
                }
                if (!part.isEmpty()) {
                    capture.flush(RING_IO, cpu);
                }
                part.clear();
            }
        }
        capture.end();
        capture.roll(1);
    }

    /** Records of both lengths, so many that the ring grows and goes round several times, come as they went in. */
    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 3000000", "3, 200000000"})
    void recordsOfBothLengthsComeWhole(int seed, int longest) throws IOException {
        Random random = new Random(seed);
        int count = 200_000;
        long[] starts = new long[count];
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
        long[] clock = {1L << 40, 1L << 40};
        for (int i = 0; i < count; i++) {
            int cpu = i / 500 % 2;
            clock[cpu] += 1 + random.nextInt(100);
            long latency = random.nextInt(longest);
            starts[i] = clock[cpu] - latency;
            capture.add(random.nextBoolean()
                    ? RecordBuilder.io("read", 'r', cpu, 0, starts[i], latency, 5, i, 3)
                    : RecordBuilder.wide("read", 'r', cpu, 0, starts[i], latency, 5, i, 3));
            if (i % 500 == 499) {
                capture.flush(RING_IO, cpu);
            }
        }
        capture.end();
        long[] before = {Long.MIN_VALUE};
        assertEachOnce(count, (start, number) -> {
            assertTrue(start >= before[0], "in order");
            assertEquals(starts[number], start, "start of " + number);
            before[0] = start;
        });
    }

    /** Many CPUs share the memory that the log is read through; records lie across the ends of what is read. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 300, 5000})
    void anyNumberOfCpus(int cpus) throws IOException {
        int count = 60_000;
        Random random = new Random(cpus);
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
        for (int i = 0; i < count; i++) {
            long start = (1L << 40) + i * 10L;
            capture.add(random.nextBoolean()
                    ? RecordBuilder.io("read", 'r', 7, 0, start, 9, 5, i, 3)
                    : RecordBuilder.wide("read", 'r', 7, 0, start, 9, 5, i, 3));
            if (random.nextInt(300) == 0 || i == count - 1) {
                capture.flush(RING_IO, random.nextInt(cpus));
            }
        }
        capture.end();
        int[] next = {0};
        assertEachOnce(count, (start, number) -> assertEquals(next[0]++, number));
    }

    /** More operations overlap than there is memory for: their order may suffer, but each comes once. */
    @Test
    void moreThanFitComeOnceEach() throws IOException {
        int count = 350_000;
        Random random = new Random(4);
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
        for (int i = 0; i < count; i++) {
            long latency = 500_000_000 + random.nextInt(500_000_000);
            capture.add(RecordBuilder.wide("read", 'r', 7, 0, (1L << 40) + i - latency, latency, 5, i, 3));
            if (i % 10_000 == 9999) {
                capture.flush(RING_IO, 0);
            }
        }
        capture.end();
        long[] before = {Long.MIN_VALUE};
        int[] disordered = {0};
        assertEachOnce(count, (start, number) -> {
            disordered[0] += start < before[0] ? 1 : 0;
            before[0] = start;
        });
        assertTrue(disordered[0] > 0, "else this tests nothing");
    }

    /** Times that no clock shows: whatever the order, it ends and each comes once. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void timesWithoutSenseComeOnceEach(int seed) throws IOException {
        long[] times = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -(1L << 43), -1, 0, 1, 1L << 42, 1L << 43, 1L << 62,
            Long.MAX_VALUE - 1, Long.MAX_VALUE};
        long[] latencies = {-1, 0, 1, 1_000_000, 1L << 41, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE};
        int count = 60_000;
        Random random = new Random(seed);
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
        for (int i = 0; i < count; i++) {
            long start = times[random.nextInt(times.length)];
            long latency = seed == 1 ? 0 : latencies[random.nextInt(latencies.length)];
            capture.add(RecordBuilder.wide("read", 'r', 7, 0, start, latency, 5, i, 3));
            if (i % 1000 == 999) {
                capture.flush(RING_IO, i / 1000 % 3);
            }
        }
        capture.end();
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> assertEachOnce(count, (start, number) -> { }));
    }

    private interface Check {
        void record(long start, int number);
    }

    /** Sorts segment 1 without making tables of it; a record's number is its offset in the file. */
    private void assertEachOnce(int count, Check check) throws IOException {
        BitSet seen = new BitSet();
        Path file = capture.directory.segment(1);
        try (SegmentReader reader = SegmentReader.open(file); FileChannel channel = FileChannel.open(file);
                Scratch scratch = new Scratch(temporary.resolve("scratch"), 0)) {
            SegmentScan scan = new SegmentScan(scratch);
            scan.run(reader, new RollState(null, null, scratch));
            IoSorter.Sink sink = (record, at) -> {
                int number = (int) (IoRecord.isWide(record, at)
                        ? IoRecord.wideOffset(record, at) : IoRecord.narrowOffset(record, at));
                assertFalse(seen.get(number), "twice: " + number);
                seen.set(number);
                check.record(IoRecord.start(record, at), number);
            };
            new IoSorter(channel, scan.blocks, scan.stragglers, sink, MOST_WORDS).run();
        }
        assertEquals(count, seen.cardinality());
    }

    private List<Long> column(String name) throws IOException {
        return capture.column("io", 1, name).stream().map(Long::valueOf).toList();
    }
}
