// SPDX-License-Identifier: Apache-2.0
// Looks for the program of a command where posix_spawnp will.
package org.sysinspector.recorder.command;

import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for the program of a command where posix_spawnp will, so that a missing one is told before anything is recorded. */
final class CommandSearch {
    /** Exit status where there is no such program, as of a shell. */
    static final int NOT_FOUND = 127;

    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private CommandSearch() {}

    /** Returns whether there is a program of that name that can be executed. */
    static boolean isThere(String program) {
        if (program.indexOf('/') >= 0) {
            return isProgram(Path.of(program));
        }
        String path = System.getenv().getOrDefault("PATH", DEFAULT_PATH);
        for (String directory : path.split(":", -1)) {
            if (!program.isEmpty() && isProgram(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}
