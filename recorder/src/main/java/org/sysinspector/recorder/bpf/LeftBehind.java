// SPDX-License-Identifier: Apache-2.0
// What a recorder that was killed had seen and not yet written.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/** What a recorder that was killed had seen and not yet written, as the kernel still has it. For one thread. */
public final class LeftBehind implements AutoCloseable {
    private static final int CACHED_FILES = 4;
    private static final long DYING_MS = 30_000;
    private static final long LOOK_MS = 5;

    private final PinnedMaps maps;
    private final Rings rings;
    private final int possibleCpus;
    private final OpenRuns runs;

    private LeftBehind(PinnedMaps maps) throws SystemRefusal {
        this.maps = maps;
        this.possibleCpus = LibBpf.libbpf_num_possible_cpus();
        this.rings = new Rings(maps, cpus(maps), r -> bytes(maps, r), possibleCpus);
        int entries = maps.entries("runs");
        this.runs = entries < CACHED_FILES ? null : new OpenRuns(maps.mapFd("runs"), entries, MappedRing.PAGE_BYTES);
    }

    /**
     * Opens what there is of a capture. The caller has the capture's lock: a recorder that is still there is dying, and waited for.
     *
     * @return null if there is nothing: also where the recorder was killed before all was pinned, so before it recorded
     * @throws IOException if it cannot be opened, or the recorder does not go
     * @throws SystemRefusal if the kernel refuses
     */
    public static LeftBehind open(String captureId, Path capture) throws IOException, SystemRefusal {
        PinDirectory directory = PinDirectory.find(captureId);
        if (directory == null || !PinnedMaps.isOf(directory, capture)) {
            return null;
        }
        awaitEnd(directory, capture);
        ProbeSet.loadLibraries();
        PinnedMaps maps = PinnedMaps.open(directory);
        if (maps == null) {
            return null;
        }
        try {
            return new LeftBehind(maps);
        } catch (SystemRefusal | RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    /** A process that was killed lets go of its lock before its programs: as long as they run, more comes to the rings. */
    private static void awaitEnd(PinDirectory directory, Path capture) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DYING_MS);
        while (PinnedMaps.isAlive(directory)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the recorder is still there: capture=" + capture + " process=" + PinnedMaps.recorder(directory)
                        + "; see why it does not end, then: sys-inspector roll " + capture);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
        }
    }

    /** Returns what dead recorders left. */
    public static List<Dead> all() {
        List<Dead> all = new ArrayList<>();
        for (PinDirectory directory : PinDirectory.all()) {
            if (!PinnedMaps.isAlive(directory)) {
                Path capture = PinnedMaps.capture(directory);
                all.add(new Dead(capture == null ? Path.of("/") : capture, directory));
            }
        }
        return all;
    }

    /** What a dead recorder left. */
    public static final class Dead {
        private final Path capture;
        private final PinDirectory directory;

        private Dead(Path capture, PinDirectory directory) {
            this.capture = capture;
            this.directory = directory;
        }

        /** Returns the directory of its capture as it was then; the root directory where that is not known. */
        public Path capture() {
            return capture;
        }

        /** Lets go of it, so that its memory is free. */
        public void remove() {
            directory.remove();
        }
    }

    private static int cpus(PinnedMaps maps) {
        return SchemaCatalog.get().rings().stream().filter(RingSchema::eachCpu).mapToInt(r -> maps.entries(r.map())).findFirst()
                .orElse(0);
    }

    private static int bytes(PinnedMaps maps, RingSchema ring) {
        return ring.eachCpu() ? MappedRing.ioRingBytes(maps.valueBytes(ring.map())) : maps.entries(ring.map());
    }

    /** Returns the rings, in the order in which to drain them. */
    public List<MappedRing> rings() {
        return rings.all();
    }

    /** Returns what the programs counted. */
    public Counters counters() throws SystemRefusal {
        return rings.counters();
    }

    /**
     * Returns what the log tells of losses.
     *
     * @param isInLog whether that which is in the log for certain; that which was about to be written if not
     */
    public ToldLosses told(boolean isInLog) {
        return ToldLosses.kept(maps.mapFd("told"), possibleCpus, isInLog);
    }

    /** Reads what threads have moved that was not told yet. */
    public void totals(Consumer<ThreadTotal> each) throws SystemRefusal {
        Totals.read(maps, maps.entries("slots"), each);
    }

    /** Returns the operations put together that are not written yet; null where that was not asked for. */
    public OpenRuns openRuns() {
        return runs;
    }

    /** Lets go of it: all is in the log. */
    public void remove() {
        maps.remove();
    }

    @Override
    public void close() {
        rings.close();
        if (runs != null) {
            runs.close();
        }
        maps.close();
    }
}
