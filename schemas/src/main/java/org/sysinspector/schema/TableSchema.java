// SPDX-License-Identifier: Apache-2.0
// One table of a capture.
package org.sysinspector.schema;

import java.util.List;

/**
 * One table of a capture; its files are {@code tables/NAME/NNNNNN.parquet}.
 *
 * @param name lower_snake name
 * @param doc what a row is
 * @param cut whether a part of the time leaves out rows of it; what says who is who stays whole
 * @param events whether a row is an event, as counted for people; the others are state and samples
 * @param columns the columns, in file order
 */
public record TableSchema(String name, String doc, boolean cut, boolean events, List<ColumnSchema> columns) {

    /** Makes a table that cannot be changed. */
    public TableSchema {
        columns = List.copyOf(columns);
    }

    /**
     * Returns the position of a column.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public int columnIndex(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("table " + name + " has no column " + column);
    }
}
