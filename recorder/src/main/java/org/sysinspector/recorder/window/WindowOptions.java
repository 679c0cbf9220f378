// SPDX-License-Identifier: Apache-2.0
// What a user asked to be recorded.
package org.sysinspector.recorder.window;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a user asked to be recorded.
 *
 * @param directory the capture to make
 * @param duration length of the window, null until a signal or the end of the command
 * @param program path of the command's program, null for none
 * @param command the command as given: program and arguments, empty for none
 * @param wholeSystem record all processes although a command is given
 * @param keepLog keep segments after they are rolled
 * @param roll make Parquet beside the capture and at its end
 * @param ringBytes memory for all rings
 * @param coalesce put consecutive operations together under pressure, rather than lose them
 * @param latency take the time at the entry of system calls too
 * @param segmentBytes bytes after which a segment is full
 * @param maxBytes the capture takes no more than this, Long.MAX_VALUE for no bound
 * @param minFree what is left free of its file system
 */
public record WindowOptions(Path directory, Duration duration, String program, List<String> command, boolean wholeSystem,
        boolean keepLog, boolean roll, long ringBytes, boolean coalesce, boolean latency, long segmentBytes, long maxBytes,
        MinFree minFree) {

    /** Returns whether only the command's tree is recorded. */
    boolean commandOnly() {
        return !command.isEmpty() && !wholeSystem;
    }
}
