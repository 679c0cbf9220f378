// SPDX-License-Identifier: Apache-2.0
// Makes a table row of a raw record.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.sysinspector.recorder.parquet.Row;

/** Makes a table row of a raw record. Belongs to one thread. */
interface RowFiller {
    /**
     * Fills a row.
     *
     * @param record little-endian bytes that hold the record
     * @param at index of its payload in them
     * @param row to be filled whole
     * @throws IOException if the log cannot be read
     */
    void fill(ByteBuffer record, int at, Row row) throws IOException;
}
