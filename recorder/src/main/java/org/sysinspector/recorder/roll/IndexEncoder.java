// SPDX-License-Identifier: Apache-2.0
// Encodes dictionary indexes as Parquet's hybrid of runs and packed bits.
package org.sysinspector.recorder.roll;

/**
 * Encodes dictionary indexes as Parquet's hybrid of runs and packed bits (RLE_DICTIONARY: a byte with the width, then
 * runs). A run is {@code varint(count << 1)} and the value; packed values are {@code varint(groups << 1 | 1)} and
 * groups of eight. Has no state.
 */
final class IndexEncoder {
    private static final int GROUP = 8;

    private final byte[] out;
    private final int width;
    private int size;

    private IndexEncoder(byte[] out, int width) {
        this.out = out;
        this.width = width;
    }

    /** Returns the bytes that a number of indexes take at most. */
    static int bound(int count, int width) {
        // Each change between runs and packed groups costs two varints; there is one per eight values at most.
        return 1 + (count / GROUP + 2) * (width + 12);
    }

    /**
     * Encodes indexes.
     *
     * @param indexes from 0, below 1 &lt;&lt; width
     * @param width bits of an index
     * @param out at least {@link #bound} long
     * @return the bytes used
     */
    static int encode(int[] indexes, int count, int width, byte[] out) {
        IndexEncoder encoder = new IndexEncoder(out, width);
        encoder.out[encoder.size++] = (byte) width;
        encoder.encode(indexes, count);
        return encoder.size;
    }

    private void encode(int[] indexes, int count) {
        int packed = 0;
        int at = 0;
        while (at < count) {
            int value = indexes[at];
            int end = at + 1;
            while (end < count && indexes[end] == value) {
                end++;
            }
            // What is packed comes in eights: a run gives what is missing.
            int missing = -(at - packed) & GROUP - 1;
            if (end - at - missing >= GROUP) {
                pack(indexes, packed, at + missing);
                varint((end - at - missing) << 1);
                for (int bits = 0; bits < width; bits += Byte.SIZE) {
                    out[size++] = (byte) (value >>> bits);
                }
                packed = end;
            }
            at = end;
        }
        pack(indexes, packed, count);
    }

    private void pack(int[] indexes, int from, int to) {
        if (from == to) {
            return;
        }
        int groups = (to - from + GROUP - 1) / GROUP;
        varint(groups << 1 | 1);
        long bits = 0;
        int filled = 0;
        for (int i = from; i < from + groups * GROUP; i++) {
            bits |= (i < to ? (long) indexes[i] : 0L) << filled;
            filled += width;
            while (filled >= Byte.SIZE) {
                out[size++] = (byte) bits;
                bits >>>= Byte.SIZE;
                filled -= Byte.SIZE;
            }
        }
    }

    private void varint(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[size++] = (byte) rest;
    }
}
