// SPDX-License-Identifier: Apache-2.0
// Where the fields of a file record are.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** Where the fields of a {@code file} record are, and what they stand for. */
final class FileFields {
    static final RecordSchema RECORD = SchemaCatalog.get().record("file");
    static final int INO = RECORD.offset("ino");
    static final int DEV = RECORD.offset("dev");
    static final int GENERATION = RECORD.offset("generation");
    static final int FILE_ID = RECORD.offset("file_id");
    static final int FS_MAGIC = RECORD.offset("fs_magic");
    static final int MODE = RECORD.offset("mode");
    static final int PATH_LENGTH = RECORD.offset("path_len");
    static final int CAUSE = RECORD.offset("cause");
    static final int FLAGS = RECORD.offset("flags");
    static final int EXEC_NO = RECORD.offset("exec_no");
    static final int PROC_KEY = RECORD.offset("proc_key");
    static final int PATH = RECORD.size();
    static final int FLAG_DELETED = 1;

    /** The names of file types as Parquet wants them. */
    static final Map<String, Binary> TYPES =
            Stream.of("file", "directory", "pipe", "socket", "char", "block", "symlink", "anon")
                    .collect(Collectors.toUnmodifiableMap(t -> t, Binary::fromString));

    private FileFields() {}

    /** Returns type and permissions of the inode. */
    static int mode(ByteBuffer record, int at) {
        return record.getShort(at + MODE) & 0xFFFF;
    }

    /** Returns the path, or what stands for it. */
    static String path(ByteBuffer record, int at, PathText text) {
        return text.file(record, at + PATH, record.getShort(at + PATH_LENGTH) & 0xFFFF,
                record.getInt(at + FS_MAGIC), record.getLong(at + INO));
    }
}
