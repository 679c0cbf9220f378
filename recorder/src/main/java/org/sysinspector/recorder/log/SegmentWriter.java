// SPDX-License-Identifier: Apache-2.0
// Writes the log of a capture as a row of bounded segments.
package org.sysinspector.recorder.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.sysinspector.capture.CaptureDirectory;

/**
 * Writes the log of a capture as a row of bounded segments, {@code log/NNNNNN.silog}. A segment has its final name from
 * the start: a recorder that is killed leaves all blocks before the one at hand.
 *
 * <p>Threads: the reader appends spans of the rings, the sampler appends its records once a second, so both and the
 * rotation take this object's lock; it is held for one write to the page cache and hardly ever contended. Segments
 * that ended are synced and closed on a thread of their own: 256 MiB take the disk about a second, in which the rings
 * would overflow. No thread that calls this may be interrupted (that would close the file).
 */
public final class SegmentWriter implements BlockSink, Closeable {
    /** Bytes after which a segment is full, as a rule. */
    public static final long DEFAULT_MAX_BYTES = 256L << 20;

    private final CaptureDirectory capture;
    private final String captureId;
    private final long maxBytes;
    private final Storage storage;
    private final ExecutorService finisher = Executors.newSingleThreadExecutor(SegmentWriter::finisherThread);
    private SegmentFile current;
    private int number = 1;
    private boolean closed;
    private long endedBytes;
    // Written under the lock, read without: the progress display may lag, never tear.
    private volatile long bytesWritten;
    private volatile long events;
    // Set by the finisher, thrown to the next caller of rotateIfFull or close.
    private volatile IOException finishProblem;

    /** Makes a writer of segments of {@link #DEFAULT_MAX_BYTES} in the file system. */
    public SegmentWriter(CaptureDirectory capture, String captureId) throws IOException {
        this(capture, captureId, DEFAULT_MAX_BYTES, Storage.DISK);
    }

    /**
     * Makes a writer and the first segment.
     *
     * @param capture its directory {@code log} is there, without segments
     * @param captureId 32 hexadecimal digits
     * @param maxBytes a segment is full once it is as long as this
     * @param storage where to
     * @throws IOException if the segment cannot be made
     */
    public SegmentWriter(CaptureDirectory capture, String captureId, long maxBytes, Storage storage)
            throws IOException {
        this.capture = capture;
        this.captureId = captureId;
        this.maxBytes = maxBytes;
        this.storage = storage;
        this.current = new SegmentFile(storage, capture.segment(number), captureId, number, 0, 0);
        try {
            storage.syncDirectory(capture.log());
        } catch (IOException e) {
            finisher.shutdown();
            current.close();
            throw new IOException("cannot sync " + capture.log() + ": cause=" + e.getMessage(), e);
        }
        bytesWritten = current.size();
    }

    /**
     * Appends a block to the current segment; see {@link SegmentFile#append}. If it throws, the log is as before and a
     * later call may succeed.
     *
     * @throws IOException if the disk did not take it
     */
    @Override
    public synchronized void append(
            int ringClass, int cpu, ByteBuffer records, int eventCount, long firstNs, long lastNs, long lostBefore)
            throws IOException {
        checkOpen();
        current.append(ringClass, cpu, records, eventCount, firstNs, lastNs, lostBefore);
        count();
    }

    /**
     * Ends the current segment if it is full and starts the next. To be called between complete drain cycles only: all
     * that a segment's records refer to is in it or before it.
     *
     * @return number of the segment that ended, which may be read from now on, or 0 if none did
     * @throws IOException if the next segment cannot be made (the current one goes on then), the current one could not
     *     be ended (the next one goes on then), or an earlier one could not be synced
     */
    public synchronized int rotateIfFull() throws IOException {
        checkOpen();
        throwFinishProblem();
        if (current.size() < maxBytes) {
            return 0;
        }
        SegmentFile ended = current;
        current = new SegmentFile(
                storage, capture.segment(number + 1), captureId, number + 1, ended.sequence(), ended.events());
        number++;
        try {
            ended.end();
        } finally {
            endedBytes += ended.size();
            count();
            finisher.execute(() -> finish(ended));
        }
        return number - 1;
    }

    /**
     * Ends the last segment, syncs and closes all. A second call does nothing.
     *
     * @throws IOException if any segment could not be ended or synced; all are closed nevertheless
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            current.end();
        } finally {
            count();
            finisher.execute(() -> finish(current));
            finisher.shutdown();
            awaitFinisher();
        }
        throwFinishProblem();
    }

    /** Returns the number of the current segment, from 1; the last one after {@link #close}. */
    public synchronized int segmentNumber() {
        return number;
    }

    /** Returns the bytes of all segments. Any thread may ask. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Returns the events of all segments. Any thread may ask. */
    public long events() {
        return events;
    }

    private void count() {
        bytesWritten = endedBytes + current.size();
        events = current.events();
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the log is closed: " + capture.log());
        }
    }

    private void throwFinishProblem() throws IOException {
        IOException problem = finishProblem;
        if (problem != null) {
            finishProblem = null;
            throw problem;
        }
    }

    private void finish(SegmentFile ended) {
        try (ended) {
            ended.sync();
            storage.syncDirectory(capture.log());
        } catch (IOException e) {
            finishProblem = e;
        }
    }

    private void awaitFinisher() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (finisher.awaitTermination(1, TimeUnit.HOURS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Thread finisherThread(Runnable work) {
        Thread thread = new Thread(work, "log-sync");
        thread.setDaemon(true);
        return thread;
    }
}
