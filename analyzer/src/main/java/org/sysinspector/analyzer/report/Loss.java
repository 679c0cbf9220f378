// SPDX-License-Identifier: Apache-2.0
// What a capture says of lost events, as figures.
package org.sysinspector.analyzer.report;

import java.util.List;

/**
 * What a capture says of lost events, as far as they touch what is looked at.
 *
 * @param completeness how the whole window ended, and how much of it is missing
 * @param lost events lost, at least
 * @param counted false where it may be more, because a damaged block does not say what was in it
 * @param classes what each class may be short of, lost ones or not
 * @param intervals the lossy intervals, in order of time
 * @param exact the kernel's own count beside what was seen; null where there is none
 * @param remedies what to do about it; empty where nothing was lost
 */
public record Loss(Completeness completeness, long lost, boolean counted, List<ClassLoss> classes, List<Interval> intervals, Exact exact,
        List<String> remedies) {

    /**
     * What a class of events may be short of.
     *
     * @param eventClass lifecycle, names, io or sample
     * @param lost at most so many of its events were lost; null if it is not known how many
     */
    public record ClassLoss(String eventClass, Long lost) {}

    /** One row of view {@code lossy_interval}; {@code wall} is its start, UTC time of day. */
    public record Interval(String eventClass, long fromNs, long toNs, String wall, long lost, boolean counted,
            int cpus, String reason, String meaning) {}

    /**
     * Sums of view {@code exact_io} over the executions that the kernel counted.
     *
     * @param ops operations by the kernel's count
     * @param seenOps operations in table io
     * @param readBytes bytes read by the kernel's count
     * @param seenReadBytes bytes read in table io
     * @param writtenBytes bytes written by the kernel's count
     * @param seenWrittenBytes bytes written in table io
     */
    public record Exact(long ops, long seenOps, long readBytes, long seenReadBytes, long writtenBytes,
            long seenWrittenBytes) {}

    /** Returns whether anything was lost. */
    public boolean any() {
        return lost > 0 || !counted || !completeness.whole();
    }

    /** Returns at most how many events of a class were lost: 0 if none, null if it is not known how many. */
    Long of(String eventClass) {
        return classes.stream().filter(c -> c.eventClass().equals(eventClass)).findFirst().orElseThrow().lost();
    }
}
