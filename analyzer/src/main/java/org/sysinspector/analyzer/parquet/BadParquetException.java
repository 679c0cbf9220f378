// SPDX-License-Identifier: Apache-2.0
// A Parquet file that cannot be one of a capture.
package org.sysinspector.analyzer.parquet;

/** A Parquet file that cannot be one of a capture; the message says what is wrong with it, without naming it. */
public final class BadParquetException extends Exception {
    private static final long serialVersionUID = 1L;

    BadParquetException(String message) {
        super(message);
    }
}
