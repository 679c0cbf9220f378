// SPDX-License-Identifier: Apache-2.0
// Where the fields of a name_op record are.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import org.sysinspector.schema.EnumSchema;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** Where the fields of a {@code name_op} record are, and the two names in its tail. */
final class NameOpFields {
    static final RecordSchema RECORD = SchemaCatalog.get().record("name_op");
    static final int LATENCY = RECORD.offset("latency_ns");
    static final int ARG = RECORD.offset("arg");
    static final int RET = RECORD.offset("ret");
    static final int OP = RECORD.offset("op");
    static final int EXEC_NO = RECORD.offset("exec_no");
    static final int PROC_KEY = RECORD.offset("proc_key");

    private static final EnumSchema OPS = SchemaCatalog.get().enumeration("name_op");
    static final int RENAME = OPS.code("rename");
    static final int UNLINK = OPS.code("unlink");
    static final int LINK = OPS.code("link");
    static final int SYMLINK = OPS.code("symlink");

    private static final int FLAGS = RECORD.offset("flags");
    private static final int DIR_LENGTH = RECORD.offset("dir_len");
    private static final int PATH_LENGTH = RECORD.offset("path_len");
    private static final int NEW_DIR_LENGTH = RECORD.offset("new_dir_len");
    private static final int NEW_PATH_LENGTH = RECORD.offset("new_path_len");
    private static final int TAIL = RECORD.size();
    private static final int FLAG_UNREADABLE = 1;

    private NameOpFields() {}

    /** Returns the first name, absolute; a link's text as given; null if it could not be read. */
    static String path(ByteBuffer record, int at, PathText text) {
        int dir = at + TAIL;
        int dirSize = u16(record, at + DIR_LENGTH);
        int size = u16(record, at + PATH_LENGTH);
        if (size == 0 && isUnreadable(record, at)) {
            return null;
        }
        return (record.get(at + OP) & 0xFF) == SYMLINK
                ? text.name(record, dir + dirSize, size)
                : text.join(record, dir, dirSize, dir + dirSize, size);
    }

    /** Returns the second name, absolute; null if the operation has none or it could not be read. */
    static String newPath(ByteBuffer record, int at, PathText text) {
        int op = record.get(at + OP) & 0xFF;
        int size = u16(record, at + NEW_PATH_LENGTH);
        if (op != RENAME && op != LINK && op != SYMLINK || size == 0 && isUnreadable(record, at)) {
            return null;
        }
        int dir = at + TAIL + u16(record, at + DIR_LENGTH) + u16(record, at + PATH_LENGTH);
        int dirSize = u16(record, at + NEW_DIR_LENGTH);
        return text.join(record, dir, dirSize, dir + dirSize, size);
    }

    private static boolean isUnreadable(ByteBuffer record, int at) {
        return (record.get(at + FLAGS) & FLAG_UNREADABLE) != 0;
    }

    private static int u16(ByteBuffer record, int at) {
        return record.getShort(at) & 0xFFFF;
    }
}
