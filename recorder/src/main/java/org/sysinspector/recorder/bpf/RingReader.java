// SPDX-License-Identifier: Apache-2.0
// Reads one mapped BPF ring buffer in spans of whole records.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sysinspector.recorder.log.RecordLayout;

/**
 * Reads one mapped BPF ring buffer in spans of whole records; {@link RingLayout} has the layout. The other side is the
 * kernel. One thread at a time may use a reader, and a ring has one reader: the consumer position is nobody else's.
 */
public final class RingReader implements SpanReader {
    private static final VarHandle U64 =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer consumer;
    private final ByteBuffer producer;
    private final ByteBuffer span;
    private final int dataSize;
    private final int dataOffset;
    private long position;

    /**
     * Makes a reader; it goes on where the consumer position stands.
     *
     * @param consumerPage the consumer page, direct and writable
     * @param producerMapping the producer page followed by the data area twice, direct
     * @param dataSize bytes of the data area, a power of two
     * @throws IllegalArgumentException if the sizes do not fit each other
     */
    public RingReader(ByteBuffer consumerPage, ByteBuffer producerMapping, int dataSize) {
        long pageSize = producerMapping.capacity() - 2L * dataSize;
        if (Integer.bitCount(dataSize) != 1 || dataSize < RecordLayout.ALIGNMENT || pageSize < Long.BYTES
                || consumerPage.capacity() < Long.BYTES) {
            throw new IllegalArgumentException("ring of odd size: data=" + dataSize + " producer mapping="
                    + producerMapping.capacity() + " consumer page=" + consumerPage.capacity());
        }
        this.consumer = consumerPage.duplicate();
        this.producer = producerMapping.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.span = producer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.dataSize = dataSize;
        this.dataOffset = (int) pageSize;
        // Plain would do: only this side writes it.
        this.position = (long) U64.getAcquire(consumer, RingLayout.POSITION_OFFSET);
    }

    @Override
    public long pendingBytes() {
        return (long) U64.getAcquire(producer, RingLayout.POSITION_OFFSET) - position;
    }

    /**
     * {@inheritDoc} Stops at the first record still being written. The sink is not called for a span that holds only discarded
     * records.
     */
    @Override
    public long drain(SpanSink sink, int limitBytes) throws IOException {
        final ByteBuffer ring = producer;
        final long start = position;
        // Acquire: pairs with the kernel's release of the producer position, so that every header below it is seen at
        // least as reserved (BUSY) and never as what lay there a lap ago.
        final long available = (long) U64.getAcquire(ring, RingLayout.POSITION_OFFSET) - start;
        if (available == 0) {
            return 0;
        }
        if (available < 0 || available > dataSize) {
            throw new IOException("ring is corrupt: consumer=" + start + " producer=" + (start + available)
                    + " size=" + dataSize);
        }
        final int begin = dataOffset + (int) (start & (dataSize - 1));
        final int end = begin + (int) available;
        final int limit = (int) Math.min(available, Math.max(limitBytes, 0)) + begin;
        int at = begin;
        int events = 0;
        long firstNs = Long.MAX_VALUE;
        long lastNs = Long.MIN_VALUE;
        while (at < end) {
            // Acquire: pairs with the exchange by which the kernel clears BUSY, so that the payload is seen whole.
            final int header = (int) U32.getAcquire(ring, at);
            if (header < 0) {
                break;
            }
            final int next = at + RecordLayout.stride(header);
            if (next > limit && at > begin) {
                break;
            }
            if (next > end || next < at) {
                throw new IOException("ring is corrupt: record at=" + (start + at - begin) + " length="
                        + (header & RecordLayout.LENGTH_MASK) + " producer=" + (start + available));
            }
            if ((header & RecordLayout.DISCARD) == 0) {
                if ((header & RecordLayout.LENGTH_MASK) < RecordLayout.MIN_PAYLOAD) {
                    throw new IOException("ring is corrupt: record at=" + (start + at - begin) + " length=" + header);
                }
                final long ns = ring.getLong(at + RecordLayout.HEADER_BYTES + RecordLayout.TS_OFFSET);
                firstNs = Math.min(firstNs, ns);
                lastNs = Math.max(lastNs, ns);
                events++;
            }
            at = next;
        }
        if (at == begin) {
            return 0;
        }
        long taken = start;
        try {
            if (events > 0) {
                sink.span(span.limit(at).position(begin), events, firstNs, lastNs);
            }
            taken = start + (at - begin);
        } finally {
            position = taken;
            // Release: the kernel may overwrite the records once it sees the position, so every read of them (the sink
            // copied them) must be done before.
            U64.setRelease(consumer, RingLayout.POSITION_OFFSET, taken);
        }
        return taken - start;
    }
}
