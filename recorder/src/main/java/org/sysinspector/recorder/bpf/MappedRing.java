// SPDX-License-Identifier: Apache-2.0
// One ring of the kernel, mapped into the recorder.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * One ring of the kernel, mapped into the recorder. This class alone maps and unmaps it: after {@link #close} the reader
 * must not be used again.
 */
public final class MappedRing implements AutoCloseable {
    /** Bytes of a page on x86-64. */
    static final int PAGE_BYTES = 4096;

    private final RingSchema schema;
    private final int ringClass;
    private final int cpu;
    private final int bytes;
    private final List<Mapping> mappings = new ArrayList<>();
    private SpanReader reader;

    private MappedRing(RingSchema schema, int cpu, int bytes) {
        this.schema = schema;
        this.ringClass = SchemaCatalog.get().enumeration("ring_class").code(schema.ringClass());
        this.cpu = cpu;
        this.bytes = bytes;
    }

    /** Maps a BPF_MAP_TYPE_RINGBUF, which all CPUs share. */
    static MappedRing shared(RingSchema schema, int fd, int bytes) throws SystemRefusal {
        MappedRing ring = new MappedRing(schema, -1, bytes);
        Mapping consumer = ring.map(fd, 0, PAGE_BYTES, LibC.PROT_READ | LibC.PROT_WRITE);
        Mapping producer = ring.map(fd, PAGE_BYTES, PAGE_BYTES + 2L * bytes, LibC.PROT_READ);
        ring.reader = new RingReader(consumer.at.getByteBuffer(0, consumer.length),
                producer.at.getByteBuffer(0, producer.length), bytes);
        return ring;
    }

    /** Maps the ring of a CPU, one value of a map. */
    static MappedRing ofCpu(RingSchema schema, int cpu, int fd, int bytes) throws SystemRefusal {
        MappedRing ring = new MappedRing(schema, cpu, bytes);
        long length = ioValueBytes(bytes);
        Mapping whole = ring.map(fd, cpu * length, length, LibC.PROT_READ | LibC.PROT_WRITE);
        ring.reader = new IoRingReader(whole.at.getByteBuffer(0, length));
        return ring;
    }

    /** Returns the bytes of a map's value that holds an io ring of some size. */
    static int ioValueBytes(int bytes) {
        return IoRingLayout.RECORDS_AT + bytes + IoRingLayout.OVERRUN_BYTES;
    }

    /** Returns the bytes of the io ring that a value of a map holds. */
    static int ioRingBytes(int valueBytes) {
        return valueBytes - IoRingLayout.RECORDS_AT - IoRingLayout.OVERRUN_BYTES;
    }

    private Mapping map(int fd, long offset, long length, int protection) throws SystemRefusal {
        try {
            Mapping mapping = new Mapping(LibC.mmap(null, length, protection, LibC.MAP_SHARED, fd, offset), length);
            mappings.add(mapping);
            return mapping;
        } catch (LastErrorException e) {
            close();
            throw new SystemRefusal("cannot map a ring of " + bytes + " bytes: errno=" + e.getErrorCode()
                    + "; free memory or give a smaller --ring-memory", e);
        }
    }

    /** Returns the class of ring, a code of enum ring_class. */
    public int ringClass() {
        return ringClass;
    }

    /** Returns whether a cycle drains it until nothing is left. */
    public boolean isDrainedUntilEmpty() {
        return schema.untilEmpty();
    }

    /** Returns its CPU, -1 where all share it. */
    public int cpu() {
        return cpu;
    }

    /** Returns its size in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the reader of it. */
    public SpanReader reader() {
        return reader;
    }

    @Override
    public void close() {
        reader = null;
        for (Mapping mapping : mappings) {
            LibC.munmap(mapping.at, mapping.length);
        }
        mappings.clear();
    }

    private record Mapping(Pointer at, long length) {}
}
