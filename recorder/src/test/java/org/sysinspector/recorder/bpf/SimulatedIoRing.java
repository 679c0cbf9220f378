// SPDX-License-Identifier: Apache-2.0
// An io ring without a kernel, for tests.
package org.sysinspector.recorder.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** An io ring without a kernel: the producer's side, written as a BPF program does. For one thread. */
public final class SimulatedIoRing {
    /** The short form of a record. */
    public static final RecordSchema NARROW = SchemaCatalog.get().record("io");
    /** The long form. */
    public static final RecordSchema WIDE = SchemaCatalog.get().record("io_wide");

    final ByteBuffer memory;
    private final int size;

    /** Makes a ring that holds so many bytes of records, both positions at a start that is a multiple of 8. */
    public SimulatedIoRing(int size, long start) {
        this.size = size;
        memory = ByteBuffer.allocateDirect(IoRingLayout.RECORDS_AT + size + IoRingLayout.OVERRUN_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN).putLong(IoRingLayout.HEAD, start).putLong(IoRingLayout.TAIL, start);
    }

    /** Returns a reader of this ring. */
    public IoRingReader reader() {
        return new IoRingReader(memory);
    }

    /** Writes a record that stands for some operations, one where it is narrow; false if the ring is full. */
    public boolean add(RecordSchema schema, long ns, int ops) {
        long head = memory.getLong(IoRingLayout.HEAD);
        long seen = memory.getLong(IoRingLayout.SEEN);
        memory.putLong(IoRingLayout.SEEN, seen + ops);
        if (head + RecordLayout.HEADER_BYTES + schema.size() - memory.getLong(IoRingLayout.TAIL) > size) {
            memory.putLong(IoRingLayout.LOST, memory.getLong(IoRingLayout.LOST) + ops);
            return false;
        }
        int at = IoRingLayout.RECORDS_AT + (int) (head & (size - 1));
        memory.putInt(at, schema.size()).putInt(at + RecordLayout.NUMBER_OFFSET, (int) seen);
        int payload = at + RecordLayout.HEADER_BYTES;
        memory.putInt(payload, schema.type() << RecordLayout.TYPE_SHIFT).putLong(payload + RecordLayout.TS_OFFSET, ns);
        if (schema == WIDE) {
            memory.putInt(payload + WIDE.offset("ops"), ops);
        }
        memory.putLong(IoRingLayout.HEAD, head + RecordLayout.HEADER_BYTES + schema.size());
        return true;
    }
}
