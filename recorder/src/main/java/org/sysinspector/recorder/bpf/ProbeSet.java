// SPDX-License-Identifier: Apache-2.0
// The BPF programs of the recorder: loaded, attached, detached.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.schema.SchemaCatalog;

/**
 * The BPF programs of the recorder: loaded, attached, detached. One thread sets it up and closes it; {@link #counters} may
 * be called by another while it is open. Whatever ends the process, the kernel detaches the programs
 * with the last descriptor.
 */
public final class ProbeSet implements AutoCloseable {
    private static final String AT_ENTRY = "si_sys_enter";

    /** Programs attached for the length of the window, with their hooks. */
    public static final Map<String, String> PROGRAMS = programTable();

    private static final String OBJECT = "/org/sysinspector/bpf/sys_inspector.bpf.o";
    /** Threads that make recorded calls at a time, at most; what others do is counted as lost. */
    private static final int MAX_SLOTS = 65536;
    private static final int MAX_PID = 1 << 22;
    /** CACHED_FILES of {@code bpf/include/thread.h}. */
    private static final int CACHED_FILES = 4;
    private static final int NUMBER_BYTES = 32;
    private static final int SNAPSHOT_READ_BYTES = 8192;
    /** struct bpf_test_run_opts of libbpf 1.0: its size, and where the program's return value is. */
    private static final int TEST_RUN_BYTES = 80;
    private static final int TEST_RUN_RETURNED = 56;

    private static boolean areLibrariesLoaded;

    private final KernelSupport kernel = new KernelSupport();
    private final List<Pointer> links = new ArrayList<>();
    private final List<MappedRing> rings = new ArrayList<>();
    private final List<IoRingReader> ioReaders = new ArrayList<>();
    private final boolean latency;
    private final int cpus;
    private final int pageBytes;
    private OpenRuns openRuns;
    private int selfPid;
    private Pointer object;
    private int slots;

