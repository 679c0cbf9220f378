// SPDX-License-Identifier: Apache-2.0
// The command whose process tree is recorded.
package org.sysinspector.recorder.window;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.recorder.system.Caller;
import org.sysinspector.recorder.system.CString;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.text.RawArguments;

/**
 * The command whose process tree is recorded: the recorder's only child, started by posix_spawn, so that the first exec
 * the kernel sees of it is the command's own (ProcessBuilder would put a helper program before it). It finds the world of the
 * recorder's caller: environment, directory, terminal, limits, descriptors and signals, and its arguments byte for byte.
 */
final class TracedCommand {
    private static final short SETSIGMASK = 8;
    private static final int ATTRIBUTE_BYTES = 512;
    private static final int ACTIONS_BYTES = 512;
    private static final int SIGNAL_SET_BYTES = 128;
    private static final int SIGNALLED = 128;
    private static final int ENOENT = 2;
    private static final String LC_ALL = "LC_ALL=";

    private final int pid;

    private TracedCommand(int pid) {
        this.pid = pid;
    }

    /**
     * Starts a command.
     *
     * @param program path of the program
     * @param command the command as given: program and arguments, as {@link RawArguments} has them
     * @return the command
     * @throws CommandRefusal if the kernel does not start it
     */
    static TracedCommand start(String program, List<String> command) throws CommandRefusal {
        Caller caller = Caller.ofThisProcess();
        IntByReference pid = new IntByReference();
        List<Pointer> arguments = new ArrayList<>();
        List<Pointer> variables = new ArrayList<>();
        try (Memory attributes = new Memory(ATTRIBUTE_BYTES); Memory blocked = new Memory(SIGNAL_SET_BYTES);
                Memory actions = new Memory(ACTIONS_BYTES); Memory path = CString.of(RawArguments.bytes(program));
                IgnoredSignals ignored = new IgnoredSignals(caller.ignored())) {
            blocked.clear();
            blocked.setLong(0, caller.blocked());
            LibC.posix_spawnattr_init(attributes);
            LibC.posix_spawnattr_setsigmask(attributes, blocked);
            LibC.posix_spawnattr_setflags(attributes, SETSIGMASK);
            LibC.posix_spawn_file_actions_init(actions);
            InheritedDescriptors.addTo(actions, caller.descriptors());
            command.forEach(a -> arguments.add(CString.of(RawArguments.bytes(a))));
            ignored.set();
            LibC.signal(LibC.SIGCHLD, null); // ignored, it would let the kernel throw the command's exit status away
            int errno = LibC.posix_spawn(pid, path, actions, attributes, CString.list(arguments), environment(caller, variables));
            Reference.reachabilityFence(arguments); // C knows their addresses alone
            Reference.reachabilityFence(variables);
            LibC.posix_spawn_file_actions_destroy(actions);
            if (errno != 0) {
                throw refusal(program, errno);
            }
            return new TracedCommand(pid.getValue());
        }
    }

    private static CommandRefusal refusal(String program, int errno) {
        String cause = LibC.strerror(errno);
        return new CommandRefusal("command cannot be executed: " + program + " cause=" + cause
                + "; see that it is a program of this machine or a script that begins with #!",
                errno == ENOENT ? CommandRefusal.NOT_FOUND : CommandRefusal.NOT_EXECUTABLE);
    }

    /** Returns the environment, with LC_ALL as it was before the launcher set it; leaves its entries in a list, to be kept. */
    private static Pointer environment(Caller caller, List<Pointer> entries) {
        Pointer own = LibC.environment();
        if (!caller.isLocaleChanged()) {
            return own;
        }
        for (long at = 0; own.getPointer(at) != null; at += Long.BYTES) {
            Pointer entry = own.getPointer(at);
            if (!entry.getString(0, StandardCharsets.ISO_8859_1.name()).startsWith(LC_ALL)) {
                entries.add(entry);
            } else if (caller.locale() != null) {
                entries.add(CString.of(RawArguments.bytes(LC_ALL + caller.locale())));
            }
        }
        return CString.list(entries);
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
                if (e.getErrorCode() != LibC.EINTR) {
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
