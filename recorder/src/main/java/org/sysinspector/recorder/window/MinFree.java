// SPDX-License-Identifier: Apache-2.0
// How much of a file system a recording leaves free.
package org.sysinspector.recorder.window;

/**
 * How much of a file system a recording leaves free: a size or a share of the whole, whichever is less.
 *
 * @param bytes the size
 * @param share the share, 0 to 1
 */
public record MinFree(long bytes, double share) {
    /** What is left free unless another is asked for: 5 % or 1 GiB. */
    public static final MinFree DEFAULT = new MinFree(1L << 30, 0.05);

    /** Returns a size, however large the file system is. */
    public static MinFree ofBytes(long bytes) {
        return new MinFree(bytes, 1);
    }

    /** Returns a share of the file system. */
    public static MinFree ofShare(double share) {
        return new MinFree(Long.MAX_VALUE, share);
    }

    /** Returns the bytes to leave free of a file system of some bytes. */
    long of(long totalBytes) {
        return Math.min(bytes, (long) (totalBytes * share));
    }
}
