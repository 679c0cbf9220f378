// SPDX-License-Identifier: Apache-2.0
// A column of a table file: takes in values a batch at a time, makes pages of them.
package org.sysinspector.recorder.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/**
 * A column of a table file: takes in values a batch at a time and makes pages of them, with Parquet's own encoders
 * and page writer. Belongs to one thread.
 *
 * <p>A column chunk begins with a dictionary. It goes on with it where the values repeat themselves. Where they do
 * not, the first page is encoded in every way there is and compressed; the way that was shortest serves the rest of the
 * chunk. Numbers in a dictionary are found and not encoded one by one, which is what makes the roller fast: most
 * columns are runs of few values.
 */
abstract class Column implements AutoCloseable {
    static final ByteBufferAllocator ALLOCATOR = HeapByteBufferAllocator.getInstance();
    static final int FIRST_BYTES = 1 << 10;
    static final int MAX_BYTES = 1 << 20;

    /** Dictionaries of so many entries at most, used so often each, are good without being compared. */
    private static final int SMALL_DICTIONARY = 256;
    private static final int GOOD_USE = 4;
    /** Ids wider than this many bits take whole bytes, unless they are shorter without: ZSTD sees only bytes. */
    private static final int MAX_ODD_WIDTH = 3;
    /** A page without its dictionary may be so many times as long as one that never had one. */
    private static final int PLAIN_SHARE = 4;
    private static final int FIRST_VALUES = 1024;

    private final ColumnDescriptor descriptor;
    private final PageCompressor compressor;
    private final boolean hasDictionary;
    private final RunLengthBitPackingHybridEncoder definitions;
    private final RunLengthBitPackingHybridEncoder repetitions;
    private PageWriter pages;
    private ValuesWriter[] direct = {};
    private boolean isDictionary;
    private boolean isDictionaryUsed;
    private boolean isChosen;
    private boolean isWholeBytes;
    private char[] ids = new char[FIRST_VALUES];
    private int values;
    private int nulls;

    /**
     * Makes a column.
     *
     * @param descriptor what Parquet calls it
     * @param compressor compresses its pages
     * @param hasDictionary whether a dictionary is possible
     */
    Column(ColumnDescriptor descriptor, PageCompressor compressor, boolean hasDictionary) {
        this.descriptor = descriptor;
        this.compressor = compressor;
        this.hasDictionary = hasDictionary;
        this.definitions = levels(descriptor.getMaxDefinitionLevel());
        this.repetitions = levels(descriptor.getMaxRepetitionLevel());
    }

    private static RunLengthBitPackingHybridEncoder levels(int max) {
        return max == 0 ? null : encoder(BytesUtils.getWidthFromMaxInt(max));
    }

    private static RunLengthBitPackingHybridEncoder encoder(int width) {
        return new RunLengthBitPackingHybridEncoder(width, FIRST_BYTES, MAX_BYTES, ALLOCATOR);
    }

    /** Takes in the values of a batch. */
    abstract void add(Row row) throws IOException;

    /** Returns the entries of the dictionary. */
    abstract int distinct();

    /** Forgets the dictionary. */
    abstract void clearDictionary();

    /** Writes values by their ids in the dictionary. */
    abstract void write(ValuesWriter out, char[] of, int count);

    /** Returns the encoders for values without a dictionary, in order of preference. */
    abstract ValuesWriter[] encoders();

    /** Returns what is known of the values of the page at hand, some of them absent; forgets it. */
    abstract Statistics<?> statistics(int absent);

    /** Begins a column chunk. */
    final void begin(PageWriter writer) {
        pages = writer;
        isChosen = false;
        isWholeBytes = true;
        isDictionaryUsed = false;
        isDictionary = hasDictionary;
        closeDirect();
        if (!hasDictionary) {
            direct = encoders();
        }
    }

    final ColumnDescriptor descriptor() {
        return descriptor;
    }

    final PageCompressor compressor() {
        return compressor;
    }

    final boolean isDictionary() {
        return isDictionary;
    }

    /** Returns the encoders to write values to: none while there is a dictionary, several while they are compared. */
    final ValuesWriter[] direct() {
        return direct;
    }

    /** Adds the definition levels of the values of a batch; returns whether none is absent. */
    final boolean addPresence(Row row, int position) throws IOException {
        boolean isWhole = !row.isAbsent(position);
        if (definitions == null) {
            return isWhole;
        }
        boolean[] absent = row.absent(position);
        for (int i = 0; i < row.index(); i++) {
            definitions.writeInt(absent[i] ? 0 : 1);
            nulls += absent[i] ? 1 : 0;
        }
        return isWhole;
    }

    /** Adds the levels of an element of a list, or of a list that has none. */
    final void addLevels(int repetition, int definition) throws IOException {
        repetitions.writeInt(repetition);
        definitions.writeInt(definition);
        if (definition < descriptor.getMaxDefinitionLevel()) {
            nulls++;
        }
    }

