// SPDX-License-Identifier: Apache-2.0
// Writes what rolling the next segment needs of those before it.
package org.sysinspector.recorder.roll;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.recorder.log.SegmentFile;
import org.sysinspector.recorder.log.Storage;
import org.sysinspector.recorder.spill.PairList;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Writes what rolling the next segment needs of those before it, in the form of a segment: {@code thread} records,
 * {@code exit} records of processes just gone, {@code file} records of the ids in use, and {@code file} records
 * without an id for the names known (those used last first). Bounded: threads that live, of which there are no more than
 * tids, {@link FileTable#IDS_IN_USE}, {@link #MAX_NAMES}. Belongs to one thread.
 */
final class KeyframeWriter implements Closeable {
    /** Names kept at most, and about the bytes they take; the rows of others stay without an end. */
    static final int MAX_NAMES = 1 << 16;
    private static final long MAX_NAME_BYTES = 16 << 20;

    /** How long a thread that is gone or changed may still have operations in the next segment. */
    private static final long LATE_NS = 10_000_000_000L;

    private static final int BLOCK_BYTES = 256 << 10;
    private static final int LIFECYCLE = SchemaCatalog.get().enumeration("ring_class").code("lifecycle");
    private static final int NAMES = SchemaCatalog.get().enumeration("ring_class").code("names");

    private final Path file;
    private final Path temporary;
    private final SegmentFile out;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int records;
    private int names;
    private long nameBytes;

    /**
     * Starts a keyframe.
     *
     * @param file its final name
     * @param captureId the capture's id
     * @param segment the segment rolled last
     * @throws IOException if it cannot be made
     */
    KeyframeWriter(Path file, String captureId, int segment) throws IOException {
        this.file = file;
        this.temporary = PrivateFiles.temporary(file);
        PrivateFiles.deleteIfExists(temporary);
        this.out = new SegmentFile(Storage.DISK, temporary, captureId, segment, 0, 0);
    }

    /** Writes the newest record of each thread that lives, those that may still be needed before it, and recent exits. */
    void writeThreads(ThreadTable threads, PairList exits, long lastNs) throws IOException {
        long late = lastNs - LATE_NS;
        for (int i = 0; i < threads.size(); i++) {
            boolean isGone = threads.isSuperseded(i, late)
                    || (threads.isEnd(i) ? threads.time(i) : exits.find(threads.key(i), Long.MAX_VALUE)) <= late;
            if (!isGone) {
                int at = begin(threads.length(i), LIFECYCLE);
                threads.put(i, block, at);
                end(at, threads.length(i));
            }
        }
        for (int i = 0; i < exits.size(); i++) {
            if (exits.second(i) > late) {
                int at = begin(RollState.EXIT.size(), LIFECYCLE);
                block.putInt(at, RollState.EXIT.type() << RecordLayout.TYPE_SHIFT)
                        .putLong(at + RawRecords.TS, exits.second(i))
                        .putLong(at + RollState.EXIT.offset("proc_key"), exits.first(i));
                end(at, RollState.EXIT.size());
            }
        }
        flush(LIFECYCLE);
    }

    /** Writes the records of the file ids that may still be used. */
    void writeFiles(FileTable files) throws IOException {
        for (int i = 0, id = files.oldestInUse(); i < FileTable.IDS_IN_USE; i++, id++) {
            if (files.has(id)) {
                int from = files.find(id);
                int size = files.length();
                int at = begin(size, NAMES);
                block.put(at, files.buffer(), from, size);
                end(at, size);
            }
        }
        flush(NAMES);
    }

    /** Returns whether another known name may be written. */
    boolean hasRoomForName() {
        return names < MAX_NAMES && nameBytes < MAX_NAME_BYTES;
    }

    /** Writes a known name. */
    void writeName(String path, KnownNames.Known known) throws IOException {
        // One component holds the whole path: read back it is the same text.
        byte[] name = PathText.bytes(PathText.isPathless(known.magic())
                ? path.substring(path.indexOf(':') + 1) : path.substring(1));
        int size = FileFields.RECORD.size() + name.length;
        int at = begin(size, NAMES);
        block.putInt(at, FileFields.RECORD.type() << RecordLayout.TYPE_SHIFT)
                .putLong(at + FileFields.INO, known.ino())
                .putInt(at + FileFields.DEV, known.dev())
                .putInt(at + FileFields.GENERATION, known.generation())
                .putInt(at + FileFields.FS_MAGIC, known.magic())
                .putShort(at + FileFields.MODE, (short) known.mode())
                .putShort(at + FileFields.PATH_LENGTH, (short) name.length)
                .put(at + FileFields.PATH, name);
        end(at, size);
        names++;
        nameBytes += size;
    }

    /** Completes the keyframe and gives it its final name. */
    void finish() throws IOException {
        flush(NAMES);
        out.end();
        out.sync();
        out.close();
        PrivateFiles.publish(temporary, file);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Makes room for a record and zeroes it; returns where its payload starts. */
    private int begin(int size, int ringClass) throws IOException {
        if (block.remaining() < RecordLayout.HEADER_BYTES + size + RecordLayout.ALIGNMENT) {
            flush(ringClass);
        }
        int at = block.position() + RecordLayout.HEADER_BYTES;
        for (int i = block.position(); i < at + size; i += Long.BYTES) {
            block.putLong(i, 0);
        }
        return at;
    }

    private void end(int at, int size) {
        block.putInt(at - RecordLayout.HEADER_BYTES, size);
        block.position(at - RecordLayout.HEADER_BYTES + RecordLayout.stride(size));
        records++;
    }

    private void flush(int ringClass) throws IOException {
        if (records > 0) {
            block.flip();
            out.append(ringClass, -1, block, records, 0, 0, 0);
        }
        block.clear();
        records = 0;
    }
}
