// SPDX-License-Identifier: Apache-2.0
// All rings of a window, mapped, and what came to them.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * All rings of a window, mapped, and what came to them. One thread sets them up and closes them; {@link #counters} may be called by
 * another meanwhile.
 */
final class Rings implements AutoCloseable {
    private final List<MappedRing> rings = new ArrayList<>();
    private final BpfMaps maps;
    private final int possibleCpus;

    /**
     * Maps the rings.
     *
     * @param maps has them
     * @param cpus CPUs that have a ring of their own
     * @param bytes of each ring
     * @param possibleCpus CPUs there can be, online or not
     */
    Rings(BpfMaps maps, int cpus, ToIntFunction<RingSchema> bytes, int possibleCpus) throws SystemRefusal {
        this.maps = maps;
        this.possibleCpus = possibleCpus;
        try {
            for (RingSchema ring : SchemaCatalog.get().rings()) {
                int fd = maps.mapFd(ring.map());
                if (ring.eachCpu()) {
                    for (int cpu = 0; cpu < cpus; cpu++) {
                        rings.add(MappedRing.ofCpu(ring, cpu, fd, bytes.applyAsInt(ring)));
                    }
                } else {
                    rings.add(MappedRing.shared(ring, fd, bytes.applyAsInt(ring)));
                }
            }
        } catch (SystemRefusal | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Sizes the maps of an object that is being prepared. */
    static void size(BpfObject core, ProbeSettings settings) {
        for (RingSchema ring : SchemaCatalog.get().rings()) {
            if (ring.eachCpu()) {
                core.setEntries(ring.map(), settings.cpus());
                core.setValueBytes(ring.map(), MappedRing.ioValueBytes(settings.bytes(ring)));
            } else {
                core.setEntries(ring.map(), settings.bytes(ring));
            }
        }
    }

    /** Returns the rings in the order in which to drain them. */
    List<MappedRing> all() {
        return List.copyOf(rings);
    }

    /** Reads what the programs counted. */
    Counters counters() throws SystemRefusal {
        try (Memory key = new Memory(Integer.BYTES); Memory values = new Memory((long) Counters.BYTES * possibleCpus)) {
            key.setInt(0, 0);
            int result = LibBpf.bpf_map_lookup_elem(maps.mapFd("counters"), key, values);
            if (result < 0) {
                throw new KernelSupport().refusal("reading counters", -result, "");
            }
            return new Counters(values, possibleCpus, rings);
        }
    }

    @Override
    public void close() {
        rings.forEach(MappedRing::close);
        rings.clear();
    }
}
