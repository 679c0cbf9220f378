// SPDX-License-Identifier: Apache-2.0
// Where the good blocks of a segment lie.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.sysinspector.recorder.log.Block;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.recorder.spill.LongTable;
import org.sysinspector.recorder.spill.Scratch;
import org.sysinspector.schema.SchemaCatalog;

/** Where the good blocks of a segment lie, by ring class and CPU; 32 bytes a block. Belongs to one thread. */
final class BlockList {
    private static final int SAMPLE =
            SchemaCatalog.get().enumeration("ring_class").code("sample");

    private static final int POSITION = 0;
    private static final int LENGTH_CLASS_CPU = 1;
    private static final int FIRST = 2;
    private static final int LAST = 3;

    private final LongTable blocks;

    BlockList(Scratch scratch) {
        blocks = new LongTable(scratch, 4);
    }

    /** What is done with each record of a walk. */
    interface Visitor {
        /**
         * Takes a record.
         *
         * @param record little-endian bytes, valid during the call
         * @param at index of the record's payload in them
         * @param position of the payload in the file
         * @param type type of the record
         * @throws IOException if what it does fails
         */
        void record(ByteBuffer record, int at, long position, int type) throws IOException;
    }

    /** Adds a block whose records start from {@code first} to {@code last}. */
    void add(Block block, long first, long last) throws IOException {
        int row = blocks.add();
        blocks.set(row, POSITION, block.payloadOffset());
        blocks.set(row, LENGTH_CLASS_CPU, (long) block.payloadBytes() << 32 | (block.ringClass() & 0xFF) << 16
                | block.cpu() & 0xFFFF);
        blocks.set(row, FIRST, first);
        blocks.set(row, LAST, last);
    }

    long position(int block) {
        return blocks.get(block, POSITION);
    }

    int length(int block) {
        return (int) (blocks.get(block, LENGTH_CLASS_CPU) >>> 32);
    }

    /** Returns the CPUs that have blocks of a ring class. */
    int[] cpus(int ringClass) {
        BitSet found = new BitSet();
        for (int i = 0; i < blocks.size(); i++) {
            if (ringClass(i) == ringClass) {
                found.set(cpu(i) & 0xFFFF);
            }
        }
        return found.stream().map(cpu -> (short) cpu).toArray();
    }

    /** Returns the first block from {@code from} on of a ring class and CPU, or -1. */
    int next(int from, int ringClass, int cpu) {
        for (int i = from; i < blocks.size(); i++) {
            if (ringClass(i) == ringClass && cpu(i) == cpu) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Visits the records of a ring class, and those that the recorder itself wrote (a few), that start from {@code from} to
     * {@code to}, in file order.
     */
    void walk(LogWindow window, int ringClass, long from, long to, Visitor visitor) throws IOException {
        for (int i = 0; i < blocks.size(); i++) {
            boolean isWanted = ringClass(i) == ringClass || ringClass(i) == SAMPLE;
            if (!isWanted || blocks.get(i, LAST) < from || blocks.get(i, FIRST) > to) {
                continue;
            }
            long position = position(i);
            long end = position + length(i);
            position += RecordLayout.HEADER_BYTES;
            while (position < end) {
                int at = window.record(position);
                ByteBuffer record = window.buffer();
                int header = record.getInt(at - RecordLayout.HEADER_BYTES);
                long start = record.getLong(at + RawRecords.TS);
                if ((header & RecordLayout.DISCARD) == 0 && start >= from && start <= to
                        && RawRecords.isKnown(record, at, header)) {
                    visitor.record(record, at, position, RawRecords.type(record, at));
                }
                position += RecordLayout.stride(header);
            }
        }
    }

    private int ringClass(int block) {
        return (byte) (blocks.get(block, LENGTH_CLASS_CPU) >>> 16);
    }

    private int cpu(int block) {
        return (short) blocks.get(block, LENGTH_CLASS_CPU);
    }
}
