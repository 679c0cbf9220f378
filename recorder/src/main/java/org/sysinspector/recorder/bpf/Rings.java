// SPDX-License-Identifier: Apache-2.0
// All rings of a window, mapped, and what came to them.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * All rings of a window, mapped, and what came to them. One thread sets them up and closes them; {@link #counters} may be called by
 * another meanwhile.
 */
final class Rings implements AutoCloseable {
    private final List<MappedRing> rings = new ArrayList<>();
    private final BpfObject core;
    private final int possibleCpus;

    /**
     * Maps the rings.
     *
     * @param core the object that has them, loaded
     * @param possibleCpus CPUs there can be, online or not
     */
    Rings(BpfObject core, ProbeSettings settings, int possibleCpus) throws SystemRefusal {
        this.core = core;
        this.possibleCpus = possibleCpus;
        try {
            for (RingSchema ring : SchemaCatalog.get().rings()) {
                int fd = core.mapFd(ring.map());
                if (ring.eachCpu()) {
                    for (int cpu = 0; cpu < settings.cpus(); cpu++) {
                        rings.add(MappedRing.ofCpu(ring, cpu, fd, settings.bytes(ring)));
                    }
                } else {
                    rings.add(MappedRing.shared(ring, fd, settings.bytes(ring)));
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
            core.check("reading counters", LibBpf.bpf_map_lookup_elem(core.mapFd("counters"), key, values));
            return new Counters(values, possibleCpus, rings);
        }
    }

    @Override
    public void close() {
        rings.forEach(MappedRing::close);
        rings.clear();
    }
}
