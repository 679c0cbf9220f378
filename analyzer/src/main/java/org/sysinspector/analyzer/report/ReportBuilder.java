// SPDX-License-Identifier: Apache-2.0
// Asks a capture what a report says.
package org.sysinspector.analyzer.report;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.report.Report.BusyFile;
import org.sysinspector.analyzer.report.Report.Command;
import org.sysinspector.analyzer.report.Report.Coverage;
import org.sysinspector.analyzer.report.Report.Failure;
import org.sysinspector.analyzer.report.Report.Failures;
import org.sysinspector.analyzer.report.Report.ProgramCost;
import org.sysinspector.analyzer.report.Report.RecorderCost;
import org.sysinspector.analyzer.report.Report.ShortLived;
import org.sysinspector.analyzer.report.Report.Window;
import org.sysinspector.capture.Manifest;

/** Asks a capture what a report says. Every figure is a query over the documented views. */
public final class ReportBuilder {
    /** Files in a report. */
    static final int FILES = 12;

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
        return new Report(window(), LossReader.read(database), PressureReader.read(database, clock), new SpikeReader(database, clock, tree).read(),
                tree.roots(), files(database, FILES, true), shortLived(), failures(), coverage(), recorder());
    }

    /** Returns what was recorded. */
    public Window window() throws SQLException {
        List<String> refused = manifest.probes() == null ? List.of() : manifest.probes().stream()
                .filter(p -> !p.attached()).map(p -> p.name() + ": " + p.note()).toList();
        return Rows.one(database, ReportQueries.WINDOW, row -> {
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

    /**
     * Returns the busiest files, by bytes and then by operations.
     *
     * @param named whether to leave out pipes, sockets and the like
     * @throws SQLException if the query fails
     */
    public static List<BusyFile> files(CaptureDatabase database, int limit, boolean named) throws SQLException {
        return Rows.of(database, ReportQueries.files(limit, named), ReportBuilder::file);
    }

    private static BusyFile file(ResultSet row) throws SQLException {
        return new BusyFile(row.getString("path"), row.getString("file_type"), Rows.number(row, "dev"),
                Rows.number(row, "ino"), row.getLong("read_bytes"), row.getLong("written_bytes"), row.getLong("ops"),
                row.getLong("processes"), row.getString("users"), Rows.number(row, "lost"));
    }

    private ShortLived shortLived() throws SQLException {
        List<Command> most = Rows.of(database, ReportQueries.SHORT_LIVED_MOST,
                r -> new Command(r.getString(1), r.getLong(2), (long) r.getDouble(3)));
        long born = Rows.one(database, ReportQueries.BORN, r -> r.getLong(1));
        return Rows.one(database, ReportQueries.SHORT_LIVED,
                r -> new ShortLived(r.getLong(1), r.getLong(2), born, most));
    }

    private Failures failures() throws SQLException {
        List<Failure> execs = failures(ReportQueries.FAILED_EXECS);
        List<Failure> opens = failures(ReportQueries.FAILED_OPENS);
        return Rows.one(database, ReportQueries.FAILURES,
                r -> new Failures(r.getLong(1), r.getLong(2), execs, opens));
    }

    private List<Failure> failures(String query) throws SQLException {
        return Rows.of(database, query,
                r -> new Failure(r.getString(1), r.getString(2), r.getLong(3), callers(r.getString(4)), r.getLong(5)));
    }

    private static String callers(String all) {
        String[] names = all.split(", ");
        return names.length <= 3 ? all : names[0] + ", " + names[1] + ", " + names[2] + " and others";
    }

    private Coverage coverage() throws SQLException {
        List<String> mostly = Rows.of(database, ReportQueries.COVERAGE_MOSTLY, r -> r.getString(1));
        return Rows.one(database, ReportQueries.COVERAGE,
                r -> new Coverage(r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4), mostly));
    }

    private RecorderCost recorder() throws SQLException {
        List<ProgramCost> programs = Rows.of(database, ReportQueries.PROGRAMS,
                r -> new ProgramCost(r.getLong(1), r.getLong(2), r.getDouble(3), r.getDouble(4)));
        return Rows.one(database, ReportQueries.RECORDER, r -> new RecorderCost(
                r.getLong(1), r.getLong(2), r.getLong(3), programs.isEmpty() ? null : programs.get(0)));
    }
}
