// SPDX-License-Identifier: Apache-2.0
// A column of texts or of lists of texts.
package org.sysinspector.recorder.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.io.api.Binary;

/** A column of texts or of lists of texts. It has no statistics: of paths they would be long and of little use. */
final class TextColumn extends Column {
    private static final int MAX_DISTINCT = 1 << 16;
    private static final int MAX_DICTIONARY_BYTES = 1 << 20;
    /** What an entry of a dictionary takes beside its text, about. */
    private static final int ENTRY_BYTES = 64;
    /** The entries of a dictionary that a text is compared with by identity: names of operations, say. */
    private static final int FIRST_ENTRIES = 4;

    private final int position;
    private final boolean isList;
    private Binary[] dictionary = new Binary[64];
    /** Ids plus one, by hash of the text; 0 where there is none. At least twice as long as the dictionary. */
    private int[] slots = new int[128];
    private int distinct;
    private long dictionaryBytes;
    /** Bytes that the texts of the page at hand would take without the dictionary: it may be left at any value. */
    private long textBytes;

    /**
     * Makes a column.
     *
     * @param position its position in the table
     * @param isList whether a value is a list
     */
    TextColumn(int position, boolean isList, ColumnDescriptor descriptor, PageCompressor compressor) {
        super(descriptor, compressor, true);
        this.position = position;
        this.isList = isList;
    }

    @Override
    void add(Row row) throws IOException {
        boolean[] absent = row.absent(position);
        int size = row.index();
        if (isList) {
            addLists(row.lists(), absent, size);
        } else {
            boolean isWhole = addPresence(row, position);
            Binary[] texts = row.texts(position);
            int done = size > 0 && isWhole && isDictionary() ? addFirst(texts, size) : 0;
            addTexts(texts, absent, done, size);
        }
    }

    /** Adds the texts that a batch begins with and that are one, if that is all or most; returns how many they were. */
    private int addFirst(Binary[] texts, int size) {
        int same = 1;
        while (same < size && texts[same] == texts[0]) {
            same++;
        }
        int id = same * 2 < size ? -1 : id(texts[0]);
        if (id < 0) {
            return 0;
        }
        textBytes += (long) same * texts[0].length();
        Arrays.fill(room(same), values(), values() + same, (char) id);
        added(same);
        return same;
    }

    private void addTexts(Binary[] texts, boolean[] absent, int from, int size) {
        Binary last = null;
        int id = -1;
        for (int i = from; i < size; i++) {
            if (absent[i]) {
                continue;
            }
            if (texts[i] != last) {
                last = texts[i];
                id = add(last);
            } else if (id < 0) {
                add(last);
            } else {
                add(id);
            }
        }
    }

    private void addLists(Binary[][] lists, boolean[] absent, int size) throws IOException {
        int present = descriptor().getMaxDefinitionLevel();
        for (int i = 0; i < size; i++) {
            if (absent[i] || lists[i].length == 0) {
                // An empty list is one level short of an element, an absent one is at the bottom.
                addLevels(0, absent[i] ? 0 : present - 1);
            } else {
                for (int element = 0; element < lists[i].length; element++) {
                    addLevels(element == 0 ? 0 : 1, present);
                    add(lists[i][element]);
                }
            }
        }
    }

    /** Adds a text; returns its id, -1 if there is no dictionary. */
    private int add(Binary text) {
        if (isDictionary()) {
            int id = id(text);
            if (id >= 0) {
                add(id);
                return id;
            }
            leaveDictionary();
        }
        for (ValuesWriter out : direct()) {
            out.writeBytes(text);
        }
        added(1);
        return -1;
    }

    private void add(int id) {
        textBytes += dictionary[id].length();
        room(1)[values()] = (char) id;
        added(1);
    }

    /** Returns the id of a text, -1 if the dictionary has no room for it. */
    private int id(Binary text) {
        for (int id = 0; id < Math.min(distinct, FIRST_ENTRIES); id++) {
            if (dictionary[id] == text) {
                return id;
            }
        }
        int slot = slot(text);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        dictionaryBytes += text.length() + ENTRY_BYTES;
        if (distinct == MAX_DISTINCT || dictionaryBytes > MAX_DICTIONARY_BYTES) {
            return -1;
        }
        if (distinct == dictionary.length) {
            grow();
            slot = slot(text);
        }
        dictionary[distinct++] = text;
        slots[slot] = distinct;
        return distinct - 1;
    }

    /** Returns the slot of a text: where its id is, or where it would go. */
    private int slot(Binary text) {
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 15) & slots.length - 1;
        while (slots[slot] != 0 && !dictionary[slots[slot] - 1].equals(text)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private void grow() {
        dictionary = Arrays.copyOf(dictionary, dictionary.length * 2);
        slots = new int[slots.length * 2];
        for (int id = 0; id < distinct; id++) {
            slots[slot(dictionary[id])] = id + 1;
        }
    }

    @Override
    int distinct() {
        return distinct;
    }

    @Override
    void clearDictionary() {
        Arrays.fill(dictionary, 0, distinct, null);
        Arrays.fill(slots, 0);
        distinct = 0;
        dictionaryBytes = 0;
    }

    @Override
    void write(ValuesWriter out, char[] of, int count) {
        for (int i = 0; i < count; i++) {
            out.writeBytes(dictionary[of[i]]);
        }
    }

    @Override
    ValuesWriter[] encoders() {
        return new ValuesWriter[] {
            new DeltaByteArrayWriter(FIRST_BYTES, MAX_BYTES, ALLOCATOR),
            new PlainValuesWriter(FIRST_BYTES, MAX_BYTES, ALLOCATOR)
        };
    }

    @Override
    long plainBytes() {
        return textBytes;
    }

    @Override
    Statistics<?> statistics(int nulls) {
        textBytes = 0;
        return Statistics.noopStats(descriptor().getPrimitiveType());
    }
}
