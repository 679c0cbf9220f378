// SPDX-License-Identifier: Apache-2.0
// The command whose process tree is recorded.
package org.sysinspector.recorder.window;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import java.util.List;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;

/**
 * The command whose process tree is recorded: the recorder's only child, started by posix_spawn, so that the first exec
 * the kernel sees of it is the command's own (ProcessBuilder would put a helper program before it). It has the
 * recorder's environment, directory, terminal and descriptors 0 to 2.
 */
final class TracedCommand {
    private static final short SETSIGMASK = 8;
    private static final int ATTRIBUTE_BYTES = 512;
    private static final int SIGNAL_SET_BYTES = 128;
    private static final int SIGNALLED = 128;
    private static final int EINTR = 4;

    private final int pid;

    private TracedCommand(int pid) {
        this.pid = pid;
    }

    /**
     * Starts a command.
     *
     * @param program path of the program
     * @param command the command as given: program and arguments
     * @return the command
     * @throws SystemRefusal if the kernel does not start it
     */
    static TracedCommand start(String program, List<String> command) throws SystemRefusal {
        IntByReference pid = new IntByReference();
        Pointer environment = NativeLibrary.getInstance(LibC.LIBRARY).getGlobalVariableAddress("environ").getPointer(0);
        StringArray argv = new StringArray(command.toArray(String[]::new));
        try (Memory attributes = new Memory(ATTRIBUTE_BYTES); Memory noSignals = new Memory(SIGNAL_SET_BYTES)) {
            noSignals.clear();
            LibC.posix_spawnattr_init(attributes);
            LibC.posix_spawnattr_setsigmask(attributes, noSignals);
            LibC.posix_spawnattr_setflags(attributes, SETSIGMASK);
            int errno = LibC.posix_spawn(pid, program, null, attributes, argv, environment);
            if (errno != 0) {
                throw new SystemRefusal("cannot start the command: " + command.get(0) + " errno=" + errno
                        + "; see that it is a program or a script that begins with #!");
            }
            return new TracedCommand(pid.getValue());
        }
    }

    /** Waits for the command to end. Returns its exit status, 128 + signal where a signal ended it. */
    int await() {
        IntByReference status = new IntByReference();
        while (true) {
            try {
                LibC.waitpid(pid, status, 0);
                int signal = status.getValue() & 0x7f;
                return signal == 0 ? status.getValue() >> 8 & 0xff : SIGNALLED + signal;
            } catch (LastErrorException e) {
                if (e.getErrorCode() != EINTR) {
                    return 1;
                }
            }
        }
    }

    /** Asks the command to end. */
    void terminate() {
        try {
            LibC.kill(pid, LibC.SIGTERM);
        } catch (LastErrorException e) {
            // it has ended already
        }
    }
}
