// SPDX-License-Identifier: Apache-2.0
// Looks for the program of a command on the PATH, and whether it can be executed.
package org.sysinspector.recorder.command;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.recorder.window.CommandRefusal;
import org.sysinspector.text.RawArguments;

/**
 * Looks for the program of a command on the PATH, as a shell does: so a missing one, or one that cannot be executed, is told before
 * anything is recorded, and the search is not recorded as failed executions. Names are as {@link RawArguments} has them.
 */
final class CommandSearch {
    private static final String DEFAULT_PATH = "/bin:/usr/bin";
    /** What the kernel reads of a program to see what it is (BINPRM_BUF_SIZE). */
    private static final int HEAD_BYTES = 256;

    private CommandSearch() {}

    /**
     * Returns the path of the program of a command.
     *
     * @throws CommandRefusal if there is none of that name, or it cannot be executed
     */
    static String find(String command) throws CommandRefusal {
        String found = null;
        if (command.indexOf('/') >= 0) {
            found = Files.exists(path(command)) ? command : null;
        } else if (!command.isEmpty()) {
            found = onPath(command);
        }
        if (found == null) {
            throw new CommandRefusal("command not found: " + command + "; check the name and the PATH", CommandRefusal.NOT_FOUND);
        }
        if (!isProgram(found)) {
            throw new CommandRefusal("command cannot be executed: " + found + " cause=" + (Files.isDirectory(path(found))
                    ? "Is a directory" : "Permission denied; make it executable (chmod +x) or name the program that reads it"),
                    CommandRefusal.NOT_EXECUTABLE);
        }
        requireInterpreter(found);
        return found;
    }

    /** Returns the first program of a name on the PATH; else the first file of the name, null if there is none. */
    private static String onPath(String name) {
        Pointer set = LibC.getenv("PATH");
        String path = set == null ? DEFAULT_PATH : RawArguments.text(set.getByteArray(0, (int) set.indexOf(0, (byte) 0)));
        String other = null;
        for (String directory : path.split(":", -1)) {
            String file = (directory.isEmpty() ? "." : directory) + "/" + name;
            if (isProgram(file)) {
                return file;
            }
            if (other == null && Files.isRegularFile(path(file))) {
                other = file;
            }
        }
        return other;
    }

    private static Path path(String name) {
        try {
            return RawArguments.path(name);
        } catch (InvalidPathException e) {
            return Path.of("/dev/null/none"); // no file can have that name
        }
    }

    private static boolean isProgram(String file) {
        return Files.isExecutable(path(file)) && !Files.isDirectory(path(file));
    }

    /** What else is wrong with a program only the kernel can tell (binfmt_misc). */
    private static void requireInterpreter(String file) throws CommandRefusal {
        byte[] head;
        try (InputStream in = Files.newInputStream(path(file))) {
            head = in.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            return; // one may be executed and not read
        }
        if (head.length < 2 || head[0] != '#' || head[1] != '!') {
            return;
        }
        int end = 2;
        while (end < head.length && head[end] != '\n') {
            end++;
        }
        String interpreter = RawArguments.text(Arrays.copyOfRange(head, 2, end)).strip().split("[ \t]", 2)[0];
        if (!isProgram(interpreter)) {
            throw new CommandRefusal("command cannot be executed: " + file + " cause=its interpreter " + (interpreter.isEmpty()
                    ? "is not named" : "is missing or no program: " + interpreter) + "; correct its first line",
                    CommandRefusal.NOT_EXECUTABLE);
        }
    }
}
