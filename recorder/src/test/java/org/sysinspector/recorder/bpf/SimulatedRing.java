// SPDX-License-Identifier: Apache-2.0
// A BPF ring buffer without a kernel, for tests.
package org.sysinspector.recorder.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sysinspector.recorder.log.RecordLayout;

/** A BPF ring buffer without a kernel: the producer's side, written as the kernel does. For one producing thread. */
public final class SimulatedRing {
    private static final int PAGE = 4096;
    private static final VarHandle U64 =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int size;
    private final ByteBuffer consumer = aligned(PAGE);
    private final ByteBuffer producer;

    /** Makes a ring of a size, both positions at a start that is a multiple of 8. */
    public SimulatedRing(int size, long start) {
        this.size = size;
        this.producer = aligned(PAGE + 2 * size);
        consumer.putLong(0, start);
        producer.putLong(0, start);
    }

    /** Returns a reader of this ring. */
    public RingReader reader() {
        return new RingReader(consumer, producer, size);
    }

    /** Returns the position up to which the reader gave memory back. */
    public long consumed() {
        return (long) U64.getAcquire(consumer, 0);
    }

    /** Returns the position up to which records are reserved. */
    public long produced() {
        return producer.getLong(0);
    }

    /** Reserves a record that is being written; returns its position, or -1 if the ring is full. */
    public long reserve(int length) {
        long at = produced();
        int stride = RecordLayout.stride(length);
        if (at + stride - consumed() > size) {
            return -1;
        }
        putInt(at, length | RecordLayout.BUSY);
        U64.setRelease(producer, 0, at + stride);
        return at;
    }

    /** Fills a reserved record: type 7, an id, a time, then bytes that follow from the id. */
    public void fill(long at, int length, int id, long ns) {
        long payload = at + RecordLayout.HEADER_BYTES;
        putInt(payload, 7 << RecordLayout.TYPE_SHIFT);
        putInt(payload + 4, id);
        putInt(payload + 8, (int) ns);
        putInt(payload + 12, (int) (ns >>> 32));
        for (int i = 16; i < length; i++) {
            put(payload + i, (byte) (id + i));
        }
    }

    /** Ends the writing of a record. */
    public void commit(long at, int length, boolean discard) {
        int header = discard ? length | RecordLayout.DISCARD : length;
        U32.setRelease(producer, index(at), header);
        U32.setRelease(producer, index(at) + size, header);
    }

    /** Reserves, fills and commits; returns false if the ring is full. */
    public boolean add(int length, int id, long ns, boolean discard) {
        long at = reserve(length);
        if (at < 0) {
            return false;
        }
        fill(at, length, id, ns);
        commit(at, length, discard);
        return true;
    }

    /** Writes a word of the data area. */
    public void putInt(long at, int value) {
        for (int i = 0; i < 4; i++) {
            put(at + i, (byte) (value >>> 8 * i));
        }
    }

    private void put(long at, byte value) {
        // The kernel maps the area twice in a row; here it is written twice.
        producer.put(index(at), value);
        producer.put(index(at) + size, value);
    }

    private int index(long at) {
        return PAGE + (int) (at & (size - 1));
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + PAGE)
                .alignedSlice(PAGE)
                .slice(0, bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
