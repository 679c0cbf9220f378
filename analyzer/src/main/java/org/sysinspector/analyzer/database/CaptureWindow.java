// SPDX-License-Identifier: Apache-2.0
// Which part of a capture is looked at; fills the tables that come from the manifest.
package org.sysinspector.analyzer.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.text.Durations;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * Which part of a capture is looked at.
 *
 * @param startNs start of the window (boot clock)
 * @param endNs its end; where the recorder did not live to write it, the last moment known
 * @param fromNs start of the part
 * @param toNs its end
 */
record CaptureWindow(long startNs, long endNs, long fromNs, long toNs) {
    /** Buckets in the search for spikes; each has a row a figure. */
    private static final long MOST_BUCKETS = 10_000_000;
    private static final long USUAL_BUCKETS = 1_000_000;
    /** Lengths of a bucket that suit: 100 ms, 1 s, 10 s, a minute, an hour, a day. */
    private static final long[] BUCKETS_NS =
            {100_000_000L, 1_000_000_000L, 10_000_000_000L, 60_000_000_000L, 3_600_000_000_000L, 86_400_000_000_000L};

    private static final List<String> EVENT_TABLES =
            SchemaCatalog.get().tables().stream().filter(TableSchema::events).map(TableSchema::name).toList();
    private static final List<String> TIMES =
            List.of("exit.ts_ns", "exec.ts_ns", "open.ts_ns", "io.ts_ns", "clock.boottime_ns");

    /** Returns whether it leaves something out. */
    boolean isCut() {
        return fromNs > startNs || toNs < endNs;
    }

    /**
     * Fills the tables manifest_clock, manifest_loss and capture.
     *
     * @throws CaptureException if nothing lies in the part asked for
     */
    static CaptureWindow fill(Statement sql, Manifest manifest, DatabaseOptions options)
            throws SQLException, CaptureException {
        for (Manifest.Anchor anchor : manifest.clock() == null ? List.<Manifest.Anchor>of() : manifest.clock()) {
            sql.execute("INSERT INTO manifest_clock VALUES (" + anchor.boottimeNs() + ", " + anchor.realtimeNs() + ")");
        }
        CaptureWindow window = of(sql, manifest, options);
        long events = manifest.tables().stream()
                .filter(f -> EVENT_TABLES.contains(f.table())).mapToLong(Manifest.TableFile::rows).sum();
        long lost = number(sql, "SELECT sum(lost) FROM whole_loss");
        if (manifest.counts() != null) {
            lost = Math.max(lost, manifest.counts().stream().mapToLong(Manifest.Count::lost).sum());
            insertLosses(sql, manifest);
        }
        Manifest.Host host = manifest.host();
        List<Object> values = Arrays.asList(manifest.captureId(), host.name(), host.kernel(), host.os(), host.arch(),
                host.cpus(), manifest.state().name().toLowerCase(Locale.ROOT), window.startNs, window.endNs,
                window.fromNs, window.toNs, window.bucketNs(options), events, lost);
        try (PreparedStatement insert = sql.getConnection().prepareStatement(
                "INSERT INTO capture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < values.size(); i++) {
                insert.setObject(i + 1, values.get(i));
            }
            insert.execute();
        }
        return window;
    }

    /**
     * Returns the length of a bucket.
     *
     * @throws CaptureException if there would be too many
     */
    private long bucketNs(DatabaseOptions options) throws CaptureException {
        long length = toNs - fromNs;
        if (options.bucketNs() == 0) {
            for (long ns : BUCKETS_NS) {
                if (length / ns <= USUAL_BUCKETS) {
                    return ns;
                }
            }
            return length / USUAL_BUCKETS;
        }
        if (length / options.bucketNs() > MOST_BUCKETS) {
            throw new CaptureException("too many buckets: window=" + length / 1_000_000 + "ms bucket="
                    + Durations.text(Duration.ofNanos(options.bucketNs())) + " most=" + MOST_BUCKETS
                    + "; use longer ones (--bucket " + Durations.text(Duration.ofMillis(length / 1_000_000 / USUAL_BUCKETS + 1))
                    + ") or a part of the window (--from, --to)");
        }
        return options.bucketNs();
    }

    private static void insertLosses(Statement sql, Manifest manifest) throws SQLException {
        try (PreparedStatement insert = sql.getConnection().prepareStatement(
                "INSERT INTO manifest_loss VALUES (?, ?)")) {
            for (Manifest.Count count : manifest.counts()) {
                insert.setString(1, count.ringClass());
                insert.setLong(2, count.lost());
                insert.execute();
            }
        }
    }

    private static CaptureWindow of(Statement sql, Manifest manifest, DatabaseOptions options)
            throws SQLException, CaptureException {
        long start = manifest.window().startNs();
        long end = manifest.window().endNs();
        if (end <= start) {
            end = start;
            for (String time : TIMES) {
                String[] parts = time.split("\\.");
                end = Math.max(end, number(sql, "SELECT max(" + parts[1] + ") + 1 FROM whole_" + parts[0]));
            }
        }
        if (options.from().isEmpty() && options.to().isEmpty()) {
            return new CaptureWindow(start, end, start, end);
        }
        long offset = number(sql, "SELECT min_by(realtime_ns - boottime_ns, boottime_ns) FROM (SELECT * FROM "
                + "whole_clock UNION ALL SELECT * FROM manifest_clock)");
        Instant wall = Instant.ofEpochSecond(0, start + offset);
        long from = Math.max(start, options.from().map(t -> t.bootNs(start, wall)).orElse(start));
        long to = end;
        if (options.to().isPresent()) {
            to = Math.min(end, options.to().get().bootNs(start, wall));
        }
        if (from >= to) {
            throw new CaptureException("nothing lies between --from and --to: window=" + wall + " +"
                    + (end - start) / 1_000_000 + "ms; times of day are UTC, or use +5s");
        }
        return new CaptureWindow(start, end, from, to);
    }

    private static long number(Statement sql, String query) throws SQLException {
        try (ResultSet rows = sql.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
