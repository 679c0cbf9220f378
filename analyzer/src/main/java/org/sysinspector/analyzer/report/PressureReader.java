// SPDX-License-Identifier: Apache-2.0
// Reads what a capture says of operations that were put together.
package org.sysinspector.analyzer.report;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sysinspector.analyzer.database.CaptureDatabase;

/** Reads what a capture says of operations that were put together under pressure. */
public final class PressureReader {
    private record Interval(long fromNs, long toNs, String cpus, long times) {}

    private PressureReader() {}

    /**
     * Reads all of it.
     *
     * @return null where no CPU was under pressure
     * @throws SQLException if a query fails
     */
    static Pressure read(CaptureDatabase database, WallClock clock) throws SQLException {
        List<Interval> intervals = Rows.of(database, ReportQueries.PRESSURE, r -> new Interval(r.getLong("from_ns"),
                r.getLong("to_ns"), r.getString("cpus"), r.getLong("times")));
        if (intervals.isEmpty()) {
            return null;
        }
        long from = intervals.get(0).fromNs();
        List<String> cpus = intervals.stream().flatMap(i -> Stream.of(i.cpus().split(", "))).distinct()
                .sorted(Comparator.comparingInt(Integer::parseInt)).toList();
        return Rows.one(database, ReportQueries.SHARED, r -> new Pressure(from, clock.time(from),
                intervals.stream().mapToLong(i -> i.toNs() - i.fromNs()).sum(), cpus,
                intervals.stream().mapToLong(Interval::times).sum(), r.getLong("ops"), r.getLong("shared_rows")));
    }

    /**
     * Returns a line for who asks in SQL, or nothing if every operation has a row of its own.
     *
     * @throws SQLException if a query fails
     */
    public static Optional<String> note(CaptureDatabase database) throws SQLException {
        return Rows.of(database, ReportQueries.PRESSURE, r -> r.getString("cpus")).isEmpty() ? Optional.empty()
                : Optional.of("note: under pressure operations share rows of io: count them with sum(ops), see view "
                        + "pressure_interval");
    }
}