    /** Returns the ids of the values of the page, with room for some more. */
    final char[] room(int more) {
        if (ids.length - values < more) {
            ids = Arrays.copyOf(ids, Math.max(ids.length * 2, values + more));
        }
        return ids;
    }

    /** Returns the values in the page at hand. */
    final int values() {
        return values;
    }

    /** Counts values that were added. */
    final void added(int count) {
        values += count;
    }

    /** Goes on without a dictionary: the values of the page at hand are encoded again. */
    final void leaveDictionary() {
        direct = encoders();
        for (ValuesWriter writer : direct) {
            write(writer, ids, values);
        }
        isDictionary = false;
        isChosen = false;
    }

    /**
     * Returns the bytes of the page at hand, not compressed: of the longest encoding while they are compared, and where it
     * may yet leave its dictionary, a share of what it takes then.
     */
    final long bytes() {
        if (isDictionary) {
            return Math.max((long) values * Character.BYTES, plainBytes() / PLAIN_SHARE);
        }
        long most = 0;
        for (ValuesWriter writer : direct) {
            most = Math.max(most, writer.getBufferedSize());
        }
        return most;
    }

    /** Returns the bytes of the page at hand without a dictionary, as far as they may be many times those with it. */
    abstract long plainBytes();

    /** Ends the page at hand. */
    final void endPage(int rows) throws IOException {
        Encoding encoding = Encoding.PLAIN;
        BytesInput data = BytesInput.empty();
        if (values > 0) {
            boolean isFirst = !isChosen;
            if (isFirst) {
                choose();
                isChosen = true;
            }
            encoding = isDictionary ? Encoding.RLE_DICTIONARY : direct[0].getEncoding();
            data = isDictionary ? idBytes(isWholeBytes) : direct[0].getBytes();
            isDictionaryUsed |= isDictionary;
            if (isFirst) {
                compressor.choose(data);
            }
        }
        pages.writePageV2(rows, nulls, values + nulls, bytes(repetitions), bytes(definitions), encoding, data,
                statistics(nulls));
        reset(repetitions);
        reset(definitions);
        if (direct.length > 0) {
            direct[0].reset();
        }
        values = 0;
        nulls = 0;
    }

    /** Ends the column chunk; all pages are ended. */
    final void endChunk() throws IOException {
        if (isDictionaryUsed) {
            pages.writeDictionaryPage(new DictionaryPage(dictionaryBytes(), distinct(), Encoding.PLAIN));
        }
        clearDictionary();
    }

    /** Chooses how to encode the rest of the chunk. */
    private void choose() throws IOException {
        long shortest = Long.MAX_VALUE;
        if (isDictionary) {
            if (distinct() <= SMALL_DICTIONARY && distinct() * GOOD_USE <= values) {
                return;
            }
            long whole = compressor.size(idBytes(true));
            long odd = compressor.size(idBytes(false));
            isWholeBytes = whole <= odd;
            shortest = compressor.size(dictionaryBytes()) + Math.min(whole, odd);
            leaveDictionary();
            isDictionary = true;
        }
        ValuesWriter best = null;
        for (ValuesWriter writer : direct) {
            long size = direct.length == 1 && !isDictionary ? 0 : compressor.size(writer.getBytes());
            if (size < shortest) {
                shortest = size;
                best = writer;
            }
        }
        for (ValuesWriter writer : direct) {
            if (writer != best) {
                writer.close();
            }
        }
        direct = best == null ? new ValuesWriter[0] : new ValuesWriter[] {best};
        isDictionary = best == null;
    }

    private BytesInput dictionaryBytes() {
        char[] all = new char[distinct()];
        for (int i = 0; i < all.length; i++) {
            all[i] = (char) i;
        }
        PlainValuesWriter out = new PlainValuesWriter(FIRST_BYTES, MAX_BYTES, ALLOCATOR);
        write(out, all, all.length);
        return out.getBytes();
    }

    /** Returns the ids as Parquet has them in a page: the width, then runs. */
    private BytesInput idBytes(boolean isWhole) throws IOException {
        int width = BytesUtils.getWidthFromMaxInt(distinct() - 1);
        if (isWhole && width > MAX_ODD_WIDTH) {
            width = width + Byte.SIZE - 1 & -Byte.SIZE;
        }
        RunLengthBitPackingHybridEncoder out = encoder(width);
        for (int i = 0; i < values; i++) {
            out.writeInt(ids[i]);
        }
        return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), out.toBytes());
    }

    private static BytesInput bytes(RunLengthBitPackingHybridEncoder levels) throws IOException {
        return levels == null ? BytesInput.empty() : levels.toBytes();
    }

    private static void reset(RunLengthBitPackingHybridEncoder levels) {
        if (levels != null) {
            levels.reset();
        }
    }

    private void closeDirect() {
        for (ValuesWriter writer : direct) {
            writer.close();
        }
        direct = new ValuesWriter[0];
    }

    @Override
    public void close() {
        closeDirect();
    }
}
