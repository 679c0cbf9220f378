// SPDX-License-Identifier: Apache-2.0
// Tells a process from a later one of the same pid.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Tells a process from a later one of the same pid. */
final class OwnStart {
    /** Field 22 of /proc/PID/stat, counted from the one behind the name (proc(5)). */
    private static final int START_FIELD = 19;
    private static final String ZOMBIE = "Z";

    private OwnStart() {}

    /** Returns {@code PID-START}; a text that no process has where there is none of that pid, or it waits for its parent only. */
    static String of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return pid + "-" + (fields[0].equals(ZOMBIE) && threads(process) <= 1 ? "dead" : fields[START_FIELD]);
        } catch (IOException e) {
            return pid + "-gone";
        }
    }

    private static long threads(Path process) throws IOException {
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            return threads.count();
        }
    }
}
