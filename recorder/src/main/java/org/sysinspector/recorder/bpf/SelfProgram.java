// SPDX-License-Identifier: Apache-2.0
// Lets the kernel note which process the recorder is.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import org.sysinspector.recorder.SystemRefusal;

/** Lets the kernel note which process the recorder is: the program {@code si_self}, run once. */
final class SelfProgram {
    private static final String NAME = "si_self";
    /** struct bpf_test_run_opts of libbpf 1.0: its size, and where the program's return value is. */
    private static final int OPTIONS_BYTES = 80;
    private static final int RETURNED = 56;

    private SelfProgram() {}

    /** Runs it; returns this process's pid as the kernel has it, whatever namespace this is. */
    static int run(BpfObject core) throws SystemRefusal {
        try (Memory options = new Memory(OPTIONS_BYTES)) {
            options.clear();
            options.setLong(0, OPTIONS_BYTES);
            core.check("running " + NAME, LibBpf.bpf_prog_test_run_opts(core.programFd(NAME), options));
            return options.getInt(RETURNED);
        }
    }
}
