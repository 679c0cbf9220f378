// SPDX-License-Identifier: Apache-2.0
// How much room a recording may take: --max-size, --min-free, and what rolling needs.
package org.sysinspector.recorder.window;

import java.io.IOException;
import java.nio.file.Path;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.system.FileSystemRoom;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.text.Units;

/**
 * How much room a recording may take. It ends before less than {@link MinFree} is left or the capture is larger than wanted, with
 * what waits in the rings and what rolling takes on top of the log counted in, twice over. What comes after that (the probes are not
 * detached in no time) is taken as long as rolling still has its room.
 *
 * <p>The reader asks, before each span and after each cycle; a flood fills 300 MB in a second. {@link #why} is for any thread.
 */
final class DiskBounds {
    /** The window ended because there was no room. */
    static final String DISK_FULL = "disk_full";
    /** The window ended because the capture was as large as wanted. */
    static final String MAX_SIZE = "max_size";

    private static final long ASK_NS = 1_000_000_000;
    private static final long ASK_BYTES = 1 << 20;
    /** Manifest, keyframe and the like, whatever the size of the log. */
    private static final long LEAST_BYTES = 256 << 10;
    /** A log of names as long as this fills a keyframe; two are there at a time. */
    private static final long KEYFRAME_BYTES = 64 << 20;
    /** A rolled segment in the manifest. */
    private static final long LISTED_BYTES = 4096;
    /** Files that a segment takes when it is rolled, under hidden names or not, and the segment after it. */
    private static final int INODES_A_SEGMENT = SchemaCatalog.get().tables().size() + 4;

    private final WindowOptions options;
    private final FileSystemRoom room;
    private long ringBytes;
    private SegmentWriter writer;
    private RollerThread roller;
    private long askedNs;
    private long writtenSince;
    private volatile String why = "";

    DiskBounds(WindowOptions options, Path directory) {
        this.options = options;
        this.room = new FileSystemRoom(directory);
    }

    /**
     * Refuses a recording that would end before it began.
     *
     * @throws SystemRefusal if there is no room; says how much is needed
     */
    void requireRoom() throws SystemRefusal {
        ask();
        long needed = options.minFree().of(room.totalBytes()) + LEAST_BYTES;
        if (room.freeBytes() < needed) {
            throw new SystemRefusal("not enough room to record: directory=" + options.directory() + " free="
                    + Units.bytes(room.freeBytes()) + " needed=" + Units.bytes(needed)
                    + "; make room, give another directory with -o, or let less be left free with --min-free");
        }
        if (room.freeInodes() < 2L * INODES_A_SEGMENT) {
            throw new SystemRefusal("not enough inodes to record: directory=" + options.directory() + " free="
                    + room.freeInodes() + " needed=" + 2 * INODES_A_SEGMENT
                    + "; remove files, or give another directory with -o");
        }
    }

    /** Begins: from now on the log grows and is rolled. */
    void begin(SegmentWriter log, RollerThread rolling, long bytesOfRings) {
        writer = log;
        roller = rolling;
        ringBytes = bytesOfRings;
    }

    /**
     * Takes room for a span.
     *
     * @throws IOException if rolling would have too little then
     */
    void take(int bytes) throws IOException {
        if (writtenSince + bytes > ASK_BYTES) {
            ask();
        }
        writtenSince += bytes;
        boolean isFull = room.freeBytes() < writtenSince + reserve() / 2;
        if (isFull || size() + bytes + reserve() / 2 > options.maxBytes()) {
            throw new NoRoomException(isFull ? describeFree() : describeSize());
        }
    }

    /**
     * Returns {@link #DISK_FULL} or {@link #MAX_SIZE} where the window must end, else null.
     *
     * @param pendingBytes what waits in the rings
     */
    String reached(long pendingBytes) {
        if (writtenSince > ASK_BYTES || System.nanoTime() - askedNs > ASK_NS) {
            ask();
        }
        long needed = pendingBytes + reserve();
        // What comes while the probes are being detached has its place in the rings, and should have it here.
        long onTheWay = Math.min(ringBytes, options.maxBytes() / 4);
        if (size() + needed + onTheWay > options.maxBytes()) {
            why = describeSize();
            return MAX_SIZE;
        }
        if (room.freeBytes() - writtenSince - needed < options.minFree().of(room.totalBytes())) {
            why = describeFree();
            return DISK_FULL;
        }
        if (room.freeInodes() < (long) INODES_A_SEGMENT * (segments() + 1)) {
            why = describeInodes();
            return DISK_FULL;
        }
        return null;
    }

    /** Returns why the window ended, with the figures. */
    String why() {
        return why;
    }

    /** Returns what is left of the file system now, as facts. */
    String left() {
        ask();
        return " free=" + Units.bytes(room.freeBytes())
                + (room.freeInodes() == Long.MAX_VALUE ? "" : " free-inodes=" + room.freeInodes());
    }

    /** Returns whether a write failed for want of room, so far as one can see afterwards. */
    static boolean isForWantOfRoom(IOException problem, Path directory) {
        FileSystemRoom now = new FileSystemRoom(directory);
        now.ask();
        // The system's own words are in the language of the user: there may be others.
        String words = String.valueOf(problem.getMessage());
        return problem instanceof NoRoomException || now.freeBytes() < LEAST_BYTES || now.freeInodes() == 0
                || words.contains("No space left on device") || words.contains("Disk quota exceeded");
    }

    private void ask() {
        room.ask();
        askedNs = System.nanoTime();
        writtenSince = 0;
    }

    /**
     * What rolling takes on top of what is there, where all of it is names of files: tables of a segment, which goes once it is
     * rolled unless it is kept, and keyframes, which carry the newest names on from all segments.
     */
    private long reserve() {
        long log = writer.bytesWritten();
        long waiting = log - roller.rolledLogBytes();
        long once = Math.min(waiting, options.segmentBytes()) / 2 * 3;
        return LEAST_BYTES + roller.rolled() * LISTED_BYTES + once + Math.min(log, KEYFRAME_BYTES)
                + (options.keepLog() ? waiting / 4 : 0);
    }

    private long size() {
        return writer.bytesWritten() - (options.keepLog() ? 0 : roller.rolledLogBytes()) + roller.tableBytes();
    }

    private long segments() {
        return Math.max(writer.segmentNumber() - roller.rolled(), 1);
    }

    private String describeFree() {
        return "the file system is nearly full: free=" + Units.bytes(room.freeBytes()) + " min-free="
                + Units.bytes(options.minFree().of(room.totalBytes())) + " kept-for-rolling=" + Units.bytes(reserve());
    }

    private String describeInodes() {
        return "the file system has hardly an inode left: free=" + room.freeInodes() + " kept-for-rolling="
                + INODES_A_SEGMENT * segments();
    }

    private String describeSize() {
        return "the capture is as large as it may be: max-size=" + Units.bytes(options.maxBytes()) + " log="
                + Units.bytes(size() - roller.tableBytes()) + " tables=" + Units.bytes(roller.tableBytes())
                + " kept-for-rolling=" + Units.bytes(reserve());
    }

    /** There is room, but it is kept for rolling. */
    static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoomException(String message) {
            super(message);
        }
    }
}
