// SPDX-License-Identifier: Apache-2.0
// What one BPF program used.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one BPF program used since it was loaded, as the kernel tells in {@code /proc/self/fdinfo}.
 *
 * @param runCount its runs; -1 where the kernel does not count (sysctl kernel.bpf_stats_enabled=0)
 * @param runNs nanoseconds in it; -1 likewise
 * @param memoryBytes memory it locks
 */
public record ProgramCost(long runCount, long runNs, long memoryBytes) {

    static ProgramCost read(int fd) throws IOException {
        long count = 0;
        long time = 0;
        long memory = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(fd)))) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(colon, 0))) {
                case "run_cnt" -> count = Long.parseLong(value);
                case "run_time_ns" -> time = Long.parseLong(value);
                case "memlock" -> memory = Long.parseLong(value);
                default -> { }
            }
        }
        return count == 0 ? new ProgramCost(-1, -1, memory) : new ProgramCost(count, time, memory);
    }
}
