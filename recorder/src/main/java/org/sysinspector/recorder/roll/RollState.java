// SPDX-License-Identifier: Apache-2.0
// What rolling a segment knows: threads, files, names.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * What rolling a segment knows: whose the threads were, what the file ids stand for, which names are known. Made of
 * the keyframe of the segment before and of the segment itself, thrown away afterwards. Belongs to one thread.
 */
final class RollState {
    static final RecordSchema EXIT = SchemaCatalog.get().record("exit");
    private static final int EXIT_KEY = EXIT.offset("proc_key");

    final ThreadTable threads = new ThreadTable();
    final FileTable files = new FileTable();
    final KnownNames names = new KnownNames();
    /** (proc_key, time) of processes that are gone. */
    final PairList exits = new PairList();

    private final PathText text = new PathText();

    /** Takes in a record of the segment; those that say nothing here are ignored. */
    void addFromSegment(ByteBuffer record, int at, long position, int type) {
        if (type == FileFields.RECORD.type()) {
            files.addFromSegment(record.getInt(at + FileFields.FILE_ID), position);
        } else {
            addProcess(record, at, type);
        }
    }

    /** Takes in a record of the keyframe: a file without an id is a known name. */
    void addFromKeyframe(ByteBuffer record, int at, long position, int type) {
        if (type != FileFields.RECORD.type()) {
            addProcess(record, at, type);
            return;
        }
        int id = record.getInt(at + FileFields.FILE_ID);
        if (id != 0) {
            files.addFromKeyframe(id, position);
        } else {
            names.put(FileFields.path(record, at, text), new KnownNames.Known(record.getInt(at + FileFields.DEV),
                    record.getLong(at + FileFields.INO), record.getInt(at + FileFields.GENERATION),
                    FileFields.mode(record, at), record.getInt(at + FileFields.FS_MAGIC)));
        }
    }

    /** Writes the keyframe for the next segment. */
    void write(KeyframeWriter out, long lastNs) throws IOException {
        exits.sort();
        out.writeThreads(threads, exits, lastNs);
        out.writeFiles(files);
        out.writeNames(names);
    }

    private void addProcess(ByteBuffer record, int at, int type) {
        if (type == ThreadTable.RECORD.type()) {
            threads.add(record, at);
        } else if (type == EXIT.type()) {
            exits.add(record.getLong(at + EXIT_KEY), record.getLong(at + RawRecords.TS));
        }
    }
}
