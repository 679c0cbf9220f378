// SPDX-License-Identifier: Apache-2.0
// Encodes levels and ids as Parquet has them: runs of one number, and eights of numbers packed bit by bit.
package org.sysinspector.recorder.roll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/**
 * Encodes levels and ids as Parquet has them (encoding RLE): runs of one number, and eights of numbers packed bit by
 * bit. The same bytes as of Parquet's own encoder, which takes one number at a time: here a run is found at once.
 * For one use, by one thread.
 */
final class RunEncoder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int EIGHT = 8;
    /** Eights that a header of one byte can count. */
    private static final int MAX_EIGHTS = 63;
    /** What one step adds at most: a header and eight numbers of 16 bits, stored as two of 64. */
    private static final int STEP_BYTES = 1 + 2 * Long.BYTES;

    private final int width;
    private byte[] bytes = new byte[1 << 10];
    private int size;
    /** The packed eights at hand and where their header is. */
    private int eights;
    private int header;

    private RunEncoder(int width) {
        this.width = width;
    }

    /**
     * Encodes numbers.
     *
     * @param width bits of the largest, 0 to 16
     */
    static BytesInput encode(int width, char[] numbers, int count) {
        RunEncoder encoder = new RunEncoder(width);
        encoder.add(numbers, count);
        return BytesInput.from(encoder.bytes, 0, encoder.size);
    }

    private void add(char[] numbers, int count) {
        int at = 0;
        while (at < count) {
            if (bytes.length - size < STEP_BYTES) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            if (count - at >= EIGHT && isRun(numbers, at)) {
                int end = Arrays.mismatch(numbers, at, count - 1, numbers, at + 1, count);
                int run = end < 0 ? count - at : end + 1;
                addRun(numbers[at], run);
                at += run;
            } else {
                addEight(numbers, at, Math.min(EIGHT, count - at));
                at += EIGHT;
            }
        }
        endEights();
    }

    private static boolean isRun(char[] numbers, int at) {
        int first = numbers[at];
        for (int i = 1; i < EIGHT; i++) {
            if (numbers[at + i] != first) {
                return false;
            }
        }
        return true;
    }

    private void addRun(int number, int count) {
        endEights();
        int head = count << 1;
        while (head >>> 7 != 0) {
            bytes[size++] = (byte) (head | 0x80);
            head >>>= 7;
        }
        bytes[size++] = (byte) head;
        for (int shift = 0; shift < width; shift += Byte.SIZE) {
            bytes[size++] = (byte) (number >>> shift);
        }
    }

    private void addEight(char[] numbers, int at, int count) {
        if (eights == 0) {
            header = size++;
        }
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            long number = numbers[at + i];
            int bit = i * width;
            if (bit < Long.SIZE) {
                low |= number << bit;
                high |= bit == 0 ? 0 : number >>> Long.SIZE - bit;
            } else {
                high |= number << bit;
            }
        }
        LONG.set(bytes, size, low);
        LONG.set(bytes, size + Long.BYTES, high);
        size += width;
        if (++eights == MAX_EIGHTS) {
            endEights();
        }
    }

    private void endEights() {
        if (eights > 0) {
            bytes[header] = (byte) (eights << 1 | 1);
            eights = 0;
        }
    }
}
