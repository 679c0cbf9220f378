// SPDX-License-Identifier: Apache-2.0
// Reads what a capture says of lost events.
package org.sysinspector.analyzer.report;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.report.Loss.ClassLoss;
import org.sysinspector.analyzer.report.Loss.Exact;
import org.sysinspector.analyzer.report.Loss.Interval;
import org.sysinspector.capture.Manifest;
import org.sysinspector.text.Units;

/** Reads what a capture says of lost events. */
public final class LossReader {
    /** What to advise where the manifest does not say how much the rings had. */
    private static final long RING_MEMORY_BYTES = 256L << 20;
    /** Less is not worth trying. */
    private static final long LEAST_RING_MEMORY_BYTES = 32L << 20;

    private LossReader() {}

    /**
     * Reads all of it.
     *
     * @throws SQLException if a query fails
     */
    public static Loss read(CaptureDatabase database) throws SQLException {
        Manifest manifest = database.manifest();
        List<ClassLoss> classes = Rows.of(database, ReportQueries.CLASS_LOSS,
                r -> new ClassLoss(r.getString("class"), most(Rows.number(r, "lost"),
                        Completeness.ofClass(manifest, r.getString("class")))));
        boolean any = classes.stream().anyMatch(c -> c.lost() == null || c.lost() > 0)
                || Rows.one(database, "SELECT count(*) FROM loss_part", r -> r.getLong(1)) > 0;
        List<Interval> intervals = any ? intervals(database) : List.of();
        return new Loss(completeness(database), intervals.stream().mapToLong(Interval::lost).sum(),
                intervals.stream().allMatch(Interval::counted), classes, intervals, exact(database),
                remedies(manifest, intervals));
    }

    private static Long most(Long counted, Long told) {
        return counted == null || told == null ? null : Long.valueOf(Math.max(counted, told));
    }

    /**
     * Returns how the window ended, and how much of all of it is missing.
     *
     * @throws SQLException if a query fails
     */
    public static Completeness completeness(CaptureDatabase database) throws SQLException {
        return Rows.one(database, "SELECT c.lost, NOT EXISTS (FROM whole_loss WHERE reason = 'block_damaged' AND lost = 0)"
                + " AS counted FROM capture AS c", r -> Completeness.of(database.manifest(), r.getLong("lost"), r.getBoolean("counted")));
    }

    /**
     * Returns a line for who asks in SQL, or nothing if nothing was lost.
     *
     * @throws SQLException if a query fails
     */
    public static Optional<String> note(CaptureDatabase database) throws SQLException {
        record Part(String text, long lost, boolean counted) {}
        List<Part> parts = Rows.of(database, "SELECT class, sum(lost), bool_and(counted) FROM loss_part GROUP BY class"
                + " ORDER BY class", r -> new Part(r.getString(1) + " "
                        + String.format(Locale.ROOT, "%,d", r.getLong(2)) + (r.getBoolean(3) ? "" : " or more"),
                        r.getLong(2), r.getBoolean(3)));
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        boolean counted = parts.stream().allMatch(Part::counted);
        long lost = parts.stream().mapToLong(Part::lost).sum();
        return Optional.of("note: " + (counted ? "" : "at least ") + String.format(Locale.ROOT, "%,d", lost)
                + (lost == 1 ? " event was" : " events were") + " lost (class "
                + String.join(", ", parts.stream().map(Part::text).toList()) + "): see view lossy_interval");
    }

    private static List<Interval> intervals(CaptureDatabase database) throws SQLException {
        WallClock clock = new WallClock(database);
        return Rows.of(database, ReportQueries.LOSSY_INTERVALS, r -> new Interval(r.getString("class"),
                r.getLong("from_ns"), r.getLong("to_ns"), clock.time(r.getLong("from_ns")), r.getLong("lost"),
                r.getBoolean("counted"), r.getInt("cpus"), r.getString("reason"), r.getString("meaning")));
    }

    private static Exact exact(CaptureDatabase database) throws SQLException {
        return Rows.one(database, ReportQueries.EXACT, r -> r.getLong("executions") == 0 ? null
                : new Exact(r.getLong("exact_ops"), r.getLong("seen_ops"), r.getLong("exact_read_bytes"),
                        r.getLong("seen_read_bytes"), r.getLong("exact_written_bytes"), r.getLong("seen_written_bytes")));
    }

    private static List<String> remedies(Manifest manifest, List<Interval> intervals) {
        List<String> remedies = new ArrayList<>();
        Set<String> reasons = new HashSet<>();
        intervals.forEach(i -> reasons.addAll(List.of(i.reason().split(", "))));
        reasons.addAll(Completeness.of(manifest, 0, true).reasons());
        if (reasons.contains("ring_full")) {
            long had = manifest.rings() == null ? 0 : manifest.rings().stream().mapToLong(Manifest.Ring::bytes).sum();
            long mib = (had == 0 ? RING_MEMORY_BYTES : Math.max(2 * had, LEAST_RING_MEMORY_BYTES)) >> 20;
            remedies.add("The rings were full. Give them more memory next time: sys-inspector record --ring-memory "
                    + mib + "MiB" + (had == 0 ? "" : " (they had " + Units.bytes(had) + " together)"));
        }
        if (reasons.contains("no_slot") || reasons.contains("no_scratch") || reasons.contains("no_ring")) {
            remedies.add("The kernel had no slot for a thread, no buffer or no ring for a CPU at that moment. Leave it more room next "
                    + "time: sys-inspector record --ring-memory");
        }
        if (reasons.contains("disk")) {
            remedies.add("The disk did not take it. Give the capture room, or bound it: sys-inspector record --max-size SIZE");
        }
        if (reasons.contains("killed")) {
            remedies.add("The recorder was killed, and what its rings held then was not written. Where that is still there, this saves "
                    + "it, as root on that machine and before it boots again: sys-inspector roll CAPTURE");
        }
        if (reasons.contains("block_damaged")) {
            remedies.add("Blocks of the log were damaged. Which ones: sys-inspector verify CAPTURE");
        }
        if (reasons.contains("segment_missing")) {
            remedies.add("Segments of the log are gone. Which ones: sys-inspector verify CAPTURE");
        }
        return remedies;
    }
}
