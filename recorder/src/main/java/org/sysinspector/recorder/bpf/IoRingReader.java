// SPDX-License-Identifier: Apache-2.0
// Reads one CPU's io ring in spans of whole records.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Reads one CPU's io ring in spans of whole records; {@link IoRingLayout} has the layout. The other side is the BPF
 * programs on that CPU. One thread at a time may drain; the counters are for any.
 */
public final class IoRingReader implements SpanReader {
    private static final VarHandle U64 =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_PAYLOAD = SchemaCatalog.get().record("io_wide").size();

    private final ByteBuffer ring;
    private final ByteBuffer span;
    private final int size;
    private long position;

    /**
     * Makes a reader; it goes on where the tail stands.
     *
     * @param ring the ring's first page, its records and the page after them, direct and writable
     * @throws IllegalArgumentException if what lies between the two pages is no power of two
     */
    public IoRingReader(ByteBuffer ring) {
        this.size = ring.capacity() - IoRingLayout.RECORDS_AT - IoRingLayout.OVERRUN_BYTES;
        if (size < RecordLayout.ALIGNMENT || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("io ring of odd size: mapping=" + ring.capacity());
        }
        this.ring = ring.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.span = ring.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.position = (long) U64.getAcquire(this.ring, IoRingLayout.TAIL);
    }

    @Override
    public long pendingBytes() {
        return (long) U64.getAcquire(ring, IoRingLayout.HEAD) - position;
    }

    @Override
    public long drain(SpanSink sink, int limitBytes) throws IOException {
        final long start = position;
        // Acquire: pairs with the kernel's store of the head after the records.
        final long available = (long) U64.getAcquire(ring, IoRingLayout.HEAD) - start;
        if (available == 0) {
            return 0;
        }
        if (available < 0 || available > size) {
            throw corrupt(start, available, "positions");
        }
        final int offset = (int) (start & (size - 1));
        final int begin = IoRingLayout.RECORDS_AT + offset;
        final int end = begin + (int) available;
        final int wrap = IoRingLayout.RECORDS_AT + size; // a record may run over it, none starts behind it
        final int limit = begin + (int) Math.min(available, Math.max(limitBytes, 0));
        int at = begin;
        long operations = 0;
        long firstNs = Long.MAX_VALUE;
        long lastNs = Long.MIN_VALUE;
        while (at < end && at < wrap) {
            final int length = ring.getInt(at);
            final int next = at + RecordLayout.HEADER_BYTES + length;
            if (length < RecordLayout.MIN_PAYLOAD || length > MAX_PAYLOAD || next > end) {
                throw corrupt(start + at - begin, available, "length=" + length);
            }
            final long more = RecordLayout.operations(ring, at + RecordLayout.HEADER_BYTES, length);
            if (at > begin && (next > limit || operations + more > Integer.MAX_VALUE)) {
                break;
            }
            operations += more;
            final long ns = ring.getLong(at + RecordLayout.HEADER_BYTES + RecordLayout.TS_OFFSET);
            firstNs = Math.min(firstNs, ns);
            lastNs = Math.max(lastNs, ns);
            at = next;
        }
        sink.span(span.limit(at).position(begin), (int) operations, firstNs, lastNs);
        position = start + (at - begin);
        // Release: the kernel may overwrite the records once it sees the tail, and the sink has copied them.
        U64.setRelease(ring, IoRingLayout.TAIL, position);
        return at - begin;
    }

    private IOException corrupt(long at, long available, String what) {
        return new IOException("io ring is corrupt: " + what + " at=" + at + " waiting=" + available + " size=" + size);
    }

    /** Returns the operations that came to this ring, lost ones included. Never less than what was lost before, for all reasons. */
    public long seen() {
        return (long) U64.getAcquire(ring, IoRingLayout.SEEN) + (long) U64.getAcquire(ring, IoRingLayout.COLLIDED);
    }

    /** Returns the operations lost because the ring was full. */
    public long lost() {
        return (long) U64.getAcquire(ring, IoRingLayout.LOST);
    }

    /** Returns the operations lost because their thread had no slot. */
    public long withoutSlot() {
        return (long) U64.getAcquire(ring, IoRingLayout.NO_SLOT);
    }

    /** Returns the operations lost because a program that was preempted was writing. */
    public long collided() {
        return (long) U64.getAcquire(ring, IoRingLayout.COLLIDED);
    }
}
