// SPDX-License-Identifier: Apache-2.0
// The processes and open files that are there when the window begins.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;

/** The processes and open files that are there when the window begins: the BPF object {@code snapshot}. */
final class SystemSnapshot {
    private static final String OBJECT = "snapshot";
    private static final List<String> ITERATORS = List.of("si_tasks", "si_files");
    private static final int READ_BYTES = 8192;

    private SystemSnapshot() {}

    /**
     * Walks them, into the rings of another object; somebody must drain those meanwhile.
     *
     * @param core the object whose maps it shares, loaded
     * @throws SystemRefusal if the kernel refuses
     */
    static void take(BpfObject core, KernelSupport kernel) throws SystemRefusal {
        try (BpfObject object = BpfObject.load(OBJECT, kernel, o -> o.share(core))) {
            for (String iterator : ITERATORS) {
                walk(object, iterator, kernel);
            }
        }
    }

    private static void walk(BpfObject object, String iterator, KernelSupport kernel) throws SystemRefusal {
        Pointer link = LibBpf.bpf_program__attach_iter(object.program(iterator), null);
        if (link == null) {
            throw kernel.refusal("attaching " + iterator, Native.getLastError(), "");
        }
        int fd = LibBpf.bpf_iter_create(LibBpf.bpf_link__fd(link));
        try (Memory nothing = new Memory(READ_BYTES)) {
            object.check("starting " + iterator, fd);
            // The program writes to the rings; reading its (empty) text is what drives it.
            while (goesOn(fd, nothing)) {
                continue;
            }
        } catch (LastErrorException e) {
            throw kernel.refusal("running " + iterator, e.getErrorCode(), "");
        } finally {
            if (fd >= 0) {
                LibC.close(fd);
            }
            LibBpf.bpf_link__destroy(link);
        }
    }

    /** Reads on; returns whether there is more. The kernel pauses with EAGAIN after each million objects that gave no text. */
    private static boolean goesOn(int fd, Memory nothing) {
        try {
            return LibC.read(fd, nothing, READ_BYTES) > 0;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EAGAIN || e.getErrorCode() == LibC.EINTR) {
                return true;
            }
            throw e;
        }
    }
}
