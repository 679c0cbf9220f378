// SPDX-License-Identifier: Apache-2.0
// A column of numbers or truth values.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridValuesWriter;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.sysinspector.schema.ColumnType;

/** A column of numbers or truth values. Its dictionary is small: plain numbers compress as well as ids of many. */
final class NumberColumn extends Column {
    private static final int MAX_DISTINCT_BITS = 12;
    private static final int FIRST_DISTINCT_BITS = 6;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final int position;
    private final ColumnType type;
    private int distinctBits = FIRST_DISTINCT_BITS;
    private long[] dictionary = new long[1 << distinctBits];
    /** Ids plus one, by hash of the number; 0 where there is none. Twice as long as the dictionary. */
    private short[] slots = new short[2 << distinctBits];
    private int distinct;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    /**
     * Makes a column.
     *
     * @param position its position in the table
     * @param type INT64, INT32 or BOOLEAN
     */
    NumberColumn(int position, ColumnType type, ColumnDescriptor descriptor, BytesInputCompressor compressor) {
        super(descriptor, compressor, type != ColumnType.BOOLEAN);
        this.position = position;
        this.type = type;
    }

    @Override
    void add(Row row) throws IOException {
        long[] numbers = row.numbers[position];
        boolean[] absent = row.absent[position];
        int size = row.index();
        addPresence(absent, size);
        int done = isDictionary() ? addIds(numbers, absent, size) : 0;
        if (done < size) {
            addDirect(numbers, absent, done, size);
        }
    }

    /** Adds numbers to the dictionary until it is full; returns how many rows were done. */
    private int addIds(long[] numbers, boolean[] absent, int size) {
        char[] ids = room(size);
        int before = values();
        int at = before;
        long last = 0;
        int id = -1;
        for (int i = 0; i < size; i++) {
            if (absent[i]) {
                continue;
            }
            long number = numbers[i];
            if (number != last || id < 0) {
                id = id(number);
                if (id < 0) {
                    added(at - before);
                    leaveDictionary();
                    return i;
                }
                last = number;
                min = Math.min(min, number);
                max = Math.max(max, number);
            }
            ids[at++] = (char) id;
        }
        added(at - before);
        return size;
    }

    /** Returns the id of a number, -1 if the dictionary has no room for it. */
    private int id(long number) {
        int slot = slot(number);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (distinct == dictionary.length) {
            if (distinctBits == MAX_DISTINCT_BITS) {
                return -1;
            }
            grow();
            slot = slot(number);
        }
        dictionary[distinct++] = number;
        slots[slot] = (short) distinct;
        return distinct - 1;
    }

    /** Returns the slot of a number: where its id is, or where it would go. */
    private int slot(long number) {
        int slot = (int) (number * SPREAD >>> Long.SIZE - 1 - distinctBits);
        while (slots[slot] != 0 && dictionary[slots[slot] - 1] != number) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private void grow() {
        distinctBits++;
        dictionary = Arrays.copyOf(dictionary, 1 << distinctBits);
        slots = new short[2 << distinctBits];
        for (int id = 0; id < distinct; id++) {
            slots[slot(dictionary[id])] = (short) (id + 1);
        }
    }

    private void addDirect(long[] numbers, boolean[] absent, int from, int size) {
        int count = 0;
        for (int i = from; i < size; i++) {
            if (!absent[i]) {
                min = Math.min(min, numbers[i]);
                max = Math.max(max, numbers[i]);
                count++;
            }
        }
        added(count);
        for (ValuesWriter out : direct()) {
            switch (type) {
                case INT64 -> writeLongs(out, numbers, absent, from, size);
                case INT32 -> writeInts(out, numbers, absent, from, size);
                case BOOLEAN -> writeBooleans(out, numbers, absent, from, size);
                case STRING, LIST -> throw new IllegalStateException("not a column of numbers: " + type);
            }
        }
    }

    private static void writeLongs(ValuesWriter out, long[] numbers, boolean[] absent, int from, int size) {
        for (int i = from; i < size; i++) {
            if (!absent[i]) {
                out.writeLong(numbers[i]);
            }
        }
    }

    private static void writeInts(ValuesWriter out, long[] numbers, boolean[] absent, int from, int size) {
        for (int i = from; i < size; i++) {
            if (!absent[i]) {
                out.writeInteger((int) numbers[i]);
            }
        }
    }

    private static void writeBooleans(ValuesWriter out, long[] numbers, boolean[] absent, int from, int size) {
        for (int i = from; i < size; i++) {
            if (!absent[i]) {
                out.writeBoolean(numbers[i] != 0);
            }
        }
    }

    @Override
    int distinct() {
        return distinct;
    }

    @Override
    void clearDictionary() {
        distinct = 0;
        Arrays.fill(slots, (short) 0);
    }

    @Override
    void write(ValuesWriter out, char[] of, int count) {
        for (int i = 0; i < count; i++) {
            if (type == ColumnType.INT64) {
                out.writeLong(dictionary[of[i]]);
            } else {
                out.writeInteger((int) dictionary[of[i]]);
            }
        }
    }

    @Override
    ValuesWriter[] encoders() {
        return switch (type) {
            case INT64 -> new ValuesWriter[] {
                new PlainValuesWriter(FIRST_BYTES, MAX_BYTES, ALLOCATOR),
                new DeltaBinaryPackingValuesWriterForLong(FIRST_BYTES, MAX_BYTES, ALLOCATOR)
            };
            case INT32 -> new ValuesWriter[] {
                new PlainValuesWriter(FIRST_BYTES, MAX_BYTES, ALLOCATOR),
                new DeltaBinaryPackingValuesWriterForInteger(FIRST_BYTES, MAX_BYTES, ALLOCATOR)
            };
            case BOOLEAN -> new ValuesWriter[] {
                new RunLengthBitPackingHybridValuesWriter(1, FIRST_BYTES, MAX_BYTES, ALLOCATOR)
            };
            case STRING, LIST -> throw new IllegalStateException("not a column of numbers: " + type);
        };
    }

    @Override
    Statistics<?> statistics(int nulls) {
        Statistics<?> statistics = Statistics.createStats(descriptor().getPrimitiveType());
        statistics.incrementNumNulls(nulls);
        if (min <= max) {
            switch (type) {
                case INT64 -> update(statistics, min, max);
                case INT32 -> update(statistics, (int) min, (int) max);
                case BOOLEAN -> update(statistics, min != 0, max != 0);
                case STRING, LIST -> throw new IllegalStateException("not a column of numbers: " + type);
            }
        }
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
        return statistics;
    }

    private static void update(Statistics<?> statistics, long min, long max) {
        statistics.updateStats(min);
        statistics.updateStats(max);
    }

    private static void update(Statistics<?> statistics, int min, int max) {
        statistics.updateStats(min);
        statistics.updateStats(max);
    }

    private static void update(Statistics<?> statistics, boolean min, boolean max) {
        statistics.updateStats(min);
        statistics.updateStats(max);
    }
}
