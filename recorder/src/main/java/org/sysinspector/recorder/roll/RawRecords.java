// SPDX-License-Identifier: Apache-2.0
// What all raw records share, and the codes they use.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** What all raw records share, and the codes they use, from the {@link SchemaCatalog}. */
final class RawRecords {
    /** Time of every record, but for its end where it has a latency. */
    static final int TS = RecordLayout.TS_OFFSET;

    static final int TID_MASK = 0xFFFFFF;
    static final int IO_BIT = 0x80;
    static final int IO_WIDE_BIT = 0x40;
    static final String[] RING_CLASSES = SchemaCatalog.get().enumeration("ring_class").names();
    static final String[] NAME_OPS = SchemaCatalog.get().enumeration("name_op").names();
    static final String[] CAUSES = SchemaCatalog.get().enumeration("cause").names();
    static final int RING_IO = SchemaCatalog.get().enumeration("ring_class").code("io");

    private static final long PID_MASK = 0x3FFFFF;
    private static final int[] SIZES = sizes();

    private RawRecords() {}

    /** Returns the type of a record. */
    static int type(ByteBuffer record, int at) {
        return record.get(at + 3) & 0xFF;
    }

    /** Returns whether a record is of a type known here and not shorter than that type's fixed part. */
    static boolean isKnown(ByteBuffer record, int at, int ringHeader) {
        return isKnown(type(record, at), ringHeader & RecordLayout.LENGTH_MASK);
    }

    /** Returns whether a type is known here and a length not shorter than that type's fixed part. */
    static boolean isKnown(int type, int length) {
        return length >= SIZES[type];
    }

    /** Returns the pid in a process key. */
    static long pid(long procKey) {
        return procKey & PID_MASK;
    }

    /** Returns a device as stat(2) codes it (glibc's makedev), from the kernel's coding (major << 20 | minor). */
    static long userDevice(int kernelDevice) {
        long major = kernelDevice >>> 20;
        long minor = kernelDevice & 0xFFFFF;
        return minor & 0xFF | (major & 0xFFF) << 8 | (minor & ~0xFFL) << 12 | (major & ~0xFFFL) << 32;
    }

    /** Returns the name of a code, or the code itself where there is no name. */
    static String name(String[] names, int code) {
        return code >= 0 && code < names.length && names[code] != null ? names[code] : Integer.toString(code);
    }

    /** Returns the type of a file by its mode: file, directory, pipe, socket, char, block, symlink or anon. */
    static String fileType(int mode) {
        return switch (mode & PathText.S_IFMT) {
            case PathText.S_IFIFO -> "pipe";
            case 0x2000 -> "char";
            case 0x4000 -> "directory";
            case 0x6000 -> "block";
            case 0x8000 -> "file";
            case PathText.S_IFLNK -> "symlink";
            case 0xC000 -> "socket";
            default -> "anon";
        };
    }

    /** Returns names as Parquet wants them, by code. */
    static Binary[] binaries(String[] names) {
        return Arrays.stream(names).map(n -> n == null ? null : Binary.fromString(n)).toArray(Binary[]::new);
    }

    private static int[] sizes() {
        int[] sizes = new int[256];
        Arrays.fill(sizes, Integer.MAX_VALUE);
        for (RecordSchema record : SchemaCatalog.get().records()) {
            sizes[record.type()] = record.size();
        }
        // The type byte of an io record also says which operation it was.
        int narrow = SchemaCatalog.get().record("io").size();
        int wide = SchemaCatalog.get().record("io_wide").size();
        for (int type = IO_BIT; type < sizes.length; type++) {
            sizes[type] = (type & IO_WIDE_BIT) == 0 ? narrow : wide;
        }
        return sizes;
    }
}
