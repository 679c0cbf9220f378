// SPDX-License-Identifier: Apache-2.0
// What the rolled segments of a capture hold together.
package org.sysinspector.recorder.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sysinspector.capture.Manifest;

/**
 * What the rolled segments of a capture hold together. Takes a bit of memory for each, however many there are. The owner,
 * {@link ManifestStore}, lets one thread at a time at it.
 */
public final class RolledSegments {
    /** Texts on damage that are kept; the list has them all. */
    private static final int MAX_DAMAGE = 20;

    private final BitSet kept = new BitSet();
    private final Map<String, Manifest.Count> counts = new TreeMap<>();
    private final Map<String, Files> tables = new TreeMap<>();
    private final List<String> damage = new ArrayList<>();
    private int count;
    private final Map<List<String>, Manifest.Loss> losses = new LinkedHashMap<>();
    private long damagedBlocks;
    private long eventsEnd;
    private int unreadable;
    private boolean endsDamaged;
    private long lost;
    private long lastNs;

    /**
     * What the files of a table hold together.
     *
     * @param files how many there are
     * @param rows rows in them
     * @param bytes their sizes
     */
    public record Files(int files, long rows, long bytes) {}

    RolledSegments() {}

    void add(Manifest.Segment segment, List<Manifest.TableFile> files) {
        count++;
        kept.set(segment.number(), segment.kept());
        damagedBlocks += segment.damagedBlocks();
        lost += segment.lost();
        eventsEnd = Math.max(eventsEnd, segment.eventsEnd());
        unreadable += segment.damagedBlocks() > 0 && segment.blocks() == 0 ? 1 : 0;
        endsDamaged = segment.damagedBlocks() > 0 && segment.blocks() > 0;
        for (Manifest.Loss more : segment.losses()) {
            losses.merge(Arrays.asList(more.ringClass(), more.reason()), more, (a, b) -> new Manifest.Loss(a.ringClass(),
                    a.reason(), a.atLeast() + b.atLeast(),
                    a.atMost() == null || b.atMost() == null ? null : Long.valueOf(a.atMost() + b.atMost())));
        }
        lastNs = Math.max(lastNs, segment.lastNs());
        if (segment.damage() != null && damage.size() < MAX_DAMAGE) {
            damage.add(segment.damage());
        }
        for (Manifest.Count more : segment.counts()) {
            counts.merge(more.ringClass(), more, (a, b) -> new Manifest.Count(
                    a.ringClass(), a.seen() + b.seen(), a.recorded() + b.recorded(), a.lost() + b.lost()));
        }
        for (Manifest.TableFile file : files) {
            tables.merge(file.table(), new Files(1, file.rows(), file.bytes()),
                    (a, b) -> new Files(a.files + b.files, a.rows + b.rows, a.bytes + b.bytes));
        }
    }

    /** Returns how many segments are rolled: those numbered 1 to this. */
    public int count() {
        return count;
    }

    /** Returns whether the file of a rolled segment stays. */
    public boolean isKept(int segment) {
        return kept.get(segment);
    }

    /** Returns the events of a class in the segments, and those lost in them as far as they say so. */
    public Manifest.Count counts(String ringClass) {
        return counts.getOrDefault(ringClass, new Manifest.Count(ringClass, 0, 0, 0));
    }

    /** Returns what the files of a table hold. */
    public Files table(String table) {
        return tables.getOrDefault(table, new Files(0, 0, 0));
    }

    /** Returns what the files of all tables hold. */
    public Files allTables() {
        return tables.values().stream().reduce(new Files(0, 0, 0),
                (a, b) -> new Files(a.files + b.files, a.rows + b.rows, a.bytes + b.bytes));
    }

    /** Returns the blocks that could not be read. */
    public long damagedBlocks() {
        return damagedBlocks;
    }

    /** Returns what was damaged; the first ones, where there are many. */
    public List<String> damage() {
        return List.copyOf(damage);
    }

    /** Returns the events lost, as far as the segments say so. */
    public long lost() {
        return lost;
    }

    /** Returns what the segments say is missing, by class and reason. */
    public List<Manifest.Loss> losses() {
        return List.copyOf(losses.values());
    }

    /** Returns the events in the log up to the end of the last segment, missing ones included. */
    public long eventsEnd() {
        return eventsEnd;
    }

    /** Returns the segments of which nothing could be read. */
    public int unreadable() {
        return unreadable;
    }

    /** Returns whether the last segment is damaged but could be read: what is missing after it was in it. */
    public boolean endsDamaged() {
        return endsDamaged;
    }

    /** Returns the time of the last event, 0 if there is none. */
    public long lastNs() {
        return lastNs;
    }
}
