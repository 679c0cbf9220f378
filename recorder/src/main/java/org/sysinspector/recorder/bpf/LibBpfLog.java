// SPDX-License-Identifier: Apache-2.0
// What libbpf says while it does something.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Callback;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import org.sysinspector.recorder.system.LibC;

/**
 * What libbpf says while it does something, the kernel's verifier included. Used once something failed: a function of Java that C
 * calls takes time to set up, and memory that may be written and run, which not every system gives.
 */
final class LibBpfLog {
    /** LIBBPF_WARN: what failed, and what the verifier says of it. */
    private static final int WARNINGS = 0;
    /** A message of the verifier may be long, and what matters stands at its end. */
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int KEPT = 1 << 16;

    private LibBpfLog() {}

    /** Returns the warnings of libbpf while an action runs, the last of them where they are many; empty where they cannot be had. */
    static synchronized String of(Runnable action) {
        StringBuilder said = new StringBuilder();
        try (Memory text = new Memory(MESSAGE_BYTES)) {
            Print print = (level, format, arguments) -> {
                if (level == WARNINGS) {
                    add(said, text, format, arguments);
                }
                return 0;
            };
            try {
                LibBpf.libbpf_set_print(print);
                action.run();
            } finally {
                LibBpf.libbpf_set_print(null);
                Reference.reachabilityFence(print); // libbpf holds its address alone
            }
        } catch (LinkageError | OutOfMemoryError e) {
            return "";
        }
        return said.toString();
    }

    private static void add(StringBuilder said, Memory text, Pointer format, Pointer arguments) {
        int length = Math.min(LibC.vsnprintf(text, MESSAGE_BYTES, format, arguments), MESSAGE_BYTES - 1);
        int from = Math.max(0, length - KEPT);
        said.append(new String(text.getByteArray(from, Math.max(0, length - from)), StandardCharsets.ISO_8859_1));
        said.delete(0, Math.max(0, said.length() - KEPT));
    }

    /** libbpf_print_fn_t; on x86-64 a va_list is passed as a pointer. */
    interface Print extends Callback {
        /** Takes a message. */
        int say(int level, Pointer format, Pointer arguments);
    }
}
