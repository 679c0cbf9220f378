// SPDX-License-Identifier: Apache-2.0
// Turns segments of the log into Parquet tables, so that a kill at any moment loses nothing.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.recorder.log.Block;
import org.sysinspector.recorder.log.LogFormatException;
import org.sysinspector.recorder.log.RecordCursor;
import org.sysinspector.recorder.log.SegmentReader;
import org.sysinspector.recorder.spill.Scratch;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.text.Units;

/**
 * Turns segments of the log into Parquet tables, one at a time and in order. One thread rolls; the counters may be
 * read by any.
 *
 * <p>What a segment needs of those before it (threads, file ids, names) travels in a keyframe, numbered like the
 * segment it was written after. Rolling segment N goes in steps, each of which is on disk before the next:
 *
 * <ol>
 *   <li>read keyframe N-1, then segment N;
 *   <li>write each table under a hidden name, then rename it;
 *   <li>write keyframe N under a hidden name, then rename it;
 *   <li>list segment and tables for the manifest, in one step: now N is rolled;
 *   <li>delete segment N (unless it is kept), then keyframe N-1.
 * </ol>
 *
 * <p>Killed before step 4, N is not listed, and its segment and keyframe N-1 are still there: rolling it again makes
 * the same files with the same rows in place of those of the first try. Killed after it, N is listed: rolling it
 * again only does step 5. A reader that goes by the manifest sees a segment's rows either not at all or once.
 */
public final class Roller {
    private static final int WINDOW_BYTES = 64 << 10;
    /** A heap in MiB that is more than the one that roll starts with. */
    private static final long LARGE_HEAP = 1024;
    private static final String HIDDEN_SUFFIX = ".tmp";

    private final CaptureDirectory capture;
    private final ManifestStore manifest;
    private final boolean keepLog;
    private final Scratch scratch;
    private final Steps steps;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /** Is told of each step that is done; tests end the work there. */
    interface Steps {
        /** Called after a step. */
        void done(String step) throws IOException;
    }

    /**
     * Makes a roller.
     *
     * @param capture the capture
     * @param manifest its manifest; segments it lists are rolled already
     * @param keepLog whether segments stay once they are rolled
     */
    public Roller(CaptureDirectory capture, ManifestStore manifest, boolean keepLog) {
        this(capture, manifest, keepLog, new Scratch(scratchFile(capture)), step -> { });
    }

    Roller(CaptureDirectory capture, ManifestStore manifest, boolean keepLog, Scratch scratch, Steps steps) {
        this.capture = capture;
        this.manifest = manifest;
        this.keepLog = keepLog;
        this.scratch = scratch;
        this.steps = steps;
    }

    /** Returns where a roller's scratch goes. */
    static Path scratchFile(CaptureDirectory capture) {
        return PrivateFiles.temporary(capture.log().resolve("scratch"));
    }

    /** Returns the rows written so far. Any thread may read it. */
    public AtomicLong rows() {
        return rows;
    }

    /** Returns the bytes of Parquet written so far. Any thread may read it. */
    public AtomicLong bytes() {
        return bytes;
    }

    /**
     * Rolls a segment; the ones before it are rolled or skipped. Does nothing but tidy up if the manifest lists it.
     *
     * @param segment its number, from 1
     * @throws LogFormatException if it is no segment of this capture at all; see {@link #skip}
     * @throws IOException if it cannot be read or the tables cannot be written; it can be rolled again then
     */
    public void roll(int segment) throws IOException {
        try {
            if (!isRolled(segment)) {
                rollAnew(segment);
            }
        } catch (OutOfMemoryError e) {
            long heap = Runtime.getRuntime().maxMemory();
            throw new IOException("rolling takes more memory than there is: segment=" + segment + " heap=" + Units.bytes(heap)
                    + "; give it more: SYS_INSPECTOR_OPTS=-Xmx" + Math.max(LARGE_HEAP, 2 * heap >> 20) + "m sys-inspector roll "
                    + capture.root(), e);
        }
        tidy(segment);
    }

    /**
     * Passes over a segment that cannot be read at all: the manifest says so, what is known of those before it goes
     * on to the next. The file stays, unless there is nothing in it.
     *
     * @param segment its number, from 1
     * @param problem why, one line
     * @throws IOException if the manifest cannot be written
     */
    public void skip(int segment, String problem) throws IOException {
        Path file = capture.segment(segment);
        long size = PrivateFiles.exists(file) ? PrivateFiles.size(file) : 0;
        boolean isKept = size > 0;
        Path keyframe = capture.keyframe(segment - 1);
        if (PrivateFiles.exists(keyframe)) {
            PrivateFiles.publish(keyframe, capture.keyframe(segment));
        }
        manifest.add(new Manifest.Segment(segment, size, 0, 0, 1, problem, isKept, 0, 0, List.of(), List.of(),
                manifest.rolled().eventsEnd(), 0), List.of());
        if (!isKept) {
            PrivateFiles.deleteIfExists(file);
        }
        PrivateFiles.deleteIfExists(keyframe);
    }

    /**
     * Tidies up after the last segment: keyframes and files under hidden names go. Nothing is rolled afterwards.
     *
     * @throws IOException if they cannot be deleted
     */
    public void complete() throws IOException {
        deleteIn(capture.log(), "keyframe-");
        deleteIn(capture.log(), ".keyframe-");
        scratch.close();
        PrivateFiles.deleteIfExists(scratchFile(capture)); // of one that was killed as it made it
        if (PrivateFiles.isDirectory(capture.tables())) {
            for (Path table : PrivateFiles.list(capture.tables())) {
                deleteIn(table, ".");
            }
        }
    }

