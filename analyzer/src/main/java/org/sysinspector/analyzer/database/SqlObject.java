// SPDX-License-Identifier: Apache-2.0
// A view, table or macro that a SQL module defines, with its documentation.
package org.sysinspector.analyzer.database;

import java.util.List;

/**
 * A view, table or macro that a SQL module defines.
 *
 * @param name its name
 * @param kind view, table or macro
 * @param module path of its module, such as {@code process/process.sql}
 * @param doc what a row is (for a macro what it gives)
 * @param columns the columns as documented, in order; none for a macro
 * @param materialize whether it is worth keeping where several queries follow each other
 * @param sql the statement that defines it
 */
public record SqlObject(
        String name, String kind, String module, String doc, List<Column> columns, boolean materialize, String sql) {

    /**
     * A column as documented.
     *
     * @param name its name
     * @param unit unit of its values, empty if they have none
     * @param doc what it means
     */
    public record Column(String name, String unit, String doc) {}
}
