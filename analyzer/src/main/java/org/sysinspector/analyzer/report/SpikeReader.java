// SPDX-License-Identifier: Apache-2.0
// Reads spikes with their causes and leaves out what says the same twice.
package org.sysinspector.analyzer.report;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.report.Report.Command;
import org.sysinspector.analyzer.report.Report.Happening;

/** Reads spikes with their causes, the most important first, and leaves out what says the same twice. */
public final class SpikeReader {
    private static final String QUERY = """
            SELECT
                s.*, a.proc_key AS ancestor_key, a.name AS ancestor_name, a.share AS ancestor_share,
                f.name AS path, f.share AS path_share, f.op AS file_op, f.ops AS file_ops, f.value AS file_value,
                f.longest_ns AS file_longest, e.name AS execution_name, e.op AS execution_op
            FROM spike AS s
            LEFT JOIN spike_cause AS a ON a.spike_no = s.spike_no AND a.kind = 'ancestor'
            LEFT JOIN spike_cause AS f ON f.spike_no = s.spike_no AND f.kind = 'file' AND f.rank = 1
            LEFT JOIN spike_cause AS e ON e.spike_no = s.spike_no AND e.kind = 'execution' AND e.rank = 1
            ORDER BY s.spike_no
            """;
    private static final String STARTED = """
            SELECT spike_no, command, processes, lifetime
            FROM (
                SELECT
                    t.spike_no, left(p.command, 200) AS command, count(*) AS processes,
                    median(p.lifetime_ns) AS lifetime,
                    row_number() OVER (PARTITION BY t.spike_no ORDER BY count(*) DESC, left(p.command, 200)) AS place
                FROM spike_part AS t
                JOIN spike AS s ON s.spike_no = t.spike_no AND s.metric = 'process_starts'
                JOIN process AS p ON p.proc_key = t.proc_key
                GROUP BY t.spike_no, left(p.command, 200)
            )
            WHERE place = 1
            """;

    private final CaptureDatabase database;
    private final WallClock clock;
    private final ProcessTree tree;

    /** Makes one over a capture; the tree gives the chains of ancestors. */
    public SpikeReader(CaptureDatabase database, WallClock clock, ProcessTree tree) {
        this.database = database;
        this.clock = clock;
        this.tree = tree;
    }

    /**
     * Returns them, folded: those at the same time of the same ancestor under the most important of them, and one of
     * several alike.
     *
     * @throws SQLException if a query fails
     */
    public List<Happening> read() throws SQLException {
        List<Happening> byImportance = new ArrayList<>(readAll());
        byImportance.sort(Comparator.comparingDouble(SpikeReader::importance).reversed()
                .thenComparing(Happening::spikeNo));
        Map<Happening, List<Happening>> also = new LinkedHashMap<>();
        for (Happening one : byImportance) {
            // Where bytes burst, or processes, the operations behind them are no news.
            if (isOps(one) && byImportance.stream().anyMatch(o -> !isOps(o) && overlap(o, one))) {
                continue;
            }
            Happening host = also.keySet().stream()
                    .filter(h -> overlap(h, one) && h.ancestor().equals(one.ancestor())
                            && Objects.equals(h.ancestorPid(), one.ancestorPid()))
                    .findFirst().orElse(null);
            if (host == null) {
                also.put(one, new ArrayList<>());
            } else {
                also.get(host).add(one);
            }
        }
        Map<String, Happening> folded = new LinkedHashMap<>();
        also.forEach((one, others) -> folded.merge(one.metric() + "\n" + one.ancestor() + "\n" + one.path(),
                with(one, 0, others), (first, next) -> with(first, first.alike() + 1, first.also())));
        return List.copyOf(folded.values());
    }

    /**
     * Returns all of them in order of time.
     *
     * @throws SQLException if a query fails
     */
    public List<Happening> readAll() throws SQLException {
        Map<Long, Command> started = new HashMap<>();
        Rows.of(database, STARTED, r -> started.put(r.getLong(1),
                new Command(r.getString(2), r.getLong(3), r.getLong(4))));
        return Rows.of(database, QUERY, row -> happening(row, started.get(row.getLong("spike_no"))));
    }

    private Happening happening(ResultSet row, Command started) throws SQLException {
        Long ancestor = Rows.number(row, "ancestor_key");
        double ratio = row.getDouble("ratio");
        Double known = row.wasNull() ? null : ratio;
        String path = row.getString("path");
        return new Happening(row.getLong("spike_no"), row.getString("metric"), row.getString("unit"),
                row.getLong("from_ns"), row.getLong("to_ns"), clock.time(row.getLong("from_ns")),
                row.getLong("value"), known, row.getDouble("score"),
                ancestor == null ? List.of() : tree.chain(ancestor), row.getString("ancestor_name"),
                ancestor == null ? null : (int) (ancestor & 0x3fffff), row.getDouble("ancestor_share"), path,
                row.getDouble("path_share"), row.getString(path == null ? "execution_op" : "file_op"),
                row.getLong("file_ops"), row.getLong("file_value"), Rows.number(row, "file_longest"),
                started == null ? row.getString("execution_name") : started.command(),
                started == null ? 1 : started.processes(), started == null ? null : started.medianLifetimeNs(), 0, List.of());
    }

    private static boolean isOps(Happening one) {
        return one.metric().equals("ops");
    }

    private static boolean overlap(Happening a, Happening b) {
        return a.fromNs() < b.toNs() && b.fromNs() < a.toNs();
    }

    /** A write burst matters more than an equally marked run of failed opens. */
    private static double importance(Happening one) {
        return one.score() * switch (one.metric()) {
            case "written_bytes", "fsync_time" -> 4;
            case "read_bytes", "process_starts" -> 3;
            default -> 1;
        };
    }

    private static Happening with(Happening h, int alike, List<Happening> also) {
        return new Happening(h.spikeNo(), h.metric(), h.unit(), h.fromNs(), h.toNs(), h.wall(), h.value(), h.ratio(),
                h.score(), h.ancestor(), h.ancestorCommand(), h.ancestorPid(), h.ancestorShare(), h.path(),
                h.pathShare(), h.op(), h.ops(), h.pathValue(), h.longestNs(), h.command(), h.commandCount(),
                h.medianLifetimeNs(), alike, also);
    }
}
