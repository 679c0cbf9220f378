// SPDX-License-Identifier: Apache-2.0
// One row on its way into a table, reused for every row.
package org.sysinspector.recorder.roll;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.schema.TableSchema;

/**
 * One row on its way into a table, reused for every row: a value stays until it is set anew, so a writer sets every
 * column each time. Columns are addressed by their position in the table. Belongs to one thread.
 */
final class Row {
    final long[] numbers;
    final Binary[] texts;
    final boolean[] absent;
    final List<Binary> list = new ArrayList<>();

    Row(TableSchema table) {
        int columns = table.columns().size();
        numbers = new long[columns];
        texts = new Binary[columns];
        absent = new boolean[columns];
    }

    /** Makes all values absent. */
    void clear() {
        Arrays.fill(absent, true);
        list.clear();
    }

    void set(int column, long value) {
        numbers[column] = value;
        absent[column] = false;
    }

    void set(int column, boolean value) {
        set(column, value ? 1L : 0L);
    }

    /** Sets a text; null makes the value absent. */
    void set(int column, Binary value) {
        texts[column] = value;
        absent[column] = value == null;
    }

    /** Sets a text; null makes the value absent. */
    void set(int column, String value) {
        set(column, value == null ? null : Binary.fromString(value));
    }

    /** Sets a number where it is known, else makes the value absent. */
    void set(int column, long value, boolean known) {
        numbers[column] = value;
        absent[column] = !known;
    }

    void setNull(int column) {
        absent[column] = true;
    }
}
