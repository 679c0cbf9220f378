// SPDX-License-Identifier: Apache-2.0
// Where the good blocks of a segment lie.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.sysinspector.recorder.log.Block;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.schema.SchemaCatalog;

/** Where the good blocks of a segment lie, by ring class and CPU; 31 bytes a block. Belongs to one thread. */
final class BlockList {
    private static final byte SAMPLE =
            (byte) SchemaCatalog.get().enumeration("ring_class").code("sample");

    private long[] positions = new long[256];
    private int[] lengths = new int[256];
    private byte[] classes = new byte[256];
    private short[] cpus = new short[256];
    private long[] firsts = new long[256];
    private long[] lasts = new long[256];
    private int size;

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
    void add(Block block, long first, long last) {
        if (size == positions.length) {
            int capacity = SortableArrays.grown(size);
            positions = Arrays.copyOf(positions, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            classes = Arrays.copyOf(classes, capacity);
            cpus = Arrays.copyOf(cpus, capacity);
            firsts = Arrays.copyOf(firsts, capacity);
            lasts = Arrays.copyOf(lasts, capacity);
        }
        positions[size] = block.payloadOffset();
        lengths[size] = block.payloadBytes();
        classes[size] = (byte) block.ringClass();
        cpus[size] = (short) block.cpu();
        firsts[size] = first;
        lasts[size] = last;
        size++;
    }

    long position(int block) {
        return positions[block];
    }

    int length(int block) {
        return lengths[block];
    }

    /** Returns the CPUs that have blocks of a ring class. */
    int[] cpus(int ringClass) {
        return IntStream.range(0, size)
                .filter(i -> classes[i] == ringClass).map(i -> cpus[i]).distinct().sorted().toArray();
    }

    /** Returns the first block from {@code from} on of a ring class and CPU, or -1. */
    int next(int from, int ringClass, int cpu) {
        for (int i = from; i < size; i++) {
            if (classes[i] == ringClass && cpus[i] == cpu) {
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
        for (int i = 0; i < size; i++) {
            boolean isWanted = classes[i] == ringClass || classes[i] == SAMPLE;
            if (!isWanted || lasts[i] < from || firsts[i] > to) {
                continue;
            }
            long end = positions[i] + lengths[i];
            long position = positions[i] + RecordLayout.HEADER_BYTES;
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
}