    /**
     * Loads the programs and maps their rings; nothing is attached yet.
     *
     * @throws SystemRefusal if libbpf is missing or the kernel refuses
     */
    public ProbeSet(ProbeSettings settings) throws SystemRefusal {
        loadLibraries();
        latency = settings.latency();
        pageBytes = 4096;
        cpus = LibBpf.libbpf_num_possible_cpus();
        if (cpus <= 0) {
            throw kernel.refusal("counting CPUs", -cpus);
        }
        LibBpf.libbpf_set_print(null);
        try {
            load(settings);
        } catch (SystemRefusal | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Loads the native libraries that a set needs, if that was not done yet.
     *
     * @throws SystemRefusal if libbpf is missing
     * @throws LinkageError if another cannot be unpacked
     */
    public static synchronized void loadLibraries() throws SystemRefusal {
        if (areLibrariesLoaded) {
            return;
        }
        LibC.gettid();
        try {
            LibBpf.load();
        } catch (UnsatisfiedLinkError e) {
            throw KernelSupport.libraryMissing(e);
        }
        areLibrariesLoaded = true;
    }

    private static Map<String, String> programTable() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("si_fork", "tp_btf/sched_process_fork");
        programs.put("si_exec", "tp_btf/sched_process_exec");
        programs.put("si_exit", "tp_btf/sched_process_exit");
        programs.put("si_task_rename", "tp_btf/task_rename");
        programs.put(AT_ENTRY, "tp_btf/sys_enter");
        programs.put("si_sys_exit", "tp_btf/sys_exit");
        return programs;
    }

    private void load(ProbeSettings settings) throws SystemRefusal {
        byte[] code = objectBytes();
        try (Memory memory = new Memory(code.length)) {
            memory.write(0, code, 0, code.length);
            object = LibBpf.bpf_object__open_mem(memory, code.length, null);
            if (object == null) {
                throw kernel.refusal("reading the BPF object", Native.getLastError());
            }
            int pidMax = pidMax();
            slots = Math.min(pidMax, MAX_SLOTS) + 1;
            LongByReference size = new LongByReference();
            settings.write(LibBpf.bpf_map__initial_value(map(".rodata.settings"), size), slots, pageBytes, cpus);
            LibBpf.bpf_map__set_max_entries(map("slots"), slots);
            LibBpf.bpf_map__set_max_entries(map("free_slots"), slots);
            LibBpf.bpf_map__set_max_entries(map("slot_of_tid"), pidMax + 1);
            LibBpf.bpf_map__set_max_entries(map("lifecycle_ring"), settings.lifecycleBytes());
            LibBpf.bpf_map__set_max_entries(map("names_ring"), settings.namesBytes());
            if (settings.coalesce()) {
                LibBpf.bpf_map__set_max_entries(map("runs"), slots * CACHED_FILES);
            }
            LibBpf.bpf_map__set_max_entries(map("io_rings"), cpus);
            LibBpf.bpf_map__set_value_size(map("io_rings"), MappedRing.ioValueBytes(settings.ioBytes(cpus)));
            check("loading the BPF programs", LibBpf.bpf_object__load(object));
        }
        selfPid = runSelf();
        mapRings(settings);
        if (settings.coalesce()) {
            openRuns = new OpenRuns(LibBpf.bpf_map__fd(map("runs")), slots * CACHED_FILES, pageBytes);
        }
    }

    /** Lets the kernel note who this is; returns this process's pid as the kernel has it, whatever namespace this is. */
    private int runSelf() throws SystemRefusal {
        try (Memory options = new Memory(TEST_RUN_BYTES)) {
            options.clear();
            options.setLong(0, TEST_RUN_BYTES);
            check("running si_self", LibBpf.bpf_prog_test_run_opts(LibBpf.bpf_program__fd(program("si_self")), options));
            return options.getInt(TEST_RUN_RETURNED);
        }
    }

    private static byte[] objectBytes() {
        try (InputStream in = ProbeSet.class.getResourceAsStream(OBJECT)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("BPF object " + OBJECT, e);
        }
    }

    private void mapRings(ProbeSettings settings) throws SystemRefusal {
        for (int cpu = 0; cpu < cpus; cpu++) {
            MappedRing ring = MappedRing.io(ringClass("io"), cpu, LibBpf.bpf_map__fd(map("io_rings")), settings.ioBytes(cpus));
            rings.add(ring);
            ioReaders.add((IoRingReader) ring.reader());
        }
        rings.add(MappedRing.shared(
                ringClass("names"), LibBpf.bpf_map__fd(map("names_ring")), settings.namesBytes(), pageBytes));
        rings.add(MappedRing.shared(
                ringClass("lifecycle"), LibBpf.bpf_map__fd(map("lifecycle_ring")), settings.lifecycleBytes(), pageBytes));
    }

    private static int ringClass(String name) {
        return SchemaCatalog.get().enumeration("ring_class").code(name);
    }

    /** Returns the largest pid that can be, as set; all that is possible where that is not told. */
    private static int pidMax() {
        // Files.readString begins with one byte of a file without a size, and a number of /proc/sys is told in one read only.
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/kernel/pid_max"))) {
            int set = Integer.parseInt(new String(in.readNBytes(NUMBER_BYTES), StandardCharsets.US_ASCII).strip());
            return Math.min(Math.max(set, 1), MAX_PID);
        } catch (IOException | NumberFormatException e) {
            return MAX_PID;
        }
    }

    /**
     * Attaches the programs.
     *
     * @throws SystemRefusal if the kernel refuses one; none is attached then
     */
    public void attach() throws SystemRefusal {
        for (String name : PROGRAMS.keySet()) {
            if (!isWanted(name)) {
                continue;
            }
            Pointer link = LibBpf.bpf_program__attach(program(name));
            if (link == null) {
                int errno = Native.getLastError();
                detach();
                throw kernel.refusal("attaching " + name, errno);
            }
            links.add(link);
        }
    }

    /** Returns whether a program is attached for the window: all are, but what takes the time at entry where that is not wanted. */
    public boolean isWanted(String name) {
        return latency || !name.equals(AT_ENTRY);
    }

    /** Detaches all programs. No record is being written any more when it returns. */
    public void detach() {
        if (links.isEmpty()) {
            return;
        }
        links.forEach(LibBpf::bpf_link__destroy);
        links.clear();
        // A program that another CPU is in goes on to its end. This waits for it: it is synchronize_rcu (membarrier(2)).
        LibC.syscall(LibC.SYS_MEMBARRIER, LibC.MEMBARRIER_GLOBAL, 0);
    }

    /**
     * Walks the processes and open files that are there, into the rings. Somebody must drain them meanwhile.
     *
     * @throws SystemRefusal if the kernel refuses
     */
    public void snapshot() throws SystemRefusal {
        walk("si_tasks");
        walk("si_files");
    }

