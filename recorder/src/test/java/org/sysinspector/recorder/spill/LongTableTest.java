// SPDX-License-Identifier: Apache-2.0
// Tables hold and sort the same numbers whether they are on the heap or in the file.
package org.sysinspector.recorder.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongTableTest {
    private static final int ROWS = 50_021;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {0, 300_000, 1 << 30})
    void whatIsAddedIsSortedAndReadOnTheHeapAndInTheFile(long heapBytes) throws IOException {
        Random random = new Random(7);
        List<Long> expected = new ArrayList<>();
        try (Scratch scratch = new Scratch(directory.resolve("scratch"), heapBytes)) {
            LongTable table = new LongTable(scratch, 3);
            for (int i = 0; i < ROWS; i++) {
                long value = random.nextLong() >>> random.nextInt(Long.SIZE);
                expected.add(value);
                int row = table.add();
                table.set(row, 0, ~value);
                table.set(row, 1, value);
                table.set(row, 2, i);
            }
            for (int i = 0; i < ROWS; i++) {
                assertEquals(expected.get(i), table.get(i, 1));
            }
            table.sort((i, j) -> table.get(i, 1) < table.get(j, 1));
            List<Long> sorted = expected.stream().sorted().toList();
            for (int i = 0; i < ROWS; i++) {
                assertEquals(sorted.get(i), table.get(i, 1));
                assertEquals(~sorted.get(i), table.get(i, 0));
                assertEquals(sorted.get(i), expected.get((int) table.get(i, 2)));
            }
            assertEquals(heapBytes < (1 << 30), scratch.fileBytes() > 0);
        }
    }

    @Test
    void whatWasThereBeforeIsUsedAgainAndNewRowsOfZerosAreZero() throws IOException {
        try (Scratch scratch = new Scratch(directory.resolve("scratch"), 1 << 17)) {
            PairList pairs = new PairList(scratch);
            for (int i = 0; i < ROWS; i++) {
                pairs.add(-1, -1);
            }
            long bytes = scratch.fileBytes();
            scratch.reset();
            LongTable table = new LongTable(scratch, 2);
            table.resize(ROWS);
            for (int i = 0; i < ROWS; i++) {
                assertEquals(0, table.get(i, 0) | table.get(i, 1));
            }
            assertEquals(bytes, scratch.fileBytes());
        }
    }

    @Test
    void theFileHasNoName() throws IOException {
        try (Scratch scratch = new Scratch(directory.resolve("scratch"), 0); Stream<Path> files = Files.list(directory)) {
            new LongTable(scratch, 1).resize(1);
            assertTrue(scratch.fileBytes() > 0);
            assertEquals(List.of(), files.toList());
        }
    }
}