    private void rollAnew(int segment) throws IOException {
        Path file = capture.segment(segment);
        Path before = capture.keyframe(segment - 1);
        try (SegmentReader reader = SegmentReader.open(file);
                FileChannel channel = PrivateFiles.open(file);
                FileChannel keyframe = PrivateFiles.exists(before) ? PrivateFiles.open(before) : null) {
            checkIdentity(reader, file, segment);
            scratch.reset();
            RollState state = new RollState(new LogWindow(channel, WINDOW_BYTES, WINDOW_BYTES / 4),
                    keyframe == null ? null : new LogWindow(keyframe, WINDOW_BYTES, WINDOW_BYTES / 4), scratch);
            SegmentScan scan = new SegmentScan(scratch);
            if (keyframe != null) {
                restore(before, state, scan);
            } else if (segment > 1) {
                scan.note(before.getFileName() + " is gone: what only earlier segments tell of threads and files is not known");
            }
            long missing = reader.eventsBefore() - manifest.rolled().eventsEnd();
            if (missing > 0) {
                scan.missingBefore(missing, manifest.rolled().endsDamaged() ? "block_damaged" : "segment_missing");
            }
            scan.run(reader, state);
            state.threads.complete();
            PrivateFiles.makeDirectory(capture.tables());
            List<Manifest.TableFile> files =
                    new SegmentTables(capture, segment, channel, scan, state, scratch, metadata(segment, scan)).write();
            steps.done("tables");
            try (KeyframeWriter out =
                    new KeyframeWriter(capture.keyframe(segment), manifest.current().captureId(), segment)) {
                state.write(out, scan.lastNs());
                out.finish();
            }
            steps.done("keyframe");
            manifest.add(scan.summary(segment, channel.size(), keepLog), files);
            steps.done("manifest");
            for (Manifest.TableFile written : files) {
                rows.addAndGet(written.rows());
                bytes.addAndGet(written.bytes());
            }
        }
    }

    /** Takes in a keyframe. One that is damaged is used as far as it can be read, and the manifest says so. */
    private void restore(Path keyframe, RollState state, SegmentScan scan) throws IOException {
        RecordCursor cursor = new RecordCursor();
        try (SegmentReader reader = SegmentReader.open(keyframe)) {
            if (!reader.captureId().equals(manifest.current().captureId())) {
                throw new LogFormatException("keyframe is of another capture: " + keyframe + " expected="
                        + manifest.current().captureId() + " found=" + reader.captureId());
            }
            for (Block block = reader.next(); block != null; block = reader.next()) {
                long shift = block.payloadOffset() - block.records().position();
                cursor.wrap(block.records());
                while (cursor.next()) {
                    if (RawRecords.isKnown(cursor.type(), cursor.length())) {
                        state.addFromKeyframe(
                                block.records(), cursor.offset(), cursor.offset() + shift, cursor.type());
                    }
                }
            }
            reader.damage().forEach(place -> scan.note(place.describe()));
        } catch (LogFormatException e) {
            scan.note(e.getMessage());
        }
    }

    private void checkIdentity(SegmentReader reader, Path file, int segment) throws LogFormatException {
        String expected = manifest.current().captureId() + "/" + segment;
        String found = reader.captureId() + "/" + reader.segmentNumber();
        if (!expected.equals(found)) {
            throw new LogFormatException("not a segment of this capture: " + file + " expected=" + expected + " found="
                    + found);
        }
    }

    private Map<String, String> metadata(int segment, SegmentScan scan) {
        Manifest now = manifest.current();
        long lost = scan.lost() + manifest.rolled().lost();
        return Map.of(
                "sysinspector.tables_version", Integer.toString(SchemaCatalog.TABLES_VERSION),
                "sysinspector.capture_id", now.captureId(),
                "sysinspector.segment", Integer.toString(segment),
                "sysinspector.lost", Long.toString(lost));
    }

    private boolean isRolled(int segment) {
        return segment <= manifest.rolled().count();
    }

    /** Deletes what is not needed once a segment is listed. */
    private void tidy(int segment) throws IOException {
        if (!manifest.rolled().isKept(segment) && PrivateFiles.exists(capture.segment(segment))) {
            for (Manifest.TableFile table : manifest.tables(segment)) {
                requireWritten(table, segment);
            }
            PrivateFiles.deleteIfExists(capture.segment(segment));
        }
        PrivateFiles.deleteIfExists(capture.keyframe(segment - 1));
        steps.done("tidy");
    }

    /** The rows of a segment must be seen in a table before it goes. */
    private void requireWritten(Manifest.TableFile table, int segment) throws IOException {
        Path file = capture.table(table.table(), segment);
        boolean isThere = PrivateFiles.exists(file) && PrivateFiles.read(file, Files::size) == table.bytes();
        if (!isThere) {
            throw new IOException("a table made of a segment is gone or changed: file=" + file + " expected_bytes=" + table.bytes()
                    + "; put it back: the segment is kept until then: " + capture.segment(segment));
        }
    }

    private static void deleteIn(Path directory, String prefix) throws IOException {
        if (!PrivateFiles.isDirectory(directory)) {
            return;
        }
        List<Path> files = PrivateFiles.list(directory).stream()
                .filter(f -> f.getFileName().toString().startsWith(prefix))
                .filter(f -> !prefix.startsWith(".") || f.getFileName().toString().endsWith(HIDDEN_SUFFIX))
                .toList();
        for (Path file : files) {
            PrivateFiles.deleteIfExists(file);
        }
    }
}
