// SPDX-License-Identifier: Apache-2.0
// What rolling a segment knows: threads, files, names.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.sysinspector.recorder.spill.PairList;
import org.sysinspector.recorder.spill.Scratch;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * What rolling a segment knows: whose the threads were, what the file ids stand for, which names are known. Made of
 * the keyframe of the segment before and of the segment itself, thrown away afterwards. Belongs to one thread.
 */
final class RollState {
    static final RecordSchema EXIT = SchemaCatalog.get().record("exit");
    private static final int EXIT_KEY = EXIT.offset("proc_key");

    final ThreadTable threads;
    final FileTable files;
    final KnownNames names;
    /** (proc_key, time) of processes that are gone. */
    final PairList exits;

    private final LogWindow segment;
    private final LogWindow keyframe;
    private final Scratch scratch;
    private final PathText text = new PathText();

    /**
     * Makes the state at the beginning of a capture.
     *
     * @param segment reads the segment to be rolled
     * @param keyframe reads the keyframe before it, null if there is none
     * @param scratch has room for what is remembered
     */
    RollState(LogWindow segment, LogWindow keyframe, Scratch scratch) throws IOException {
        this.segment = segment;
        this.keyframe = keyframe;
        this.scratch = scratch;
        threads = new ThreadTable(scratch);
        files = new FileTable(segment, keyframe, scratch);
        names = new KnownNames(scratch);
        exits = new PairList(scratch);
    }

    /** Takes in a record of the segment; those that say nothing here are ignored. */
    void addFromSegment(ByteBuffer record, int at, long position, int type) throws IOException {
        if (type == FileFields.RECORD.type()) {
            files.addFromSegment(record.getInt(at + FileFields.FILE_ID), position);
        } else {
            addProcess(record, at, type);
        }
    }

    /** Takes in a record of the keyframe: a file without an id is a known name. */
    void addFromKeyframe(ByteBuffer record, int at, long position, int type) throws IOException {
        if (type != FileFields.RECORD.type()) {
            addProcess(record, at, type);
            return;
        }
        int id = record.getInt(at + FileFields.FILE_ID);
        if (id != 0) {
            files.addFromKeyframe(id, position);
        } else {
            names.putFromKeyframe(FileFields.path(record, at, text), KnownNames.Known.of(record, at), position);
        }
    }

    /** Writes the keyframe for the next segment. */
    void write(KeyframeWriter out, long lastNs) throws IOException {
        exits.sort();
        out.writeThreads(threads, exits, lastNs);
        out.writeFiles(files);
        writeNames(out);
    }

    private void writeNames(KeyframeWriter out) throws IOException {
        PairList byUse = new PairList(scratch);
        names.list(byUse);
        for (int i = 0; i < byUse.size() && out.hasRoomForName(); i++) {
            int name = (int) byUse.second(i);
            out.writeName(path(name), names.known(name));
        }
    }

    private String path(int name) throws IOException {
        LogWindow log = names.isInKeyframe(name) ? keyframe : segment;
        int at = log.record(names.position(name));
        return switch (names.text(name)) {
            case KnownNames.FILE_PATH -> FileFields.path(log.buffer(), at, text);
            case KnownNames.FIRST_PATH -> NameOpFields.path(log.buffer(), at, text);
            default -> NameOpFields.newPath(log.buffer(), at, text);
        };
    }

    private void addProcess(ByteBuffer record, int at, int type) throws IOException {
        if (type == ThreadTable.RECORD.type()) {
            threads.add(record, at);
        } else if (type == ThreadTable.END.type()) {
            threads.addEnd(record, at);
        } else if (type == EXIT.type()) {
            exits.add(record.getLong(at + EXIT_KEY), record.getLong(at + RawRecords.TS));
        }
    }
}
