// SPDX-License-Identifier: Apache-2.0
// Where the log of a recorder that was killed ends, and what it told last.
package org.sysinspector.recorder.rescue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.recorder.bpf.ThreadTotal;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.recorder.capture.RolledSegments;
import org.sysinspector.recorder.log.Block;
import org.sysinspector.recorder.log.BlockLayout;
import org.sysinspector.recorder.log.Damage;
import org.sysinspector.recorder.log.RecordCursor;
import org.sysinspector.recorder.log.SegmentFile;
import org.sysinspector.recorder.log.SegmentReader;
import org.sysinspector.recorder.log.Storage;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** Where the log of a recorder that was killed ends, and what it told last. Reads what is not rolled yet. For one thread. */
final class LogTail {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final int SAMPLE = CATALOG.enumeration("ring_class").code("sample");
    private static final int IO = CATALOG.enumeration("ring_class").code("io");
    private static final RecordSchema CLOCK = CATALOG.record("clock");
    private static final RecordSchema TOTAL = CATALOG.record("total");
    private static final int TID_MASK = 0xFFFFFF;

    private final CaptureDirectory capture;
    private final String captureId;
    private final long[] recorded = new long[CATALOG.enumeration("ring_class").names().length];
    /** By ring: where its last block's records are in the last segment, and how many bytes. */
    private final Map<Long, long[]> lastBlocks = new HashMap<>();
    private final Set<List<Long>> totals = new HashSet<>();
    private final Set<Long> moments = new HashSet<>();
    private int number;
    private boolean goesOn;
    private long size;
    private long sequence;
    private long events;
    private long firstNs;
    private long lastNs;
    private long latestNs;

    /**
     * Reads it.
     *
     * @throws IOException if a segment cannot be read
     */
    LogTail(CaptureDirectory capture, String captureId, RolledSegments rolled) throws IOException {
        this.capture = capture;
        this.captureId = captureId;
        this.number = rolled.count();
        this.latestNs = rolled.lastNs();
        CATALOG.enumeration("ring_class").values().forEach((name, c) -> recorded[c] = rolled.counts(name).recorded());
        for (int segment : capture.segments().stream().sorted().toList()) {
            if (segment > rolled.count()) {
                read(segment);
            }
        }
    }

    private void read(int segment) throws IOException {
        Path file = capture.segment(segment);
        if (PrivateFiles.read(file, Files::size) < BlockLayout.FILE_HEADER_BYTES) {
            PrivateFiles.deleteIfExists(file); // it was being made: nothing is in it
            return;
        }
        number = segment;
        lastBlocks.clear();
        totals.clear();
        firstNs = Long.MAX_VALUE;
        lastNs = Long.MIN_VALUE;
        size = BlockLayout.FILE_HEADER_BYTES;
        try (SegmentReader reader = SegmentReader.open(file)) {
            if (!reader.captureId().equals(captureId)) {
                throw new IOException("segment of another capture: " + file);
            }
            events = reader.eventsBefore();
            for (Block block = reader.next(); block != null; block = reader.next()) {
                take(block);
            }
            events = reader.eventsBefore() + reader.eventsAccounted();
            goesOn = !reader.closedCleanly() && endsWithABlock(reader.damage(), PrivateFiles.read(file, Files::size));
        }
    }

    /** Whether all behind the last good block is one that was being written, which is in its ring still. */
    private boolean endsWithABlock(List<Damage> damage, long fileBytes) {
        Damage last = damage.isEmpty() ? null : damage.get(damage.size() - 1);
        boolean isCut = last != null && last.kind() == Damage.Kind.CUT_OFF && last.offset() == size;
        if (isCut && last.events() > 0) {
            events -= last.events(); // it is not there
        }
        return isCut || size == fileBytes;
    }

    private void take(Block block) throws IOException {
        recorded[block.ringClass()] += block.events();
        size = block.payloadOffset() + block.payloadBytes();
        sequence = block.sequence() + 1;
        firstNs = Math.min(firstNs, block.firstNs());
        lastNs = Math.max(lastNs, block.lastNs());
        latestNs = Math.max(latestNs, lastNs);
        lastBlocks.put(ring(block.ringClass(), block.cpu()), new long[] {block.payloadOffset(), block.payloadBytes()});
        if (block.ringClass() == SAMPLE) {
            takeSamples(block.records());
        }
    }

    private void takeSamples(ByteBuffer records) throws IOException {
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(records);
        while (cursor.next()) {
            int at = cursor.offset();
            if (cursor.type() == CLOCK.type()) {
                moments.add(records.getLong(at + CLOCK.offset("boottime_ns")));
            } else if (cursor.type() == TOTAL.type()) {
                totals.add(List.of(records.getLong(at + TOTAL.offset("proc_key")),
                        (long) records.getInt(at + TOTAL.offset("exec_no")),
                        (long) records.getInt(at + TOTAL.offset("tid_type")) & TID_MASK));
            }
        }
    }

    private static long ring(int ringClass, int cpu) {
        return (long) ringClass << Integer.SIZE | cpu & 0xFFFFFFFFL;
    }

    /** Returns the bytes of the last block of a ring; 0 if the last segment has none. */
    int lastBytes(int ringClass, int cpu) {
        long[] block = goesOn ? lastBlocks.get(ring(ringClass, cpu)) : null;
        return block == null ? 0 : (int) block[1];
    }

    /** Returns whether records are those of the last block of a ring: it was written, and the ring not yet told so. */
    boolean isLast(int ringClass, int cpu, ByteBuffer records) throws IOException {
        long[] block = lastBlocks.get(ring(ringClass, cpu));
        if (block == null || block[1] != records.remaining()) {
            return false;
        }
        ByteBuffer written = ByteBuffer.allocate(records.remaining());
        try (FileChannel channel = PrivateFiles.open(capture.segment(number))) {
            while (written.hasRemaining() && channel.read(written, block[0] + written.position()) >= 0) {
                continue;
            }
        }
        return !written.hasRemaining() && written.flip().equals(records);
    }

    /** Returns whether the log has the sample of a moment. */
    boolean has(long momentNs) {
        return moments.contains(momentNs) || momentNs <= latestNs && moments.isEmpty();
    }

    /** Returns whether the recorder told what a thread has moved. */
    boolean has(ThreadTotal total) {
        return totals.contains(List.of(total.procKey(), (long) total.execNo(), (long) total.tid()));
    }

    /** Returns the events of a class in the log. */
    long recorded(int ringClass) {
        return recorded[ringClass];
    }

    /** Returns the time of the last event, 0 if there is none. */
    long latestNs() {
        return latestNs;
    }

    /** Opens the segment that goes on: the last one, or the next where that was ended. */
    SegmentFile open() throws IOException {
        return goesOn
                ? SegmentFile.resume(Storage.DISK, capture.segment(number), captureId, number, size, sequence, events, firstNs, lastNs)
                : new SegmentFile(Storage.DISK, capture.segment(number + 1), captureId, number + 1, sequence, events);
    }
}
