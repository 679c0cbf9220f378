// SPDX-License-Identifier: Apache-2.0
// Says what is wrong with a segment's file header.
package org.sysinspector.recorder.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Says what is wrong with a segment's file header. */
final class FileHeaderCheck {
    private FileHeaderCheck() {}

    /**
     * Checks a header.
     *
     * @param file its file, for the message
     * @param header the bytes read, from index 0
     * @param length how many there are
     * @throws LogFormatException if it is not one that this version reads
     */
    static void check(Path file, ByteBuffer header, int length, CRC32C crc) throws LogFormatException {
        if (length >= Long.BYTES) {
            long magic = header.getLong(BlockLayout.FILE_MAGIC_OFFSET);
            if (magic != BlockLayout.FILE_MAGIC) {
                throw problem("not a segment of the log", file, BlockLayout.FILE_MAGIC_OFFSET,
                        hex(BlockLayout.FILE_MAGIC), hex(magic));
            }
        }
        if (length < BlockLayout.FILE_HEADER_BYTES) {
            throw problem("segment's header is truncated", file, length,
                    BlockLayout.FILE_HEADER_BYTES + " bytes", length + " bytes");
        }
        int stored = header.getInt(BlockLayout.FILE_CRC_OFFSET);
        int computed = BlockLayout.fileHeaderCrc(crc, header);
        if (stored != computed) {
            throw problem("segment's header is corrupt", file, BlockLayout.FILE_CRC_OFFSET,
                    "crc32c:" + HexFormat.of().toHexDigits(stored), "crc32c:" + HexFormat.of().toHexDigits(computed));
        }
        int version = header.getInt(BlockLayout.FILE_VERSION_OFFSET);
        if (version > BlockLayout.VERSION) {
            throw problem("segment is too new (use a newer sys-inspector)", file, BlockLayout.FILE_VERSION_OFFSET,
                    "version " + BlockLayout.OLDEST_VERSION + " to " + BlockLayout.VERSION, "version " + version);
        }
        if (version < BlockLayout.OLDEST_VERSION) {
            throw problem("segment is too old (use an older sys-inspector)", file, BlockLayout.FILE_VERSION_OFFSET,
                    "version " + BlockLayout.OLDEST_VERSION + " to " + BlockLayout.VERSION, "version " + version);
        }
    }

    private static LogFormatException problem(String what, Path file, int offset, String expected, String found) {
        return new LogFormatException(
                what + ": file=" + file + " offset=" + offset + " expected=" + expected + " found=" + found);
    }

    private static String hex(long value) {
        return "0x" + HexFormat.of().toHexDigits(value);
    }
}
