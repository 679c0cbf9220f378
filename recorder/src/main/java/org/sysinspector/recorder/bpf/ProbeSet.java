// SPDX-License-Identifier: Apache-2.0
// The BPF programs of the recorder: loaded, attached, detached.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;

/**
 * The BPF programs of the recorder: loaded, attached, detached. Each {@link Probe} is an object of its own; those after the first
 * share its maps, and one that is refused stays out, unless it is required. One thread sets it up and closes it; {@link #counters}
 * may be called by another while it is open. Whatever ends the process, the kernel detaches the programs with the last descriptor.
 */
public final class ProbeSet implements AutoCloseable {
    /** CACHED_FILES of {@code bpf/include/thread.h}. */
    private static final int CACHED_FILES = 4;

    private static boolean areLibrariesLoaded;

    private final KernelSupport kernel = new KernelSupport();
    private final Map<Probe, BpfObject> objects = new LinkedHashMap<>();
    private final Map<Probe, List<Pointer>> links = new LinkedHashMap<>();
    private final Map<Probe, String> refused = new LinkedHashMap<>();
    private final ProbeSettings settings;
    private BpfObject core;
    private Rings rings;
    private OpenRuns openRuns;
    private PinDirectory pins;
    private int selfPid;

    /**
     * Loads the programs and maps their rings; nothing is attached yet.
     *
     * @throws SystemRefusal if libbpf is missing or the kernel refuses
     */
    public ProbeSet(ProbeSettings settings) throws SystemRefusal {
        this(settings, Probe.ALL);
    }

