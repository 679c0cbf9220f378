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
    private static final String SAMPLE = "sample";

    private Completion() {}

    /**
     * Returns a manifest as complete. Where the recorder was killed, the window ends with the last event, and the
     * events are those in the log; what was lost is known as far as the log says it. Where blocks are damaged, what
     * was in them counts as lost.
     *
     * @param rolled what all its segments hold
     */
    public static Manifest of(Manifest manifest, RolledSegments rolled) {
        return manifest.withCompletion(window(manifest, rolled), counts(manifest, rolled), manifest.losses());
    }

    private static Manifest.Window window(Manifest manifest, RolledSegments rolled) {
        Manifest.Window window = manifest.window();
        return window.endNs() != 0 ? window
                : new Manifest.Window(window.startNs(), Math.max(window.startNs(), rolled.lastNs()), "killed");
    }

    private static List<Manifest.Count> counts(Manifest manifest, RolledSegments rolled) {
        if (manifest.counts() == null) {
            return Stream.of(RawRecords.RING_CLASSES).filter(name -> !name.equals(SAMPLE)).map(rolled::counts).toList();
        }
        if (rolled.damagedBlocks() == 0) {
            return manifest.counts();
        }
        List<Manifest.Count> counts = new ArrayList<>();
        for (Manifest.Count count : manifest.counts()) {
            long recorded = rolled.counts(count.ringClass()).recorded();
            counts.add(new Manifest.Count(count.ringClass(), count.seen(), recorded, count.seen() - recorded));
        }
        return counts;
    }
}
