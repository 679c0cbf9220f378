// SPDX-License-Identifier: Apache-2.0
// The types a table column can have.
package org.sysinspector.schema;

import java.util.Locale;

/** The types a table column can have, named as in the event schemas. */
public enum ColumnType {
    /** 64-bit signed integer. */
    INT64("BIGINT"),
    /** 32-bit signed integer. */
    INT32("INTEGER"),
    /** True or false. */
    BOOLEAN("BOOLEAN"),
    /** Text in US-ASCII; bytes outside it are written as {@code \xHH}. */
    STRING("VARCHAR"),
    /** List of {@link #STRING}. */
    LIST("VARCHAR[]");

    private final String sqlName;

    ColumnType(String sqlName) {
        this.sqlName = sqlName;
    }

    /** Returns the SQL name of the type, as DuckDB spells it. */
    public String sqlName() {
        return sqlName;
    }

    static ColumnType of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
