// SPDX-License-Identifier: Apache-2.0
// One field of a raw record.
package org.sysinspector.schema;

/**
 * One field of a raw record, little-endian.
 *
 * @param name lower_snake name, the same in C
 * @param ctype its C type: u8, u16, u32, u64, s32, s64 or char[N]
 * @param offset bytes from the start of the record
 * @param size bytes it takes
 * @param unit unit of the values, empty if they have none
 * @param doc one sentence of meaning
 */
public record FieldSchema(String name, String ctype, int offset, int size, String unit, String doc) {}
