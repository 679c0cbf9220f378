// SPDX-License-Identifier: Apache-2.0
// A growing list of pairs of numbers: (time, position in the log), say.
package org.sysinspector.recorder.roll;

import java.util.Arrays;

/**
 * A growing list of pairs of numbers, sorted by the first, then the second. 16 bytes a pair. Belongs to one
 * thread.
 */
final class PairList extends SortableArrays {
    private long[] pairs = new long[64];
    private int size;

    void add(long first, long second) {
        if (2 * size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * grown(size));
        }
        pairs[2 * size] = first;
        pairs[2 * size + 1] = second;
        size++;
    }

    long first(int i) {
        return pairs[2 * i];
    }

    long second(int i) {
        return pairs[2 * i + 1];
    }

    /** Returns the second number of the first pair with this first number, in a sorted list, or a default. */
    long find(long first, long otherwise) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pairs[2 * middle] < first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < size && pairs[2 * low] == first ? pairs[2 * low + 1] : otherwise;
    }

    @Override
    int size() {
        return size;
    }

    @Override
    boolean isBefore(int i, int j) {
        long a = pairs[2 * i];
        long b = pairs[2 * j];
        return a < b || a == b && pairs[2 * i + 1] < pairs[2 * j + 1];
    }

    @Override
    void swap(int i, int j) {
        long first = pairs[2 * i];
        long second = pairs[2 * i + 1];
        pairs[2 * i] = pairs[2 * j];
        pairs[2 * i + 1] = pairs[2 * j + 1];
        pairs[2 * j] = first;
        pairs[2 * j + 1] = second;
    }
}
