// SPDX-License-Identifier: Apache-2.0
// Where things lie in a segment of the log.
package org.sysinspector.recorder.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Layout of a segment file: a file header, then blocks, the last of which says that it is the last. All values are
 * little-endian, all parts multiples of 8 bytes.
 *
 * <pre>
 * file header, 64 bytes
 * 0                    8        12        16                   32
 * +--------------------+--------+---------+--------------------+
 * | magic              | version| segment | capture id         |
 * +--------------------+--------+---------+----------+---------+
 * | first sequence     | events before    | zero     | CRC32C  |
 * +--------------------+------------------+----------+---------+
 * 32                   40                 48         60        64
 *
 * block header, 64 bytes, then the payload
 * 0        4          8         12        16     17     18    20       24               32
 * +--------+----------+---------+---------+------+------+-----+--------+----------------+
 * | magic  | header   | payload | payload | kind | ring | cpu | events | sequence       |
 * |        | CRC32C   | bytes   | CRC32C  |      | class|     |        |                |
 * +--------+----------+---------+---------+------+------+-----+--------+----------------+
 * | events before     | lost before       | first ns          | last ns                 |
 * +-------------------+-------------------+-------------------+-------------------------+
 * 32                  40                  48                  56                        64
 * </pre>
 *
 * <p>The file header's magic, its size and the place of its CRC (over the bytes before it) stay the same in all
 * versions, so that a damaged version number is not taken for a newer version.
 *
 * <p>A block header's CRC covers the capture id, the segment number and the header from byte 8 on. So a block of
 * another file, or bytes that a traced program made look like a block, are never taken for one: the capture id is
 * drawn at random and known to nobody else.
 *
 * <p>{@code sequence} counts the data blocks of the whole capture from 0, {@code events before} the events in them, so
 * a hole tells exactly what it held. The end block has no payload; its sequence and events before are the totals so
 * far, its times the smallest and largest of the segment.
 */
public final class BlockLayout {
    /**
     * The version written. Changing the format: raise it, and keep reading the old one (with files of it as fixtures).
     */
    public static final int VERSION = 3;

    /** The oldest version read; there was no release before it. */
    public static final int OLDEST_VERSION = 3;

    /** Bytes of the file header. */
    public static final int FILE_HEADER_BYTES = 64;

    /** Bytes of a block header. */
    public static final int BLOCK_HEADER_BYTES = 64;

    /** Blocks start at multiples of this. */
    public static final int ALIGNMENT = 8;

    /** Bytes of a payload at most; bounds the memory of a reader. */
    public static final int MAX_PAYLOAD_BYTES = 4 << 20;

    /** Hexadecimal digits of a capture id. */
    public static final int CAPTURE_ID_DIGITS = 32;

    /** "SILOG", then what a transfer as text would change: CR, LF, 0x1A. */
    static final long FILE_MAGIC = 0x1A0A0D474F4C4953L;

    static final int FILE_MAGIC_OFFSET = 0;
    static final int FILE_VERSION_OFFSET = 8;
    static final int FILE_SEGMENT_OFFSET = 12;
    static final int FILE_CAPTURE_ID_OFFSET = 16;
    static final int FILE_SEQUENCE_OFFSET = 32;
    static final int FILE_EVENTS_BEFORE_OFFSET = 40;
    static final int FILE_CRC_OFFSET = 60;

    /** "SIB" and a byte that no text has. */
    static final int BLOCK_MAGIC = 0xF1424953;

    static final int MAGIC_OFFSET = 0;
    static final int HEADER_CRC_OFFSET = 4;
    static final int PAYLOAD_BYTES_OFFSET = 8;
    static final int PAYLOAD_CRC_OFFSET = 12;
    static final int KIND_OFFSET = 16;
    static final int RING_CLASS_OFFSET = 17;
    static final int CPU_OFFSET = 18;
    static final int EVENTS_OFFSET = 20;
    static final int SEQUENCE_OFFSET = 24;
    static final int EVENTS_BEFORE_OFFSET = 32;
    static final int LOST_BEFORE_OFFSET = 40;
    static final int FIRST_NS_OFFSET = 48;
    static final int LAST_NS_OFFSET = 56;

    static final byte KIND_DATA = 0;
    static final byte KIND_END = 1;

    private BlockLayout() {}

    /** Returns the bytes that a block header's CRC covers besides the header: capture id and segment number. */
    static byte[] seed(String captureId, int segment) {
        return ByteBuffer.allocate(CAPTURE_ID_DIGITS / 2 + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .put(captureIdBytes(captureId)).putInt(segment).array();
    }

    /**
     * Returns a capture id as bytes.
     *
     * @throws IllegalArgumentException unless it is 32 hexadecimal digits
     */
    static byte[] captureIdBytes(String captureId) {
        if (captureId.length() != CAPTURE_ID_DIGITS) {
            throw new IllegalArgumentException("capture id is not 32 hexadecimal digits: " + captureId);
        }
        return HexFormat.of().parseHex(captureId);
    }

    /** Returns the CRC of a file header that starts at index 0. Clears the buffer's position and limit. */
    static int fileHeaderCrc(CRC32C crc, ByteBuffer header) {
        crc.reset();
        crc.update(header.limit(FILE_CRC_OFFSET).position(0));
        header.clear();
        return (int) crc.getValue();
    }

    /** Returns the CRC of a block header that starts at an index. Clears the buffer's position and limit. */
    static int blockHeaderCrc(CRC32C crc, byte[] seed, ByteBuffer buffer, int at) {
        crc.reset();
        crc.update(seed, 0, seed.length);
        crc.update(buffer.limit(at + BLOCK_HEADER_BYTES).position(at + PAYLOAD_BYTES_OFFSET));
        buffer.clear();
        return (int) crc.getValue();
    }
}
