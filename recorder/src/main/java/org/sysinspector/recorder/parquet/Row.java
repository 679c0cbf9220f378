// SPDX-License-Identifier: Apache-2.0
// The row at hand, in a batch of rows that is kept by column.
package org.sysinspector.recorder.parquet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.TableSchema;

/**
 * The row at hand, in a batch of rows that is kept by column: Parquet encodes a column at a time much faster than a
 * row at a time. Every column is to be set for every row (or {@link #clear} called first): what was there before is
 * another row's. Columns are addressed by their position in the table. Belongs to one thread.
 */
public final class Row {
    /** Rows in a batch. */
    public static final int BATCH = 1024;

    /** A batch ends once its texts take so much, about: they may be long. */
    private static final long MOST_TEXT_BYTES = 1 << 20;
    private static final int TEXT_OBJECT_BYTES = 64;
    private static final boolean[] PRESENT = new boolean[BATCH];

    private final long[][] numbers;
    private final Binary[][] texts;
    private final boolean[][] absent;
    private final Binary[][] lists;
    /** The elements of the list of the row at hand; a table has one such column at most. */
    private final List<Binary> list = new ArrayList<>();

    private int index;
    private long textBytes;

    Row(TableSchema table) {
        List<ColumnSchema> columns = table.columns();
        numbers = new long[columns.size()][];
        texts = new Binary[columns.size()][];
        absent = new boolean[columns.size()][BATCH];
        boolean hasList = false;
        for (int i = 0; i < numbers.length; i++) {
            switch (columns.get(i).type()) {
                case INT64, INT32, BOOLEAN -> numbers[i] = new long[BATCH];
                case STRING -> texts[i] = new Binary[BATCH];
                case LIST -> numbers[i] = new long[BATCH];
            }
            hasList |= columns.get(i).type() == ColumnType.LIST;
        }
        lists = hasList ? new Binary[BATCH][] : null;
    }

    /** Returns the numbers of a column in the batch, by row; to be filled, too. */
    public long[] numbers(int column) {
        return numbers[column];
    }

    /** Returns the texts of a column in the batch, by row; to be filled, too. */
    public Binary[] texts(int column) {
        return texts[column];
    }

    /** Returns which values of a column are absent in the batch, by row; to be filled, too. */
    public boolean[] absent(int column) {
        return absent[column];
    }

    /** Returns the lists in the batch, by row. */
    Binary[][] lists() {
        return lists;
    }

    /** Adds an element to the list of the row at hand. */
    public void addElement(Binary element) {
        textBytes += element.length() + TEXT_OBJECT_BYTES;
        list.add(element);
    }

    /** Returns the rows in the batch before the one at hand. */
    int index() {
        return index;
    }

    /** Goes on to the next row; returns whether the batch is full, by rows or by bytes. */
    boolean next() {
        if (lists != null) {
            lists[index] = list.toArray(new Binary[0]);
        }
        index++;
        return index == BATCH || textBytes >= MOST_TEXT_BYTES;
    }

    /** Goes on by some rows that were set by column, in a table without lists. */
    void advance(int rows) {
        index += rows;
    }

    /** Returns whether a value of a column is absent in the batch before the row at hand. */
    boolean isAbsent(int column) {
        return !Arrays.equals(absent[column], 0, index, PRESENT, 0, index);
    }

    /** Starts a new batch. */
    void restart() {
        for (Binary[] column : texts) {
            if (column != null && textBytes >= MOST_TEXT_BYTES) {
                Arrays.fill(column, null);
            }
        }
        if (lists != null) {
            Arrays.fill(lists, null);
        }
        index = 0;
        textBytes = 0;
    }

    /** Makes all values absent. */
    public void clear() {
        for (boolean[] column : absent) {
            column[index] = true;
        }
        list.clear();
    }

    /** Sets a number. */
    public void set(int column, long value) {
        numbers[column][index] = value;
        absent[column][index] = false;
    }

    /** Sets a number of 1 or 0. */
    public void set(int column, boolean value) {
        set(column, value ? 1L : 0L);
    }

    /** Sets a text; null makes the value absent. */
    public void set(int column, Binary value) {
        texts[column][index] = value;
        absent[column][index] = value == null;
    }

    /** Sets a text; null makes the value absent. */
    public void set(int column, String value) {
        textBytes += value == null ? 0 : value.length() + TEXT_OBJECT_BYTES;
        set(column, value == null ? null : Binary.fromString(value));
    }

    /** Sets a number where it is known, else makes the value absent. */
    public void set(int column, long value, boolean known) {
        numbers[column][index] = value;
        absent[column][index] = !known;
    }

    /** Makes a value absent. */
    public void setNull(int column) {
        absent[column][index] = true;
    }

    /** Returns a text that was set. */
    public Binary text(int column) {
        return texts[column][index];
    }
}
