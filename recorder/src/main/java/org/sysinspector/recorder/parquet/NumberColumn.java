// SPDX-License-Identifier: Apache-2.0
// A column of numbers or truth values.
package org.sysinspector.recorder.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridValuesWriter;
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
    /** The numbers of a batch that are there, where some are absent. */
    private long[] present = {};
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    /**
     * Makes a column.
     *
     * @param position its position in the table
     * @param type INT64, INT32 or BOOLEAN
     */
    NumberColumn(int position, ColumnType type, ColumnDescriptor descriptor, PageCompressor compressor) {
        super(descriptor, compressor, type != ColumnType.BOOLEAN);
        this.position = position;
        this.type = type;
    }

    @Override
    void add(Row row) throws IOException {
        long[] numbers = row.numbers(position);
        int size = row.index();
        if (!addPresence(row, position)) {
            size = pick(numbers, row.absent(position), size);
            numbers = present;
        }
        int done = isDictionary() ? addIds(numbers, size) : 0;
        if (done < size) {
            addDirect(numbers, done, size);
        }
    }

    /** Puts the numbers that are there one after the other; returns how many they are. */
    private int pick(long[] numbers, boolean[] absent, int size) {
        if (present.length < size) {
            present = new long[Row.BATCH];
        }
        int count = 0;
        for (int i = 0; i < size; i++) {
            present[count] = numbers[i];
            count += absent[i] ? 0 : 1;
        }
        return count;
    }

    /** Adds numbers to the dictionary until it is full; returns how many were added. */
    private int addIds(long[] numbers, int size) {
        char[] ids = room(size);
        int before = values();
        boolean isOne = size > 0 && Arrays.mismatch(numbers, 0, size - 1, numbers, 1, size) < 0;
        int one = isOne ? id(numbers[0]) : -1;
        if (one >= 0) {
            Arrays.fill(ids, before, before + size, (char) one);
            bound(numbers, 0, 1);
            added(size);
            return size;
        }
        int done = 0;
        while (done < size) {
            int id = id(numbers[done]);
            if (id < 0) {
                break;
            }
            ids[before + done++] = (char) id;
        }
        bound(numbers, 0, done);
        added(done);
        if (done < size) {
            leaveDictionary();
        }
        return done;
    }

    /** Takes in numbers as possible bounds. */
    private void bound(long[] numbers, int from, int to) {
        long least = min;
        long most = max;
        for (int i = from; i < to; i++) {
            least = Math.min(least, numbers[i]);
            most = Math.max(most, numbers[i]);
        }
        min = least;
        max = most;
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

    private void addDirect(long[] numbers, int from, int size) {
        bound(numbers, from, size);
        added(size - from);
        for (ValuesWriter out : direct()) {
            switch (type) {
                case INT64 -> writeLongs(out, numbers, from, size);
                case INT32 -> writeInts(out, numbers, from, size);
                case BOOLEAN -> writeBooleans(out, numbers, from, size);
                case STRING, LIST -> throw new IllegalStateException("not a column of numbers: " + type);
            }
        }
    }

    private static void writeLongs(ValuesWriter out, long[] numbers, int from, int size) {
        for (int i = from; i < size; i++) {
            out.writeLong(numbers[i]);
        }
    }

    private static void writeInts(ValuesWriter out, long[] numbers, int from, int size) {
        for (int i = from; i < size; i++) {
            out.writeInteger((int) numbers[i]);
        }
    }

    private static void writeBooleans(ValuesWriter out, long[] numbers, int from, int size) {
        for (int i = from; i < size; i++) {
            out.writeBoolean(numbers[i] != 0);
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
    long plainBytes() {
        return (long) values() * Long.BYTES;
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
