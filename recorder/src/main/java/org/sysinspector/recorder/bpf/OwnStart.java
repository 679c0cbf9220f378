// SPDX-License-Identifier: Apache-2.0
// Tells a process from a later one of the same pid.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a process from a later one of the same pid. */
final class OwnStart {
    /** Field 22 of /proc/PID/stat, counted from the one behind the name (proc(5)). */
    private static final int START_FIELD = 19;

    private OwnStart() {}

    /** Returns {@code PID-START}; a text that no process has where there is none of that pid. */
    static String of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return pid + "-" + stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_FIELD];
        } catch (IOException e) {
            return pid + "-gone";
        }
    }
}
