// SPDX-License-Identifier: Apache-2.0
// The first pass over a segment: checks it and collects what the second pass needs.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.log.Block;
import org.sysinspector.recorder.log.Damage;
import org.sysinspector.recorder.log.RecordCursor;
import org.sysinspector.recorder.log.SegmentReader;
import org.sysinspector.recorder.spill.Scratch;
import org.sysinspector.schema.EnumSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * The first pass over a segment: checks every block, remembers where the good ones are, takes threads and files into
 * the {@link RollState} (blocks are not in order of time, so all of them must be known before the first row is
 * made), finds the {@link Stragglers} among the io records, and counts. Belongs to one thread.
 */
final class SegmentScan {
    private static final EnumSchema REASON = SchemaCatalog.get().enumeration("loss_reason");
    private static final String[] REASONS = REASON.names();

    final BlockList blocks;
    final Stragglers stragglers;
    private final long[] recorded = new long[RawRecords.RING_CLASSES.length];
    private final long[][] lost = new long[RawRecords.RING_CLASSES.length][REASONS.length];
    /** Of an unknown class. */
    private final long[] lostOfAny = new long[REASONS.length];
    private final int[] countOfType = new int[256];
    private List<Damage> damage = List.of();
    private long eventsEnd;
    private long blockCount;
    private long eventCount;
    private long merged;
    private long lastNs;
    private boolean isClosedCleanly;
    private final StringBuilder notes = new StringBuilder();
    private String name = "";

    SegmentScan(Scratch scratch) {
        blocks = new BlockList(scratch);
        stragglers = new Stragglers(scratch);
    }

    /** Reads a segment to its end. */
    void run(SegmentReader reader, RollState state) throws IOException {
        RecordCursor cursor = new RecordCursor();
        for (Block block = reader.next(); block != null; block = reader.next()) {
            int ringClass = block.ringClass();
            blockCount++;
            eventCount += block.events();
            if (ringClass >= 0 && ringClass < recorded.length) {
                recorded[ringClass] += block.events();
            }
            lastNs = Math.max(lastNs, block.lastNs());
            ByteBuffer records = block.records();
            long shift = block.payloadOffset() - records.position();
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            cursor.wrap(records);
            while (cursor.next()) {
                int type = cursor.type();
                int at = cursor.offset();
                long start = records.getLong(at + RawRecords.TS);
                first = Math.min(first, start);
                last = Math.max(last, start);
                if (!RawRecords.isKnown(type, cursor.length())) {
                    continue;
                }
                if (type >= RawRecords.IO_BIT) {
                    merged += cursor.operations() - 1;
                    stragglers.scan(records, at, block.cpu(), at + shift);
                } else {
                    state.addFromSegment(records, at, at + shift, type);
                    countLost(records, at, type);
                }
                countOfType[type]++;
            }
            blocks.add(block, first, last);
        }
        name = "segment " + reader.segmentNumber();
        eventsEnd = reader.eventsBefore() + reader.eventsAccounted();
        isClosedCleanly = reader.closedCleanly();
        damage = new ArrayList<>(reader.damage());
        for (Damage place : damage) {
            lostOf(place.ringClass())[REASON.code("block_damaged")] += Math.max(0, place.events());
        }
        stragglers.sort();
    }

    private void countLost(ByteBuffer record, int at, int type) {
        if (type == SampleRows.LOSS.type()) {
            int reason = record.getInt(at + SampleRows.LOSS_REASON);
            lostOf(record.getInt(at + SampleRows.LOSS_CLASS))[reason >= 0 && reason < REASONS.length ? reason : 0] +=
                    Math.max(0, record.getLong(at + SampleRows.LOSS_LOST));
        }
    }

    private long[] lostOf(int ringClass) {
        return ringClass >= 0 && ringClass < lost.length ? lost[ringClass] : lostOfAny;
    }

    /**
     * Takes in that events before this segment are missing.
     *
     * @param events how many
     * @param reason a name of enum loss_reason
     */
    void missingBefore(long events, String reason) {
        lostOfAny[REASON.code(reason)] += events;
        note(events + " events before it are missing");
    }

    /** Adds to what the manifest says is damaged. */
    void note(String problem) {
        notes.append(notes.length() == 0 ? "" : "; ").append(problem);
    }

    /** Returns how many records of a type there are. */
    int count(int type) {
        return countOfType[type];
    }

    /** Returns whether there are io records. */
    boolean hasIo() {
        for (int type = RawRecords.IO_BIT; type < countOfType.length; type++) {
            if (countOfType[type] > 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns the places that could not be read, in file order. */
    List<Damage> damage() {
        return damage;
    }

    /** Returns the time of the last event. */
    long lastNs() {
        return lastNs;
    }

    /** Returns all events lost, as far as known. */
    long lost() {
        return LongStream.of(lostOfAny).sum() + Stream.of(lost).flatMapToLong(LongStream::of).sum();
    }

    /** Returns what the manifest says of the segment. */
    Manifest.Segment summary(int number, long bytes, boolean isKept) {
        String text = describe();
        List<Manifest.Count> counts = new ArrayList<>();
        List<Manifest.Loss> losses = new ArrayList<>();
        for (int i = 0; i < recorded.length; i++) {
            long missing = LongStream.of(lost[i]).sum();
            counts.add(new Manifest.Count(RawRecords.RING_CLASSES[i], recorded[i] + missing, recorded[i], missing));
            addLosses(RawRecords.RING_CLASSES[i], lost[i], losses);
        }
        addLosses(null, lostOfAny, losses);
        return new Manifest.Segment(number, bytes, blockCount, eventCount, damage.size(), text, isKept, lastNs, lost(),
                counts, losses, eventsEnd, merged);
    }

    private static void addLosses(String ringClass, long[] events, List<Manifest.Loss> losses) {
        for (int reason = 0; reason < events.length; reason++) {
            if (events[reason] > 0) {
                losses.add(new Manifest.Loss(ringClass, REASONS[reason], events[reason], events[reason]));
            }
        }
    }

    private String describe() {
        StringBuilder out = new StringBuilder(notes);
        if (damage.isEmpty() && !isClosedCleanly) {
            out.append(out.length() == 0 ? "" : "; ").append(name).append(" ends without its end mark");
        }
        for (Damage place : damage) {
            out.append(out.length() == 0 ? "" : "; ").append(place.describe());
            if (out.length() > 4096) {
                return out.append("; and more").toString();
            }
        }
        return out.length() == 0 ? null : out.toString();
    }
}
