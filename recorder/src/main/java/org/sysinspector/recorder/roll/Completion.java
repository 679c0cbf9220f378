// SPDX-License-Identifier: Apache-2.0
// What a manifest says once every segment is rolled.
package org.sysinspector.recorder.roll;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.RolledSegments;

/** What a manifest says once every segment is rolled. Has no state, so any thread may use it. */
public final class Completion {
    private static final String KILLED = "killed";
    private static final String DAMAGED = "block_damaged";
    private static final String MISSING = "segment_missing";

    private Completion() {}

    /**
     * Returns a manifest as complete. Where the recorder was killed and nobody has counted, the window ends with the last
     * event, the events are those in the log, and losses are known as far as the log says them: what the rings held is not
     * known. Otherwise what was recorded and is in no table is lost: in blocks that are damaged or segments that are gone.
     *
     * @param rolled what all its segments hold
     */
    public static Manifest of(Manifest manifest, RolledSegments rolled) {
        Manifest.Window window = manifest.window();
        if (manifest.counts() == null) {
            List<Manifest.Loss> losses = new ArrayList<>(rolled.losses());
            losses.add(new Manifest.Loss(null, KILLED, 0, null));
            return manifest.withCompletion(
                    new Manifest.Window(window.startNs(), Math.max(window.startNs(), rolled.lastNs()), KILLED),
                    Stream.of(RawRecords.RING_CLASSES).map(rolled::counts).toList(), losses);
        }
        List<Manifest.Count> counts = new ArrayList<>();
        List<Manifest.Loss> losses = new ArrayList<>(manifest.losses());
        for (Manifest.Count count : manifest.counts()) {
            long recorded = rolled.counts(count.ringClass()).recorded();
            long lost = Math.max(0, count.seen() - recorded);
            counts.add(new Manifest.Count(count.ringClass(), recorded + lost, recorded, lost));
            long missing = Math.max(0, lost - count.lost());
            long inBlocks = rolled.unreadable() == 0 && rolled.damagedBlocks() > 0 ? missing
                    : Math.min(missing, damaged(rolled, count.ringClass()));
            add(losses, count.ringClass(), DAMAGED, inBlocks);
            add(losses, count.ringClass(), MISSING, missing - inBlocks);
        }
        return manifest.withCompletion(window, counts, losses);
    }

    private static long damaged(RolledSegments rolled, String ringClass) {
        return rolled.losses().stream().filter(l -> ringClass.equals(l.ringClass()) && l.reason().equals(DAMAGED))
                .mapToLong(Manifest.Loss::atLeast).sum();
    }

    private static void add(List<Manifest.Loss> losses, String ringClass, String reason, long events) {
        if (events > 0) {
            losses.add(new Manifest.Loss(ringClass, reason, events, events));
        }
    }
}
