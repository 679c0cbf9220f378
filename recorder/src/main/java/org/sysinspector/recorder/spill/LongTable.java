// SPDX-License-Identifier: Apache-2.0
// A growing table of numbers that may outgrow the heap.
package org.sysinspector.recorder.spill;

import java.io.IOException;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A growing table: rows of some numbers of 64 bits, in a {@link Scratch}. It grows without being copied. Not to be used
 * any more once the scratch was reset. Belongs to one thread.
 */
public final class LongTable {
    private static final int MASK = (1 << Scratch.CHUNK_BITS) - 1;

    private final Scratch scratch;
    private final int width;
    private LongBuffer[] chunks = new LongBuffer[4];
    private int count;
    private int size;

    /** Which of two rows comes first. */
    public interface Order {
        /** Returns whether row i belongs before row j. */
        boolean isBefore(int i, int j);
    }

    /**
     * Makes an empty table.
     *
     * @param scratch where its numbers are
     * @param width numbers in a row
     */
    public LongTable(Scratch scratch, int width) {
        this.scratch = scratch;
        this.width = width;
    }

    /** Returns the rows. */
    public int size() {
        return size;
    }

    /**
     * Adds a row, whose numbers are to be set.
     *
     * @return its index
     * @throws IOException if there is no room
     */
    public int add() throws IOException {
        reserve(size + 1);
        return size++;
    }

    /**
     * Makes the table longer, by rows of zeros, or shorter.
     *
     * @throws IOException if there is no room
     */
    public void resize(int rows) throws IOException {
        reserve(rows);
        for (int row = size; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                set(row, column, 0);
            }
        }
        size = rows;
    }

    /** Returns a number. */
    public long get(int row, int column) {
        long at = (long) row * width + column;
        return chunks[(int) (at >> Scratch.CHUNK_BITS)].get((int) at & MASK);
    }

    /** Sets a number. */
    public void set(int row, int column, long value) {
        long at = (long) row * width + column;
        chunks[(int) (at >> Scratch.CHUNK_BITS)].put((int) at & MASK, value);
    }

    /** Copies a row over another one. */
    public void copy(int from, int to) {
        for (int column = 0; column < width; column++) {
            set(to, column, get(from, column));
        }
    }

    /**
     * Sorts in place (heap sort): n log n whatever the input, as names and times come from the traced system. What is in
     * order already, as most of a log is, costs one pass.
     */
    public void sort(Order order) {
        int sorted = 1;
        while (sorted < size && !order.isBefore(sorted, sorted - 1)) {
            sorted++;
        }
        if (sorted >= size) {
            return;
        }
        for (int root = size / 2 - 1; root >= 0; root--) {
            siftDown(order, root, size);
        }
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            siftDown(order, 0, end);
        }
    }

    private void siftDown(Order order, int from, int end) {
        int root = from;
        while (true) {
            int child = 2 * root + 1;
            if (child >= end) {
                return;
            }
            if (child + 1 < end && order.isBefore(child, child + 1)) {
                child++;
            }
            if (!order.isBefore(root, child)) {
                return;
            }
            swap(root, child);
            root = child;
        }
    }

    private void swap(int i, int j) {
        for (int column = 0; column < width; column++) {
            long value = get(i, column);
            set(i, column, get(j, column));
            set(j, column, value);
        }
    }

    private void reserve(int rows) throws IOException {
        long needed = (long) rows * width;
        while (needed > (long) count << Scratch.CHUNK_BITS) {
            if (count == chunks.length) {
                chunks = Arrays.copyOf(chunks, count * 2);
            }
            chunks[count] = scratch.take();
            count++;
        }
    }
}
