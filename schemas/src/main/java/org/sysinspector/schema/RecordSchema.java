// SPDX-License-Identifier: Apache-2.0
// The layout of one raw record.
package org.sysinspector.schema;

import java.util.List;

/**
 * The layout of one raw record as the BPF programs write it and the log keeps it.
 *
 * @param name lower_snake name; the C struct is {@code si_NAME}
 * @param type code in the high byte of the record's first word, 1 to 255
 * @param ring class of ring it travels in, a value of enum {@code ring_class}
 * @param size bytes of the fixed part, a multiple of 8
 * @param tail whether bytes of variable length follow
 * @param fields the fields, in layout order, without gaps
 * @param doc when it is written and what it holds
 */
public record RecordSchema(
        String name, int type, String ring, int size, boolean tail, List<FieldSchema> fields, String doc) {

    /** Makes a layout that cannot be changed. */
    public RecordSchema {
        fields = List.copyOf(fields);
    }

    /**
     * Returns the offset of a field in bytes.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public int offset(String field) {
        return field(field).offset();
    }

    /**
     * Returns a field.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public FieldSchema field(String field) {
        for (FieldSchema candidate : fields) {
            if (candidate.name().equals(field)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("record " + name + " has no field " + field);
    }
}
