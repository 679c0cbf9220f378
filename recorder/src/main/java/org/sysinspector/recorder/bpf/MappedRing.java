// SPDX-License-Identifier: Apache-2.0
// One ring of the kernel, mapped into the recorder.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import org.sysinspector.recorder.SystemRefusal;

/**
 * One ring of the kernel, mapped into the recorder. This class alone maps and unmaps it: after {@link #close} the reader
 * must not be used again.
 */
public final class MappedRing implements AutoCloseable {
    private final int ringClass;
    private final int cpu;
    private final int bytes;
    private final long producerLength;
    private final long pageBytes;
    private Pointer consumer;
    private Pointer producer;
    private RingReader reader;

    MappedRing(int ringClass, int cpu, int fd, int bytes, int pageBytes) throws SystemRefusal {
        this.ringClass = ringClass;
        this.cpu = cpu;
        this.bytes = bytes;
        this.pageBytes = pageBytes;
        this.producerLength = pageBytes + 2L * bytes;
        try {
            consumer = LibC.mmap(null, pageBytes, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
            producer = LibC.mmap(null, producerLength, LibC.PROT_READ, LibC.MAP_SHARED, fd, pageBytes);
        } catch (LastErrorException e) {
            throw new SystemRefusal("cannot map a ring of " + bytes + " bytes: errno=" + e.getErrorCode()
                    + "; free memory or give a smaller --ring-memory", e);
        }
        reader = new RingReader(
                consumer.getByteBuffer(0, pageBytes), producer.getByteBuffer(0, producerLength), bytes);
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
    public RingReader reader() {
        return reader;
    }

    @Override
    public void close() {
        reader = null;
        if (producer != null) {
            LibC.munmap(producer, producerLength);
            producer = null;
        }
        if (consumer != null) {
            LibC.munmap(consumer, pageBytes);
            consumer = null;
        }
    }
}
