// SPDX-License-Identifier: Apache-2.0
// How a window ended, and how much of it is missing.
package org.sysinspector.analyzer.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sysinspector.capture.Manifest;
import org.sysinspector.text.Units;

/**
 * How a window ended, and how much of it is missing: what stands first in every answer.
 *
 * @param endedBy what ended the window; null where the recorder did not tell, as while it records
 * @param state recording, recorded or complete
 * @param segments segments of the log that are rolled, and so in the answer
 * @param atLeast events that are certainly missing
 * @param atMost events that may be missing; null if it is not known how many
 * @param reasons why, as enum loss_reason names it
 */
public record Completeness(String endedBy, String state, long segments, long atLeast, Long atMost, Set<String> reasons) {
    /** What ended a window although its command or duration went on. */
    private static final Set<String> EARLY = Set.of("disk_full", "max_size", "error");

    /**
     * Reckons it.
     *
     * @param lost events lost in what the tables and the manifest count
     * @param counted false where it may be more
     */
    static Completeness of(Manifest manifest, long lost, boolean counted) {
        List<Manifest.Loss> losses = manifest.losses() == null ? List.of() : manifest.losses();
        Set<String> reasons = new LinkedHashSet<>();
        long least = 0;
        long most = 0;
        boolean known = counted && manifest.state() == Manifest.State.COMPLETE;
        for (Manifest.Loss loss : losses) {
            reasons.add(loss.reason());
            least += loss.atLeast();
            known &= loss.atMost() != null;
            most += loss.atMost() == null ? 0 : loss.atMost();
        }
        String endedBy = manifest.window().endedBy();
        long atLeast = Math.max(least, lost);
        return new Completeness(endedBy, manifest.state().name().toLowerCase(Locale.ROOT), manifest.segments().size(), atLeast,
                known ? Math.max(most, atLeast) : null, reasons);
    }

    /** Returns whether nothing is missing, and it is known. */
    boolean whole() {
        return atMost != null && atMost == 0;
    }

    /** Returns the line. */
    public String line() {
        String early = endedBy != null && EARLY.contains(endedBy) ? ", what came later was not recorded" : "";
        return "ended by: " + (endedBy == null ? "not known" : endedBy) + early + "; " + progress() + missing();
    }

    private String progress() {
        return state.equals("complete") ? "" : state + ", " + Units.things(segments, "segment", "segments") + " rolled; ";
    }

    private String missing() {
        if (whole()) {
            return "nothing is missing";
        }
        if (atMost != null && atMost == atLeast) {
            return Units.things(atLeast, "event is missing", "events are missing");
        }
        return "at least " + Units.count(atLeast) + " events missing, at most "
                + (atMost == null ? "not known" : Units.count(atMost));
    }

    /** Returns at most how many events of a class are missing by the manifest's account; null if it is not known. */
    static Long ofClass(Manifest manifest, String eventClass) {
        long most = 0;
        for (Manifest.Loss loss : manifest.losses() == null ? List.<Manifest.Loss>of() : manifest.losses()) {
            if (loss.ringClass() == null || loss.ringClass().equals(eventClass)) {
                if (loss.atMost() == null) {
                    return null;
                }
                most += loss.atMost();
            }
        }
        return most;
    }
}
