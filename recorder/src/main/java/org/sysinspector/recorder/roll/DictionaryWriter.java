// SPDX-License-Identifier: Apache-2.0
// Dictionary coding of a Parquet column whose values repeat themselves.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.factory.DefaultV2ValuesWriterFactory;
import org.apache.parquet.column.values.factory.ValuesWriterFactory;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Dictionary coding of a Parquet column whose values repeat themselves, several times as fast as Parquet's own where
 * a value is mostly the one before. A column that turns out not to repeat itself goes over to delta coding: with its
 * first page if half of that is unique, with the next page once the dictionary is full. Belongs to one thread.
 */
final class DictionaryWriter extends ValuesWriter {
    private static final int MAX_ENTRIES = 1 << 15;
    private static final int MANY = 1024;

    private final PrimitiveTypeName type;
    private final Supplier<ValuesWriter> other;
    private final int pageBytes;
    private ValuesWriter delta;
    private boolean isDelta;
    private boolean hasPages;

    private int[] indexes = new int[1024];
    private int size;
    private byte[] encoded = new byte[0];

    private int entries;
    private long[] numbers = new long[16];
    private int[] slots = new int[64];
    private Binary[] texts = new Binary[16];
    private final Map<Binary, Integer> textIndexes = new HashMap<>();
    private int textBytes;
    private long lastNumber;
    private int lastIndex = -1;
    private long previousNumber;
    private int previousIndex = -1;
    private Binary lastText;
    private Binary previousText;

    private DictionaryWriter(PrimitiveTypeName type, int pageBytes, Supplier<ValuesWriter> other) {
        this.type = type;
        this.pageBytes = pageBytes;
        this.other = other;
    }

    /** Makes the writers of all columns: this one where a dictionary is asked for, else Parquet's. */
    static ValuesWriterFactory factory() {
        return new Factory();
    }

    @Override
    public void writeLong(long value) {
        if (isDelta) {
            delta.writeLong(value);
        } else {
            add(index(value));
        }
    }

    @Override
    public void writeInteger(int value) {
        if (isDelta) {
            delta.writeInteger(value);
        } else {
            add(index(value));
        }
    }

    @Override
    public void writeBytes(Binary value) {
        if (isDelta) {
            delta.writeBytes(value);
        } else {
            add(index(value));
        }
    }

