// SPDX-License-Identifier: Apache-2.0
// Where things lie in an io ring.
package org.sysinspector.recorder.bpf;

/**
 * Layout of one CPU's io ring, {@code struct si_io_ring} in {@code bpf/include/io_ring.h}; {@code RecordLayout} has that of a
 * record. All values are little-endian.
 *
 * <pre>
 * 0         8        16       24       32          128          4096                 4096 + size
 * +---------+--------+--------+--------+-----------+-----+------+--------------------+------------------+
 * | u64 head| u64    | u64    | u64    | u64       | ... | u64  | records            | end of a record  |
 * |         | seen   | lost   | no_slot| collided  |     | tail |                    | that runs over   |
 * +---------+--------+--------+--------+-----------+-----+------+--------------------+------------------+
 *
 * a record's header: length (32 bits), number of its first operation on this CPU (the low 32 bits)
 * </pre>
 *
 * <p>The operations are numbered as they are seen, lost ones included: where two records do not follow each other, what is
 * between them was lost.
 */
final class IoRingLayout {
    static final int HEAD = 0;
    static final int SEEN = 8;
    static final int LOST = 16;
    static final int NO_SLOT = 24;
    static final int COLLIDED = 32;
    static final int TAIL = 128;
    static final int RECORDS_AT = 4096;
    static final int OVERRUN_BYTES = 4096;

    private IoRingLayout() {}
}
