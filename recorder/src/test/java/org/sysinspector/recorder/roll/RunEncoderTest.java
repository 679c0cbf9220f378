// SPDX-License-Identifier: Apache-2.0
// Levels and ids are encoded to the same bytes as by Parquet's own encoder.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunEncoderTest {
    private static final int ROUNDS = 300;
    private static final int MOST = 3000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16})
    void bytesAreThoseOfParquet(int width) throws IOException {
        Random random = new Random(width);
        for (int round = 0; round < ROUNDS; round++) {
            char[] numbers = new char[random.nextInt(round < ROUNDS / 2 ? 40 : MOST)];
            // From numbers that all differ to few long runs.
            int longest = 1 + random.nextInt(1 << random.nextInt(11));
            int at = 0;
            while (at < numbers.length) {
                char number = (char) random.nextInt(1 << width);
                int end = Math.min(numbers.length, at + 1 + random.nextInt(longest));
                while (at < end) {
                    numbers[at++] = number;
                }
            }
            assertArrayEquals(expected(width, numbers), bytes(RunEncoder.encode(width, numbers, numbers.length)),
                    "width=" + width + " round=" + round);
        }
    }

    private static byte[] expected(int width, char[] numbers) throws IOException {
        try (RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, Column.ALLOCATOR)) {
            for (char number : numbers) {
                encoder.writeInt(number);
            }
            return bytes(encoder.toBytes());
        }
    }

    private static byte[] bytes(BytesInput input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        input.writeAllTo(out);
        return out.toByteArray();
    }
}
