// SPDX-License-Identifier: Apache-2.0
// The sort of io records against a plain sort of everything.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IoSorterTest {
    private static final int RING_IO = 2;

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


    private List<Long> column(String name) throws IOException {
        return capture.column("io", 1, name).stream().map(Long::valueOf).toList();
    }
}
