// SPDX-License-Identifier: Apache-2.0
// One column of a table.
package org.sysinspector.schema;

/**
 * One column of a table.
 *
 * @param name lower_snake name
 * @param type its type
 * @param unit unit of the values, empty if they have none
 * @param nullable whether a value may be absent
 * @param doc one sentence of meaning
 */
public record ColumnSchema(String name, ColumnType type, String unit, boolean nullable, String doc) {}