    private void walk(String iterator) throws SystemRefusal {
        Pointer link = LibBpf.bpf_program__attach_iter(program(iterator), null);
        if (link == null) {
            throw kernel.refusal("attaching " + iterator, Native.getLastError());
        }
        int fd = LibBpf.bpf_iter_create(LibBpf.bpf_link__fd(link));
        try (Memory nothing = new Memory(SNAPSHOT_READ_BYTES)) {
            check("starting " + iterator, fd);
            // The program writes to the rings; reading its (empty) text is what drives it.
            while (LibC.read(fd, nothing, SNAPSHOT_READ_BYTES) > 0) {
                continue;
            }
        } catch (LastErrorException e) {
            throw kernel.refusal("running " + iterator, e.getErrorCode());
        } finally {
            if (fd >= 0) {
                LibC.close(fd);
            }
            LibBpf.bpf_link__destroy(link);
        }
    }

    /** Returns the pid of this process as the kernel has it, and all tables. */
    public int selfPid() {
        return selfPid;
    }

    /** Returns the rings: those for io first, then names, then lifecycle; the order in which to drain them. */
    public List<MappedRing> rings() {
        return List.copyOf(rings);
    }

    /** Returns the operations put together that are not written yet; null unless that was asked for. */
    public OpenRuns openRuns() {
        return openRuns;
    }

    /** Reads what the programs counted. */
    public Counters counters() throws SystemRefusal {
        try (Memory key = new Memory(Integer.BYTES); Memory values = new Memory((long) Counters.BYTES * cpus)) {
            key.setInt(0, 0);
            check("reading counters", LibBpf.bpf_map_lookup_elem(LibBpf.bpf_map__fd(map("counters")), key, values));
            return new Counters(values, cpus, ioReaders, ringClass("io"));
        }
    }

    /**
     * Reads what threads have moved that was not told yet. To be called once the programs are detached.
     *
     * @param each is called for each such thread
     */
    public void totals(Consumer<ThreadTotal> each) throws SystemRefusal {
        int fd = LibBpf.bpf_map__fd(map("slots"));
        try (Memory key = new Memory(Integer.BYTES); Memory value = new Memory(ThreadTotal.SLOT_BYTES)) {
            for (int slot = 1; slot < slots; slot++) {
                key.setInt(0, slot);
                check("reading totals", LibBpf.bpf_map_lookup_elem(fd, key, value));
                ThreadTotal total = ThreadTotal.ofSlot(value);
                if (total == null) {
                    break; // slots are taken in order
                }
                if (total.operations() > 0) {
                    each.accept(total);
                }
            }
        }
        lateTotals(each);
    }

    private void lateTotals(Consumer<ThreadTotal> each) {
        int fd = LibBpf.bpf_map__fd(map("late_totals"));
        try (Memory key = new Memory(ThreadTotal.KEY_BYTES); Memory value = new Memory(ThreadTotal.VALUE_BYTES)) {
            for (Pointer last = null; LibBpf.bpf_map_get_next_key(fd, last, key) == 0; last = key) {
                if (LibBpf.bpf_map_lookup_elem(fd, key, value) == 0) {
                    each.accept(ThreadTotal.ofLate(key, value));
                }
            }
        }
    }

    /** Returns what counts the runs of the attached programs. */
    public RunCounter runCounter() throws IOException {
        Map<String, Integer> descriptors = new LinkedHashMap<>();
        for (String name : PROGRAMS.keySet()) {
            descriptors.put(name, LibBpf.bpf_program__fd(program(name)));
        }
        return new RunCounter(descriptors);
    }

    private Pointer map(String name) {
        return LibBpf.bpf_object__find_map_by_name(object, name);
    }

    private Pointer program(String name) {
        return LibBpf.bpf_object__find_program_by_name(object, name);
    }

    private void check(String step, int result) throws SystemRefusal {
        if (result < 0) {
            throw kernel.refusal(step, -result);
        }
    }

    @Override
    public void close() {
        detach();
        rings.forEach(MappedRing::close);
        rings.clear();
        if (openRuns != null) {
            openRuns.close();
            openRuns = null;
        }
        if (object != null) {
            LibBpf.bpf_object__close(object);
            object = null;
        }
    }
}
