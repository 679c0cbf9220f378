// SPDX-License-Identifier: Apache-2.0
// Looks for the program of a command where posix_spawnp will.
package org.sysinspector.recorder.command;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks for the program of a command on the PATH, as a shell does: so a missing one is told before anything is recorded, and the
 * search is not recorded as failed executions.
 */
final class CommandSearch {
    /** Exit status where there is no such program, as of a shell. */
    static final int NOT_FOUND = 127;

    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private CommandSearch() {}

    /** Returns the path of a program that can be executed, null if there is none of that name. */
    static String find(String program) {
        if (program.indexOf('/') >= 0) {
            return isProgram(Path.of(program)) ? program : null;
        }
        String path = System.getenv().getOrDefault("PATH", DEFAULT_PATH);
        for (String directory : path.split(":", -1)) {
            Path file = Path.of(directory.isEmpty() ? "." : directory, program);
            if (!program.isEmpty() && isProgram(file)) {
                return file.toString();
            }
        }
        return null;
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}
