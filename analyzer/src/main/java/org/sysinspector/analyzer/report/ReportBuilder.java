// SPDX-License-Identifier: Apache-2.0
// Asks a capture what a report says.
package org.sysinspector.analyzer.report;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.report.Report.BusyFile;
import org.sysinspector.analyzer.report.Report.Command;
import org.sysinspector.analyzer.report.Report.Coverage;
import org.sysinspector.analyzer.report.Report.Failure;
import org.sysinspector.analyzer.report.Report.Failures;
import org.sysinspector.analyzer.report.Report.RecorderCost;
import org.sysinspector.analyzer.report.Report.ShortLived;
import org.sysinspector.analyzer.report.Report.Window;
import org.sysinspector.capture.Manifest;

/** Asks a capture what a report says. Every figure is a query over the documented views. */
public final class ReportBuilder {
    private static final int FILES = 12;
    private static final int FAILURES = 10;

    private final CaptureDatabase database;
    private final Manifest manifest;
    private final WallClock clock;

    /**
     * Begins one.
     *
     * @throws SQLException if the capture cannot be read
     */
    public ReportBuilder(CaptureDatabase database) throws SQLException {
        this.database = database;
        this.manifest = database.manifest();
        this.clock = new WallClock(database);
    }

    /**
     * Asks everything.
     *
     * @throws SQLException if a query fails
     */
    public Report build() throws SQLException {
        ProcessTree tree = new ProcessTree(database);
        return new Report(window(), new SpikeReader(database, clock, tree).read(), tree.roots(),
                files(database, FILES, "coalesce(file_type, 'file') NOT IN ('pipe', 'socket', 'anon')"),
                shortLived(), failures(), coverage(), recorder());
    }

    /** Returns what was recorded. */
    public Window window() throws SQLException {
        List<String> refused = manifest.probes() == null ? List.of() : manifest.probes().stream()
                .filter(p -> !p.attached()).map(p -> p.name() + ": " + p.note()).toList();
        return Rows.one(database, "SELECT * FROM capture", row -> {
            long from = row.getLong("from_ns");
            long to = row.getLong("to_ns");
            long bucket = row.getLong("bucket_ns");
            boolean cut = from > row.getLong("start_ns") || to < row.getLong("end_ns");
            return new Window(row.getString("capture_id"), row.getString("host"), row.getString("kernel"),
                    row.getString("os"), row.getString("arch"), row.getInt("cpus"), row.getString("state"), from, to,
                    clock.day(from), cut, bucket, (to - from + bucket - 1) / bucket, row.getLong("events"),
                    row.getLong("lost"), refused);
        });
    }

    /** Returns the busiest files, by bytes and then by operations. */
    public static List<BusyFile> files(CaptureDatabase database, int limit, String condition) throws SQLException {
        return Rows.of(database, "SELECT * FROM busy_file WHERE " + condition
                + " ORDER BY read_bytes + written_bytes DESC, ops DESC, path LIMIT " + limit, ReportBuilder::file);
    }

    private static BusyFile file(ResultSet row) throws SQLException {
        return new BusyFile(row.getString("path"), row.getString("file_type"), Rows.number(row, "dev"),
                Rows.number(row, "ino"), row.getLong("read_bytes"), row.getLong("written_bytes"), row.getLong("ops"),
                row.getLong("processes"), row.getString("users"));
    }

    private ShortLived shortLived() throws SQLException {
        List<Command> most = Rows.of(database,
                "SELECT comm, count(*) AS processes, median(lifetime_ns) AS lifetime"
                        + " FROM short_lived GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5",
                r -> new Command(r.getString(1), r.getLong(2), (long) r.getDouble(3)));
        long born = Rows.one(database, "SELECT count(*) FROM process AS p, capture AS c WHERE"
                + " p.source = 'event' AND p.start_ns >= c.from_ns AND p.start_ns < c.to_ns", r -> r.getLong(1));
        return Rows.one(database, "SELECT count(*), count(CASE WHEN polled THEN 1 END) FROM short_lived",
                r -> new ShortLived(r.getLong(1), r.getLong(2), born, most));
    }

    private Failures failures() throws SQLException {
        String sums = "SELECT coalesce(sum(CASE WHEN call = 'exec' THEN failures END), 0),"
                + " coalesce(sum(CASE WHEN call = 'open' THEN failures END), 0) FROM failure";
        List<Failure> execs = failures("exec");
        List<Failure> opens = failures("open");
        return Rows.one(database, sums, r -> new Failures(r.getLong(1), r.getLong(2), execs, opens));
    }

    /** Opens that failed in one directory, or execs that looked for one name in several, make one line. */
    private List<Failure> failures(String call) throws SQLException {
        boolean exec = call.equals("exec");
        String common = exec ? "regexp_extract(path, '[^/]*$')" : "regexp_extract(path, '^.*/')";
        return Rows.of(database, "SELECT errno, CASE WHEN count(DISTINCT path) = 1 THEN min(path) "
                        + (exec ? "ELSE '.../' || " + common : "ELSE " + common + " || '...'")
                        + " END, count(DISTINCT path), string_agg(DISTINCT comm, ', ' ORDER BY comm), sum(failures)"
                        + " FROM failure WHERE call = '" + call + "' GROUP BY errno, " + common
                        + " ORDER BY 5 DESC, 2 LIMIT " + FAILURES,
                r -> new Failure(r.getString(1), r.getString(2), r.getLong(3), callers(r.getString(4)), r.getLong(5)));
    }

    private static String callers(String all) {
        String[] names = all.split(", ");
        return names.length <= 3 ? all : names[0] + ", " + names[1] + ", " + names[2] + " and others";
    }

    private Coverage coverage() throws SQLException {
        List<String> mostly = Rows.of(database, "SELECT p.comm FROM coverage AS c JOIN process AS p USING (proc_key)"
                + " WHERE c.whole AND c.missed_bytes > 0 GROUP BY 1 ORDER BY sum(c.missed_bytes) DESC, 1 LIMIT 2",
                r -> r.getString(1));
        return Rows.one(database, "SELECT coalesce(sum(missed_bytes), 0),"
                        + " coalesce(sum(greatest(missed_bytes - execs * 4096, 0)), 0), coalesce(sum(rchar + wchar), 0),"
                        + " coalesce(sum(execs), 0) FROM coverage WHERE whole",
                r -> new Coverage(r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4), mostly));
    }

    private RecorderCost recorder() throws SQLException {
        List<RecorderCost> costs = new ArrayList<>(Rows.of(database, """
                SELECT
                    coalesce(max(cpu_ns), 0),
                    (SELECT coalesce(sum(n), 0) FROM (SELECT max(run_ns) AS n FROM recorder GROUP BY program)),
                    (SELECT coalesce(sum(n), 0) FROM (SELECT max(run_count) AS n FROM recorder GROUP BY program)),
                    coalesce(max(rss_bytes), 0), coalesce(max(log_bytes), 0)
                FROM recorder
                WHERE program = 'recorder'
                """, r -> new RecorderCost(r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4), r.getLong(5))));
        return costs.get(0);
    }
}
