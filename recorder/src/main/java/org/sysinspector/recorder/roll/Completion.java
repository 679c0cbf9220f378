// SPDX-License-Identifier: Apache-2.0
// What a manifest says once every segment is rolled.
package org.sysinspector.recorder.roll;

import java.util.ArrayList;
import java.util.List;
import org.sysinspector.capture.Manifest;

/** What a manifest says once every segment is rolled. Has no state, so any thread may use it. */
public final class Completion {
    private static final String SAMPLE = "sample";

    private Completion() {}

    /**
     * Returns a manifest as complete. Where the recorder was killed, the window ends with the last event, and the
     * events are those in the log; what was lost is known as far as the log says it. Where blocks are damaged, what
     * was in them counts as lost.
     *
     * @param manifest all segments are listed in it
     */
    public static Manifest of(Manifest manifest) {
        return manifest.withCompletion(window(manifest), counts(manifest), manifest.losses());
    }

    private static Manifest.Window window(Manifest manifest) {
        Manifest.Window window = manifest.window();
        if (window.endNs() != 0) {
            return window;
        }
        long last = manifest.segments().stream().mapToLong(Manifest.Segment::lastNs).max().orElse(0);
        return new Manifest.Window(window.startNs(), Math.max(window.startNs(), last), "killed");
    }

    private static List<Manifest.Count> counts(Manifest manifest) {
        boolean isDamaged = manifest.segments().stream().anyMatch(s -> s.damagedBlocks() > 0);
        if (manifest.counts() != null && !isDamaged) {
            return manifest.counts();
        }
        List<Manifest.Count> counts = new ArrayList<>();
        if (manifest.counts() == null) {
            for (String name : RawRecords.RING_CLASSES) {
                if (!name.equals(SAMPLE)) {
                    long recorded = sum(manifest, name, true);
                    long lost = sum(manifest, name, false);
                    counts.add(new Manifest.Count(name, recorded + lost, recorded, lost));
                }
            }
        } else {
            for (Manifest.Count count : manifest.counts()) {
                long recorded = sum(manifest, count.ringClass(), true);
                counts.add(new Manifest.Count(count.ringClass(), count.seen(), recorded, count.seen() - recorded));
            }
        }
        return counts;
    }

    private static long sum(Manifest manifest, String ringClass, boolean isRecorded) {
        return manifest.segments().stream().flatMap(s -> s.counts().stream())
                .filter(c -> c.ringClass().equals(ringClass))
                .mapToLong(c -> isRecorded ? c.recorded() : c.lost()).sum();
    }
}
