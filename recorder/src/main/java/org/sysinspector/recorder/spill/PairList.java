// SPDX-License-Identifier: Apache-2.0
// A growing list of pairs of numbers that can be sorted and searched.
package org.sysinspector.recorder.spill;

import java.io.IOException;

/** A growing list of pairs of numbers, sorted by the first, then the second. 16 bytes a pair. Belongs to one thread. */
public final class PairList {
    private final LongTable pairs;

    /** Makes an empty list in a scratch. */
    public PairList(Scratch scratch) {
        pairs = new LongTable(scratch, 2);
    }

    /**
     * Adds a pair.
     *
     * @throws IOException if there is no room
     */
    public void add(long first, long second) throws IOException {
        int row = pairs.add();
        pairs.set(row, 0, first);
        pairs.set(row, 1, second);
    }

    /** Returns the pairs. */
    public int size() {
        return pairs.size();
    }

    /** Forgets all pairs. */
    public void clear() throws IOException {
        pairs.resize(0);
    }

    /** Returns the first number of a pair. */
    public long first(int i) {
        return pairs.get(i, 0);
    }

    /** Returns the second number of a pair. */
    public long second(int i) {
        return pairs.get(i, 1);
    }

    /** Sorts the pairs. */
    public void sort() {
        pairs.sort((i, j) -> isBefore(first(i), second(i), first(j), second(j)));
    }

    /** Returns whether a pair of numbers comes before another one. */
    public static boolean isBefore(long first, long second, long otherFirst, long otherSecond) {
        return first < otherFirst || first == otherFirst && second < otherSecond;
    }

    /** Returns the second number of the first pair with this first number, in a sorted list, or a default. */
    public long find(long first, long otherwise) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (first(middle) < first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < size() && first(low) == first ? second(low) : otherwise;
    }
}
