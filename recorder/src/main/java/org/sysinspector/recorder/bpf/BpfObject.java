// SPDX-License-Identifier: Apache-2.0
// One compiled BPF object: opened, sized, loaded.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.sysinspector.recorder.SystemRefusal;

/**
 * One compiled BPF object, {@code bpf/src/NAME.bpf.c}: opened, sized, loaded. Whoever loads it closes it; the kernel keeps what is
 * loaded as long as a descriptor, a link or a pin is there. One thread at a time may use it.
 */
final class BpfObject implements BpfMaps, AutoCloseable {
    private static final String PLACE = "/org/sysinspector/bpf/";
    private static final String SUFFIX = ".bpf.o";

    private final String name;
    private final KernelSupport kernel;
    private Pointer object;

    private BpfObject(String name, KernelSupport kernel) throws SystemRefusal {
        this.name = name;
        this.kernel = kernel;
        byte[] code = code(name);
        try (Memory memory = new Memory(code.length)) {
            memory.write(0, code, 0, code.length);
            object = LibBpf.bpf_object__open_mem(memory, code.length, null);
        }
        if (object == null) {
            throw kernel.refusal("reading the BPF object " + name, Native.getLastError(), "");
        }
    }

    /**
     * Loads an object.
     *
     * @param name its name, without path and suffix
     * @param kernel explains a refusal
     * @param prepare sizes its maps and shares those of others; called once more where libbpf is to say why it failed
     * @throws SystemRefusal if the kernel or libbpf refuses
     */
    static BpfObject load(String name, KernelSupport kernel, Consumer<BpfObject> prepare) throws SystemRefusal {
        BpfObject object = new BpfObject(name, kernel);
        try {
            prepare.accept(object);
            int result = LibBpf.bpf_object__load(object.object);
            if (result < 0) {
                object.close(); // before another try, so that there is no less room for that
                throw kernel.refusal("loading the BPF programs of " + name, -result, LibBpfLog.of(() -> tryAgain(name, kernel, prepare)));
            }
            return object;
        } catch (SystemRefusal | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    private static void tryAgain(String name, KernelSupport kernel, Consumer<BpfObject> prepare) {
        try (BpfObject object = new BpfObject(name, kernel)) {
            prepare.accept(object);
            LibBpf.bpf_object__load(object.object);
        } catch (SystemRefusal e) {
            // What it says is in the log.
        }
    }

    private static byte[] code(String name) {
        try (InputStream in = BpfObject.class.getResourceAsStream(PLACE + name + SUFFIX)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("BPF object " + name, e);
        }
    }

    /** Takes the maps of a loaded object in place of its own, where the names are the same. To be called while preparing. */
    void share(BpfObject loaded) {
        for (Pointer map = next(null); map != null; map = next(map)) {
            Pointer other = LibBpf.bpf_object__find_map_by_name(loaded.object, LibBpf.bpf_map__name(map));
            if (other != null) {
                // It fails for want of a descriptor alone; the load finds that too, and says so.
                LibBpf.bpf_map__reuse_fd(map, LibBpf.bpf_map__fd(other));
            }
        }
    }

    private Pointer next(Pointer map) {
        return LibBpf.bpf_object__next_map(object, map);
    }

    /** Sets how many entries a map has. To be called while preparing. */
    void setEntries(String map, int entries) {
        LibBpf.bpf_map__set_max_entries(map(map), entries);
    }

    /** Sets the bytes of each value of a map. To be called while preparing. */
    void setValueBytes(String map, int bytes) {
        LibBpf.bpf_map__set_value_size(map(map), bytes);
    }

    /** Returns what a section of variables starts with. To be called while preparing. */
    Pointer initialValue(String section) {
        return LibBpf.bpf_map__initial_value(map(section), new LongByReference());
    }

    @Override
    public int mapFd(String map) {
        return LibBpf.bpf_map__fd(map(map));
    }

    /** Returns a program, for libbpf. */
    Pointer program(String program) {
        return LibBpf.bpf_object__find_program_by_name(object, program);
    }

    /** Returns the descriptor of a program. */
    int programFd(String program) {
        return LibBpf.bpf_program__fd(program(program));
    }

    private Pointer map(String map) {
        return LibBpf.bpf_object__find_map_by_name(object, map);
    }

    /**
     * Returns the result of a call.
     *
     * @throws SystemRefusal if it is negative
     */
    int check(String step, int result) throws SystemRefusal {
        if (result < 0) {
            throw kernel.refusal(step, -result, "");
        }
        return result;
    }

    @Override
    public void close() {
        if (object != null) {
            LibBpf.bpf_object__close(object);
            object = null;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
