// SPDX-License-Identifier: Apache-2.0
// What the kernel says of the recorder's own process.
package org.sysinspector.recorder.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of the recorder's own process. Any thread may ask. */
public final class OwnProcess {
    private static final String RSS_ANON = "RssAnon:";
    /** Field 22 of /proc/self/stat, counted from the one behind the name; in ticks of 10 ms (proc(5)). */
    private static final int START_FIELD = 19;
    private static final long TICK_NS = 10_000_000;

    private OwnProcess() {}

    /** Returns the anonymous memory in bytes, 0 where the kernel does not tell. */
    public static long rssAnonBytes() {
        String status;
        try {
            status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return 0;
        }
        int at = status.indexOf(RSS_ANON);
        if (at < 0) {
            return 0;
        }
        int end = status.indexOf("kB", at);
        return Long.parseLong(status.substring(at + RSS_ANON.length(), end).strip()) << 10;
    }

    /** Returns when the process started, the shell that became it included: CLOCK_BOOTTIME nanoseconds, by the tick. */
    public static long startNs() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[START_FIELD]) * TICK_NS;
    }
}
