// SPDX-License-Identifier: Apache-2.0
// What the manifest says of the rings and of the events that came to them.
package org.sysinspector.recorder.window;

import java.util.ArrayList;
import java.util.List;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.MappedRing;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/** What the manifest says of the rings and of the events that came to them. Has no state, so any thread may use it. */
public final class WindowLedger {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final String[] CLASSES = CATALOG.enumeration("ring_class").names();

    private static final String[] REASONS = CATALOG.enumeration("loss_reason").names();

    private WindowLedger() {}

    /**
     * Returns the rings, and those CPUs that have none though something came to them: they came online in the window.
     *
     * @param counters what came to them; null while that is not known
     */
    public static List<Manifest.Ring> rings(List<MappedRing> mapped, Counters counters) {
        List<Manifest.Ring> rings = new ArrayList<>();
        for (MappedRing r : mapped) {
            rings.add(new Manifest.Ring(CLASSES[r.ringClass()], r.cpu(), r.bytes(),
                    counters == null ? 0 : counters.seen(r.ringClass(), r.cpu())));
        }
        for (RingSchema schema : CATALOG.rings()) {
            if (schema.eachCpu() && counters != null) {
                int ringClass = CATALOG.enumeration("ring_class").code(schema.ringClass());
                int with = (int) mapped.stream().filter(r -> r.ringClass() == ringClass).count();
                for (int cpu = with; cpu < counters.cpus(); cpu++) {
                    if (counters.seen(ringClass, cpu) > 0) {
                        rings.add(new Manifest.Ring(schema.ringClass(), cpu, 0, counters.seen(ringClass, cpu)));
                    }
                }
            }
        }
        return rings;
    }

    /**
     * Returns the events of each class that the kernel counts.
     *
     * @param drainer has put them into the log
     * @param aside operations that no ring carried
     * @param samples the recorder's own records
     */
    static List<Manifest.Count> counts(Counters counters, RingDrainer drainer, Manifest.Count aside, Manifest.Count samples) {
        List<Manifest.Count> counts = new ArrayList<>();
        for (int c = 0; c < CLASSES.length; c++) {
            String name = CLASSES[c];
            if (CATALOG.rings().stream().noneMatch(r -> r.ringClass().equals(name))) {
                continue;
            }
            // What the disk did not take was seen and is lost, though no ring was full.
            long lost = drainer.problem() == null ? counters.lost(c) : counters.seen(c) - drainer.recorded(c);
            Manifest.Count count = new Manifest.Count(name, counters.seen(c), drainer.recorded(c), lost);
            counts.add(name.equals(aside.ringClass()) ? sum(count, aside) : count);
        }
        counts.add(samples);
        return counts;
    }

    private static Manifest.Count sum(Manifest.Count one, Manifest.Count other) {
        return new Manifest.Count(one.ringClass(), one.seen() + other.seen(), one.recorded() + other.recorded(),
                one.lost() + other.lost());
    }

    /** Returns what was lost, by reason: what the kernel counted, and what the disk did not take. */
    public static List<Manifest.Loss> losses(Counters counters, List<Manifest.Count> counts) {
        List<Manifest.Loss> losses = new ArrayList<>();
        for (Manifest.Count count : counts) {
            int c = CATALOG.enumeration("ring_class").code(count.ringClass());
            for (int reason = 0; reason < REASONS.length; reason++) {
                add(losses, count.ringClass(), REASONS[reason], counters.lostFor(c, reason));
            }
            add(losses, count.ringClass(), "disk", count.lost() - counters.lost(c));
        }
        return losses;
    }

    private static void add(List<Manifest.Loss> losses, String ringClass, String reason, long lost) {
        if (lost > 0) {
            losses.add(new Manifest.Loss(ringClass, reason, lost, lost));
        }
    }
}