    private void add(int index) {
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * size);
        }
        indexes[size++] = index;
    }

    private int index(long value) {
        if (value == lastNumber && lastIndex >= 0) {
            return lastIndex;
        }
        if (value == previousNumber && previousIndex >= 0) {
            return remember(value, previousIndex);
        }
        if (2 * entries >= slots.length) {
            rehash();
        }
        int slot = slot(value);
        if (slots[slot] == 0) {
            if (entries == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * entries);
            }
            numbers[entries] = value;
            slots[slot] = ++entries;
        }
        return remember(value, slots[slot] - 1);
    }

    private int remember(long value, int index) {
        previousNumber = lastNumber;
        previousIndex = lastIndex;
        lastNumber = value;
        lastIndex = index;
        return index;
    }

    private int slot(long value) {
        int mask = slots.length - 1;
        int slot = (int) (value * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (slots[slot] != 0 && numbers[slots[slot] - 1] != value) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void rehash() {
        slots = new int[4 * slots.length];
        for (int i = 0; i < entries; i++) {
            slots[slot(numbers[i])] = i + 1;
        }
    }

    // Values come from caches: mostly the very object of one of the last two rows.
    private int index(Binary value) {
        if (value == lastText) {
            return lastIndex;
        }
        int index;
        if (value == previousText) {
            index = previousIndex;
        } else {
            Integer known = textIndexes.get(value);
            index = known == null ? entries : known;
            if (known == null) {
                if (entries == texts.length) {
                    texts = Arrays.copyOf(texts, 2 * entries);
                }
                texts[entries++] = value;
                textIndexes.put(value, index);
                textBytes += value.length() + Integer.BYTES;
            }
        }
        previousText = lastText;
        previousIndex = lastIndex;
        lastText = value;
        lastIndex = index;
        return index;
    }

    @Override
    public long getBufferedSize() {
        if (isDelta) {
            return delta.getBufferedSize();
        }
        // A full dictionary ends the page: the next one is delta-coded.
        return isFull() ? pageBytes : dictionaryBytes() + (long) size * width() / Byte.SIZE;
    }

    @Override
    public BytesInput getBytes() {
        if (!isDelta && !hasPages && size >= MANY && 2 * entries > size) {
            goOver();
            for (int i = 0; i < size; i++) {
                switch (type) {
                    case INT32 -> delta.writeInteger((int) numbers[indexes[i]]);
                    case INT64 -> delta.writeLong(numbers[indexes[i]]);
                    default -> delta.writeBytes(texts[indexes[i]]);
                }
            }
            size = 0;
        }
        if (isDelta) {
            return delta.getBytes();
        }
        hasPages = true;
        int bound = IndexEncoder.bound(size, width());
        if (encoded.length < bound) {
            encoded = new byte[bound];
        }
        return BytesInput.from(encoded, 0, IndexEncoder.encode(indexes, size, width(), encoded));
    }

    @Override
    public Encoding getEncoding() {
        return isDelta ? delta.getEncoding() : Encoding.RLE_DICTIONARY;
    }

    @Override
    public void reset() {
        size = 0;
        if (isDelta) {
            delta.reset();
        } else if (isFull()) {
            goOver();
        }
    }

    @Override
    public DictionaryPage toDictPageAndClose() {
        if (!hasPages) {
            return null;
        }
        ByteBuffer out = ByteBuffer.allocate(dictionaryBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < entries; i++) {
            switch (type) {
                case INT32 -> out.putInt((int) numbers[i]);
                case INT64 -> out.putLong(numbers[i]);
                default -> out.putInt(texts[i].length()).put(texts[i].getBytesUnsafe());
            }
        }
        return new DictionaryPage(BytesInput.from(out.array()), entries, Encoding.PLAIN);
    }

    @Override
    public void resetDictionary() {
        // A writer serves one row group; the store asks for the dictionary again when it closes.
        hasPages = false;
    }

    @Override
    public void close() {
        if (delta != null) {
            delta.close();
        }
    }

    @Override
    public long getAllocatedSize() {
        return (long) indexes.length * Integer.BYTES + encoded.length + numbers.length * 8L + slots.length * 4L
                + textBytes + (delta == null ? 0 : delta.getAllocatedSize());
    }

    @Override
    public String memUsageString(String prefix) {
        return prefix + " DictionaryWriter entries=" + entries + " bytes=" + getAllocatedSize();
    }

    private boolean isFull() {
        return entries > MAX_ENTRIES || textBytes > pageBytes;
    }

    private void goOver() {
        delta = other.get();
        isDelta = true;
    }

    private int width() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, entries - 1));
    }

    private int dictionaryBytes() {
        return switch (type) {
            case INT32 -> entries * Integer.BYTES;
            case INT64 -> entries * Long.BYTES;
            default -> textBytes;
        };
    }

    private static final class Factory implements ValuesWriterFactory {
        private final ValuesWriterFactory others = new DefaultV2ValuesWriterFactory();
        private ParquetProperties properties;

        @Override
        public void initialize(ParquetProperties given) {
            properties = given;
            others.initialize(ParquetProperties.builder()
                    .withPageSize(given.getPageSizeThreshold())
                    .withWriterVersion(given.getWriterVersion())
                    .withDictionaryEncoding(false).build());
        }

        @Override
        public ValuesWriter newValuesWriter(ColumnDescriptor column) {
            return properties.isDictionaryEnabled(column)
                    ? new DictionaryWriter(column.getPrimitiveType().getPrimitiveTypeName(),
                            properties.getPageSizeThreshold(), () -> others.newValuesWriter(column))
                    : others.newValuesWriter(column);
        }
    }
}
