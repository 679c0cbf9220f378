// SPDX-License-Identifier: Apache-2.0
// Counts the runs of BPF programs and the time in them, for slices of time.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sysinspector.recorder.system.LibC;

/**
 * Counts the runs of BPF programs and the time in them, for slices of time: the kernel counts for whoever holds a
 * descriptor of BPF_ENABLE_STATS, and that takes two more readings of the clock a run, too much to be always on. Where
 * sysctl kernel.bpf_stats_enabled is on, it is so anyway and all time is counted. Switching it on and off takes 0.2 ms
 * each (the kernel patches its own code), so a slice should be many times as long. For one thread at a time; when the
 * process ends, the kernel closes the descriptor.
 */
public final class RunCounter {
    private static final Path ALWAYS_ON = Path.of("/proc/sys/kernel/bpf_stats_enabled");
    /** struct bpf_prog_info of the kernel's interface, as far as it is needed. */
    private static final int INFO_BYTES = 208;
    private static final int INFO_RUN_NS = 192;
    private static final int INFO_RUN_COUNT = 200;
    private static final int NONE = -1;

    private final List<Program> programs = new ArrayList<>();
    private final Memory info = new Memory(INFO_BYTES);
    private final Memory infoLength = new Memory(Integer.BYTES);
    private int descriptor = NONE;
    private boolean alwaysOn;
    private long sinceNs;
    private long countedNs;

    /** Counts runs of loaded programs: their descriptors by name. */
    RunCounter(Map<String, Integer> descriptors) throws IOException {
        for (Map.Entry<String, Integer> entry : descriptors.entrySet()) {
            programs.add(new Program(entry.getKey(), entry.getValue(), lockedMemory(entry.getValue())));
        }
    }

    /** Begins a slice; where the kernel refuses nothing is counted. */
    public void begin() {
        end();
        boolean wasOn = alwaysOn;
        alwaysOn = isAlwaysOn();
        if (alwaysOn && wasOn) {
            return; // it goes on
        }
        programs.forEach(this::read);
        long before = System.nanoTime();
        descriptor = alwaysOn ? NONE : LibBpf.bpf_enable_stats(LibBpf.STATS_RUN_TIME);
        sinceNs = middle(before); // the kernel patches one place after the other
    }

    /** Ends the slice, if one was begun. */
    public void end() {
        if (descriptor >= 0) {
            long before = System.nanoTime();
            LibC.close(descriptor);
            descriptor = NONE;
            add(middle(before));
        }
    }

    private static long middle(long before) {
        return before + (System.nanoTime() - before) / 2;
    }

    /** Returns what each program used so far, by name. */
    public Map<String, ProgramCost> costs() {
        if (alwaysOn && isAlwaysOn()) {
            add(System.nanoTime());
        }
        Map<String, ProgramCost> costs = new LinkedHashMap<>();
        for (Program p : programs) {
            costs.put(p.name, new ProgramCost(p.runCount, p.runNs, countedNs, p.memoryBytes));
        }
        return costs;
    }

    private void add(long now) {
        for (Program p : programs) {
            long count = p.lastCount;
            long ns = p.lastNs;
            read(p);
            p.runCount += p.lastCount - count;
            p.runNs += p.lastNs - ns;
        }
        countedNs += now - sinceNs;
        sinceNs = now;
    }

    private void read(Program p) {
        info.clear(); // it is read as well: what else is wanted
        infoLength.setInt(0, INFO_BYTES);
        if (LibBpf.bpf_obj_get_info_by_fd(p.descriptor, info, infoLength) == 0) {
            p.lastNs = info.getLong(INFO_RUN_NS);
            p.lastCount = info.getLong(INFO_RUN_COUNT);
        }
    }

    private static boolean isAlwaysOn() {
        try (InputStream in = Files.newInputStream(ALWAYS_ON)) {
            return in.read() == '1';
        } catch (IOException e) {
            return false;
        }
    }

    private static long lockedMemory(int descriptor) throws IOException {
        Path file = Path.of("/proc/self/fdinfo", Integer.toString(descriptor));
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("memlock:")) {
                return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return 0;
    }

    private static final class Program {
        private final String name;
        private final int descriptor;
        private final long memoryBytes;
        private long lastCount;
        private long lastNs;
        private long runCount;
        private long runNs;

        Program(String name, int descriptor, long memoryBytes) {
            this.name = name;
            this.descriptor = descriptor;
            this.memoryBytes = memoryBytes;
        }
    }
}
