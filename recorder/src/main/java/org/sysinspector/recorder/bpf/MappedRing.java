// SPDX-License-Identifier: Apache-2.0
// One ring of the kernel, mapped into the recorder.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;

/**
 * One ring of the kernel, mapped into the recorder. This class alone maps and unmaps it: after {@link #close} the reader
 * must not be used again.
 */
public final class MappedRing implements AutoCloseable {
    private final int ringClass;
    private final int cpu;
    private final int bytes;
    private final List<Mapping> mappings = new ArrayList<>();
    private SpanReader reader;

    private MappedRing(int ringClass, int cpu, int bytes) {
        this.ringClass = ringClass;
        this.cpu = cpu;
        this.bytes = bytes;
    }

    /** Maps a BPF_MAP_TYPE_RINGBUF, which all CPUs share. */
    static MappedRing shared(int ringClass, int fd, int bytes, int pageBytes) throws SystemRefusal {
        MappedRing ring = new MappedRing(ringClass, -1, bytes);
        Mapping consumer = ring.map(fd, 0, pageBytes, LibC.PROT_READ | LibC.PROT_WRITE);
        Mapping producer = ring.map(fd, pageBytes, pageBytes + 2L * bytes, LibC.PROT_READ);
        ring.reader = new RingReader(consumer.at.getByteBuffer(0, consumer.length),
                producer.at.getByteBuffer(0, producer.length), bytes);
        return ring;
    }

    /** Maps the io ring of a CPU, one value of a map. */
    static MappedRing io(int ringClass, int cpu, int fd, int bytes) throws SystemRefusal {
        MappedRing ring = new MappedRing(ringClass, cpu, bytes);
        long length = ioValueBytes(bytes);
        Mapping whole = ring.map(fd, cpu * length, length, LibC.PROT_READ | LibC.PROT_WRITE);
        ring.reader = new IoRingReader(whole.at.getByteBuffer(0, length));
        return ring;
    }

    /** Returns the bytes of a map's value that holds an io ring of some size. */
    static int ioValueBytes(int bytes) {
        return IoRingLayout.RECORDS_AT + bytes + IoRingLayout.OVERRUN_BYTES;
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
