// SPDX-License-Identifier: Apache-2.0
// The functions of libbpf that the recorder calls.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import org.sysinspector.recorder.system.NativeAccess;

/**
 * The functions of libbpf (1.0 and later) that the recorder calls, mapped directly. Those that return an int return a
 * negative errno on failure, those that return a pointer return null and leave errno. Called when probes are set up and
 * once a second for counters, never per event.
 */
final class LibBpf {
    static final String LIBRARY = "libbpf.so.1";
    /** bpf_enable_stats: count runs and the time in them. */
    static final int STATS_RUN_TIME = 0;

    private LibBpf() {}

    /**
     * Binds the library.
     *
     * @throws UnsatisfiedLinkError if it, or a function of it, is missing
     */
    static void load() {
        NativeAccess.prepare();
        Native.register(LibBpf.class, LIBRARY);
    }

    static native Pointer libbpf_set_print(Callback print);

    static native int libbpf_num_possible_cpus();

    static native Pointer bpf_object__open_mem(Pointer bytes, long size, Pointer options);

    static native int bpf_object__load(Pointer object);

    static native void bpf_object__close(Pointer object);

    static native Pointer bpf_object__find_map_by_name(Pointer object, String name);

    static native Pointer bpf_object__next_map(Pointer object, Pointer before);

    static native String bpf_map__name(Pointer map);

    static native int bpf_map__reuse_fd(Pointer map, int fd);

    static native Pointer bpf_object__find_program_by_name(Pointer object, String name);

    static native int bpf_map__set_max_entries(Pointer map, int entries);

    static native int bpf_map__set_value_size(Pointer map, int bytes);

    static native Pointer bpf_map__initial_value(Pointer map, LongByReference size);

    static native int bpf_map__fd(Pointer map);

    static native int bpf_map_update_elem(int fd, Pointer key, Pointer value, long flags);

    static native int bpf_obj_pin(int fd, String path);

    static native int bpf_obj_get(String path);

    static native int bpf_map_lookup_elem(int fd, Pointer key, Pointer value);

    static native int bpf_map_get_next_key(int fd, Pointer key, Pointer next);

    static native int bpf_program__fd(Pointer program);

    static native int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer length);

    static native int bpf_enable_stats(int type);

    static native int bpf_prog_test_run_opts(int fd, Pointer options);

    static native Pointer bpf_program__attach(Pointer program);

    static native Pointer bpf_program__attach_iter(Pointer program, Pointer options);

    static native int bpf_link__fd(Pointer link);

    static native int bpf_link__destroy(Pointer link);

    static native int bpf_iter_create(int linkFd);
}