    ProbeSet(ProbeSettings settings, List<Probe> probes) throws SystemRefusal {
        loadLibraries();
        this.settings = settings;
        LibBpf.libbpf_set_print(null);
        try {
            for (Probe probe : probes) {
                load(probe);
            }
            selfPid = SelfProgram.run(core);
            rings = new Rings(core, settings.cpus(), settings::bytes, possibleCpus());
            if (settings.coalesce()) {
                openRuns = new OpenRuns(core.mapFd("runs"), settings.slotEntries() * CACHED_FILES, MappedRing.PAGE_BYTES);
            }
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

    private void load(Probe probe) throws SystemRefusal {
        try {
            BpfObject object = BpfObject.load(probe.object(), kernel, core == null ? this::prepareCore : o -> o.share(core));
            objects.put(probe, object);
            core = core == null ? object : core;
        } catch (SystemRefusal e) {
            refuse(probe, e);
        }
    }

    private void refuse(Probe probe, SystemRefusal why) throws SystemRefusal {
        if (probe.isRequired()) {
            throw why;
        }
        refused.put(probe, why.getMessage());
    }

    private void prepareCore(BpfObject object) {
        settings.write(object.initialValue(".rodata.settings"));
        object.setEntries("slots", settings.slotEntries());
        object.setEntries("free_slots", settings.slotEntries());
        object.setEntries("slot_of_tid", kernel.pidMax() + 1);
        if (settings.coalesce()) {
            object.setEntries("runs", settings.slotEntries() * CACHED_FILES);
        }
        object.setValueBytes("told", ToldLosses.bytes(possibleCpus()));
        Rings.size(object, settings);
    }

    private int possibleCpus() {
        return LibBpf.libbpf_num_possible_cpus(); // it was asked before, so it does not fail
    }

    /**
     * Keeps what was seen and is not yet written where it outlives this process, until {@link #unpin}; where the system has no place
     * for that, it goes on without.
     *
     * @param capture the capture's directory
     */
    public void pin(String captureId, Path capture) {
        try {
            pins = PinnedMaps.pin(core, captureId, capture);
        } catch (IOException e) {
            pins = null; // the tail of a killed recorder cannot be saved then, and roll says so
        }
    }

    /** Lets go of what {@link #pin} keeps: all is in the log. */
    public void unpin() {
        if (pins != null) {
            pins.remove();
            pins = null;
        }
    }

    /** Keeps what the log tells of losses: before it is in the log, and after. */
    public void tell(ToldLosses told, boolean isInLog) {
        told.keep(core.mapFd("told"), isInLog);
    }

    /**
     * Attaches the programs.
     *
     * @throws SystemRefusal if the kernel refuses one that is required; none is attached then
     */
    public void attach() throws SystemRefusal {
        try {
            for (Map.Entry<Probe, BpfObject> entry : objects.entrySet()) {
                attach(entry.getKey(), entry.getValue());
            }
        } catch (SystemRefusal e) {
            detach();
            throw e;
        }
    }

    private void attach(Probe probe, BpfObject object) throws SystemRefusal {
        List<Pointer> attached = links.computeIfAbsent(probe, p -> new ArrayList<>());
        for (String name : probe.hooks().keySet()) {
            if (!isWanted(name)) {
                continue;
            }
            Pointer link = LibBpf.bpf_program__attach(object.program(name));
            if (link == null) {
                SystemRefusal refusal = kernel.refusal("attaching " + name, Native.getLastError(), "");
                attached.forEach(LibBpf::bpf_link__destroy);
                attached.clear();
                refuse(probe, refusal);
                return;
            }
            attached.add(link);
        }
    }

    /** Returns whether a program is attached for the window: all are, but what takes the time at entry where that is not wanted. */
    private boolean isWanted(String name) {
        return settings.latency() || !name.equals(Probe.AT_ENTRY);
    }

    /** Returns what the manifest says of each program: whether it is attached, and if not why. */
    public List<Manifest.Probe> told() {
        List<Manifest.Probe> told = new ArrayList<>();
        for (Probe probe : objects.keySet()) {
            tell(probe, refused.get(probe), told);
        }
        refused.forEach((probe, why) -> {
            if (!objects.containsKey(probe)) {
                tell(probe, why, told);
            }
        });
        return told;
    }

    private void tell(Probe probe, String why, List<Manifest.Probe> told) {
        probe.hooks().forEach((name, hook) -> {
            String note = why == null && !isWanted(name) ? "--no-latency was given" : why;
            told.add(new Manifest.Probe(name, hook, note == null, note));
        });
    }

    /** Detaches all programs. No record is being written any more when it returns. */
    public void detach() {
        if (links.isEmpty()) {
            return;
        }
        links.values().forEach(l -> l.forEach(LibBpf::bpf_link__destroy));
        links.clear();
        RunningPrograms.await(core);
    }

    /**
     * Walks the processes and open files that are there, into the rings. Somebody must drain them meanwhile.
     *
     * @throws SystemRefusal if the kernel refuses
     */
    public void snapshot() throws SystemRefusal {
        SystemSnapshot.take(core, kernel);
    }

    /** Returns the pid of this process as the kernel has it, and all tables. */
    public int selfPid() {
        return selfPid;
    }

    /** Returns the rings, in the order in which to drain them. */
    public List<MappedRing> rings() {
        return rings.all();
    }

    /** Returns the operations put together that are not written yet; null unless that was asked for. */
    public OpenRuns openRuns() {
        return openRuns;
    }

    /** Reads what the programs counted. */
    public Counters counters() throws SystemRefusal {
        return rings.counters();
    }

    /**
     * Reads what threads have moved that was not told yet. To be called once the programs are detached.
     *
     * @param each is called for each such thread
     */
    public void totals(Consumer<ThreadTotal> each) throws SystemRefusal {
        Totals.read(core, settings.slotEntries(), each);
    }

    /** Returns what counts the runs of the programs for the window. */
    public RunCounter runCounter() throws IOException {
        Map<String, Integer> descriptors = new LinkedHashMap<>();
        objects.forEach((probe, object) ->
                probe.hooks().keySet().forEach(name -> descriptors.put(name, object.programFd(name))));
        return new RunCounter(descriptors);
    }

    @Override
    public void close() {
        detach();
        if (rings != null) {
            rings.close();
        }
        if (openRuns != null) {
            openRuns.close();
            openRuns = null;
        }
        objects.values().forEach(BpfObject::close);
        objects.clear();
    }
}
