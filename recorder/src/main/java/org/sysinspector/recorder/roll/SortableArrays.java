// SPDX-License-Identifier: Apache-2.0
// In-place sort of parallel primitive arrays.
package org.sysinspector.recorder.roll;

/**
 * In-place sort of parallel primitive arrays: no objects, no second copy, n log n whatever the input (names and times
 * come from the traced system). What is in order already, as most of a log is, costs one pass.
 */
abstract class SortableArrays {
    /** Returns the number of elements. */
    abstract int size();

    /** Returns whether element i belongs before element j. */
    abstract boolean isBefore(int i, int j);

    /** Swaps two elements. */
    abstract void swap(int i, int j);

    /** Sorts (heap sort). */
    final void sort() {
        int size = size();
        int sorted = 1;
        while (sorted < size && !isBefore(sorted, sorted - 1)) {
            sorted++;
        }
        if (sorted >= size) {
            return;
        }
        for (int root = size / 2 - 1; root >= 0; root--) {
            siftDown(root, size);
        }
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            siftDown(0, end);
        }
    }

    private void siftDown(int from, int end) {
        int root = from;
        while (true) {
            int child = 2 * root + 1;
            if (child >= end) {
                return;
            }
            if (child + 1 < end && isBefore(child, child + 1)) {
                child++;
            }
            if (!isBefore(root, child)) {
                return;
            }
            swap(root, child);
            root = child;
        }
    }

    /** Returns the capacity that follows a full one: half as much again, to waste little. */
    static int grown(int capacity) {
        return capacity + (capacity >> 1) + 16;
    }
}
