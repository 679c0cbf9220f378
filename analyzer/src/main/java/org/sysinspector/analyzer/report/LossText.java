// SPDX-License-Identifier: Apache-2.0
// Puts lost events into words.
package org.sysinspector.analyzer.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.sysinspector.analyzer.report.Loss.Exact;
import org.sysinspector.analyzer.report.Loss.Interval;
import org.sysinspector.analyzer.report.Section.Column;
import org.sysinspector.analyzer.report.Section.Item;
import org.sysinspector.analyzer.report.Section.Row;
import org.sysinspector.text.Units;

/** Puts lost events into words. */
final class LossText {
    /** Where the title of the section begins. */
    static final String TITLE = "LOST";

    private static final int MOST = 10;

    private LossText() {}

    /** Returns the number of events lost, for the first line. */
    static String count(Loss loss) {
        return (loss.counted() ? "" : "at least ") + Units.count(loss.lost());
    }

    /** Returns the line that comes first where only a part of a report is printed. */
    static String firstLine(Loss loss) {
        return "LOST " + count(loss) + (loss.lost() == 1 ? " event" : " events")
                + ": figures are lower bounds; see sys-inspector analyze report CAPTURE";
    }

    /** Returns when, where, how many, of what class, what it means and what to do; null where nothing was lost. */
    static Section section(Loss loss) {
        if (!loss.any()) {
            return null;
        }
        List<Row> rows = new ArrayList<>();
        for (Interval one : loss.intervals().subList(0, Math.min(MOST, loss.intervals().size()))) {
            rows.add(new Row(0, one.wall() + " +" + Units.time(one.toNs() - one.fromNs()), "", List.of(
                    one.eventClass(), one.counted() ? Units.count(one.lost())
                            : one.lost() == 0 ? "not known" : Units.count(one.lost()) + " or more",
                    one.cpus() == 0 ? "-" : Units.count(one.cpus()), one.reason().replace('_', ' '))));
        }
        List<Item> items = new ArrayList<>();
        if (loss.intervals().size() > MOST) {
            items.add(Item.of("and " + Units.things(loss.intervals().size() - MOST, "more interval", "more intervals")
                    + ": view lossy_interval"));
        }
        Set<String> meanings = new LinkedHashSet<>();
        loss.intervals().forEach(i -> meanings.add(i.eventClass() + ": " + i.meaning() + "."));
        meanings.forEach(m -> items.add(Item.of(m)));
        if (loss.exact() != null) {
            items.add(Item.of(exact(loss.exact())));
        }
        loss.remedies().forEach(r -> items.add(Item.of(r)));
        return new Section(TITLE + " (UTC)", "time (UTC)", List.of(new Column("class", 9, false), Column.figure("events", 15),
                Column.figure("CPUs", 4), new Column("why", 24, false)), rows, items);
    }

    /** Returns the kernel's own count beside what was seen. */
    static String exact(Exact exact) {
        if (exact.ops() == exact.seenOps() && exact.readBytes() == exact.seenReadBytes()
                && exact.writtenBytes() == exact.seenWrittenBytes()) {
            return "By the kernel's exact count no operation is missing: " + Units.count(exact.ops())
                    + " were made, " + Units.bytes(exact.readBytes()) + " read, " + Units.bytes(exact.writtenBytes())
                    + " written.";
        }
        return "By the kernel's exact count there were " + Units.count(exact.ops()) + " operations (seen "
                + Units.count(exact.seenOps()) + "), " + Units.bytes(exact.readBytes()) + " read (seen "
                + Units.bytes(exact.seenReadBytes()) + "), " + Units.bytes(exact.writtenBytes()) + " written (seen "
                + Units.bytes(exact.seenWrittenBytes()) + ").";
    }

    /** Returns the bound of a figure: {@code up to 9,312 operations lost in this interval}; empty if none were lost. */
    static String bound(Long lost, String eventClass) {
        if (lost == null) {
            return "an unknown number of " + events(eventClass, 2) + " lost in this interval";
        }
        return lost == 0 ? "" : "up to " + Units.count(lost) + " " + events(eventClass, lost) + " lost in this interval";
    }

    /** Returns what is said below figures made from these classes of events; empty if none of them were lost. */
    static List<Item> lowerBounds(Loss loss, String... classes) {
        List<String> parts = new ArrayList<>();
        for (String eventClass : classes) {
            Long lost = loss.of(eventClass);
            if (lost == null || lost > 0) {
                parts.add(lost == null ? "an unknown number of " + events(eventClass, 2)
                        : "up to " + Units.count(lost) + " " + events(eventClass, lost));
            }
        }
        return parts.isEmpty() ? List.of()
                : List.of(Item.of("Lower bounds: " + String.join(" and ", parts) + " lost, see LOST."));
    }

    private static String events(String eventClass, long count) {
        String one = switch (eventClass) {
            case "io" -> "operation";
            case "names" -> "name event";
            default -> eventClass + " event";
        };
        return count == 1 ? one : one + "s";
    }
}
