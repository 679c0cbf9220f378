// SPDX-License-Identifier: Apache-2.0
// The queries behind a report, each runnable as it stands with analyze sql.
package org.sysinspector.analyzer.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The queries behind a report. What builds the report runs these very texts, and {@code report --explain} prints them,
 * so that each figure can be asked for by hand.
 */
public final class ReportQueries {
    static final String WINDOW = "SELECT * FROM capture";

    /** What each class may be short of. */
    static final String CLASS_LOSS = "SELECT class, lost FROM class_loss ORDER BY class";

    static final String LOSSY_INTERVALS = "SELECT * FROM lossy_interval ORDER BY from_ns, class";

    /** The kernel's own count beside what was seen, of the executions that it counted. */
    static final String EXACT = """
            SELECT
                count(*) AS executions,
                sum(exact_ops) AS exact_ops, sum(seen_ops) AS seen_ops,
                sum(CASE WHEN dir = 'r' THEN exact_bytes END) AS exact_read_bytes,
                sum(CASE WHEN dir = 'r' THEN seen_bytes END) AS seen_read_bytes,
                sum(CASE WHEN dir = 'w' THEN exact_bytes END) AS exact_written_bytes,
                sum(CASE WHEN dir = 'w' THEN seen_bytes END) AS seen_written_bytes
            FROM exact_io
            WHERE exact_ops IS NOT NULL""";

    static final String PRESSURE = "SELECT * FROM pressure_interval ORDER BY from_ns";

    /** Operations that share a row with others. */
    static final String SHARED = "SELECT coalesce(sum(ops), 0) AS ops, count(*) AS shared_rows FROM io WHERE ops > 1";

    /** Spikes with what explains most of each. */
    static final String SPIKES = """
            SELECT
                s.*, a.proc_key AS ancestor_key, a.name AS ancestor_name, a.share AS ancestor_share,
                f.name AS path, f.share AS path_share, f.op AS file_op, f.ops AS file_ops, f.value AS file_value,
                f.longest_ns AS file_longest, e.name AS execution_name, e.op AS execution_op
            FROM spike AS s
            LEFT JOIN spike_cause AS a ON a.spike_no = s.spike_no AND a.kind = 'ancestor'
            LEFT JOIN spike_cause AS f ON f.spike_no = s.spike_no AND f.kind = 'file' AND f.rank = 1
            LEFT JOIN spike_cause AS e ON e.spike_no = s.spike_no AND e.kind = 'execution' AND e.rank = 1
            ORDER BY s.spike_no""";

    /** The command started most often in each burst of process starts. */
    static final String STARTED = """
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
            WHERE place = 1""";

    /** The processes, the most active ones first; of an endless number only those. */
    static final String PROCESSES = """
            SELECT
                proc_key, pid, parent_key, start_ns, end_ns, exit_code, signal, comm, left(command, 200) AS cut, source,
                read_bytes, written_bytes, ops, device_read_bytes, device_written_bytes, cpu_ns,
                exact_read_bytes, exact_written_bytes, exact_ops,
                tree_read_bytes, tree_written_bytes, tree_exact_read_bytes, tree_exact_written_bytes,
                tree_device_read_bytes, tree_device_written_bytes, tree_cpu_ns, tree_processes
            FROM process
            ORDER BY tree_read_bytes + tree_written_bytes + tree_cpu_ns DESC, start_ns, proc_key
            LIMIT 300000""";

    static final String SHORT_LIVED_MOST = """
            SELECT comm, count(*) AS processes, median(lifetime_ns) AS lifetime
            FROM short_lived
            GROUP BY comm
            ORDER BY processes DESC, comm
            LIMIT 5""";

    static final String BORN = """
            SELECT count(*) AS born
            FROM process AS p
            CROSS JOIN capture AS c
            WHERE p.source = 'event' AND p.start_ns >= c.from_ns AND p.start_ns < c.to_ns""";

    static final String SHORT_LIVED =
            "SELECT count(*) AS processes, count(CASE WHEN polled THEN 1 END) AS polled FROM short_lived";

    static final String FAILURES = """
            SELECT
                coalesce(sum(CASE WHEN call = 'exec' THEN failures END), 0) AS execs,
                coalesce(sum(CASE WHEN call = 'open' THEN failures END), 0) AS opens
            FROM failure""";

    /** Execs that looked for one name in several directories make one line. */
    static final String FAILED_EXECS = failed("exec", "regexp_extract(path, '[^/]*$')", "'.../' || ", "");

    /** Opens that failed in one directory make one line. */
    static final String FAILED_OPENS = failed("open", "regexp_extract(path, '^.*/')", "", " || '...'");

    static final String COVERAGE_MOSTLY = """
            SELECT p.comm
            FROM coverage AS c
            JOIN process AS p ON p.proc_key = c.proc_key
            WHERE c.whole AND c.missed_bytes > 0
            GROUP BY p.comm
            ORDER BY sum(c.missed_bytes) DESC, p.comm
            LIMIT 2""";

    /** An exec may take the kernel 4 KiB that it reads itself of a program. */
    static final String COVERAGE = """
            SELECT
                coalesce(sum(missed_bytes), 0) AS missed_bytes,
                coalesce(sum(greatest(missed_bytes - execs * 4096, 0)), 0) AS unexplained_bytes,
                coalesce(sum(rchar + wchar), 0) AS counted_bytes, coalesce(sum(execs), 0) AS execs
            FROM coverage
            WHERE whole""";

    static final String RECORDER = """
            SELECT
                coalesce(max(cpu_ns), 0) AS cpu_ns,
                coalesce(max(rss_bytes), 0) AS rss_bytes, coalesce(max(log_bytes), 0) AS log_bytes
            FROM recorder
            WHERE program = 'recorder'""";

    static final String PROGRAMS = """
            SELECT
                max(p.slices) AS slices, max(p.counted_ns) AS counted_ns, sum(p.cpu_share) AS cpu_share,
                sum(p.cpu_share) * (c.end_ns - c.start_ns) / c.events AS ns_per_event
            FROM program_cost AS p
            CROSS JOIN capture AS c
            GROUP BY c.start_ns, c.end_ns, c.events""";

    private ReportQueries() {}

    /** Returns the query of the busiest files, by bytes and then by operations. */
    static String files(int limit, boolean named) {
        return "SELECT *\nFROM busy_file\n"
                + (named ? "WHERE coalesce(file_type, 'file') NOT IN ('pipe', 'socket', 'anon')\n" : "")
                + "ORDER BY read_bytes + written_bytes DESC, ops DESC, path\nLIMIT " + limit;
    }

    private static String failed(String call, String common, String before, String after) {
        return "SELECT\n    errno,\n    CASE WHEN count(DISTINCT path) = 1 THEN min(path) ELSE " + before + common + after
                + " END AS example,\n    count(DISTINCT path) AS names,\n"
                + "    string_agg(DISTINCT comm, ', ' ORDER BY comm) AS comms, sum(failures) AS times\n"
                + "FROM failure\nWHERE call = '" + call + "'\nGROUP BY errno, " + common
                + "\nORDER BY times DESC, example\nLIMIT 10";
    }

    /** Returns the queries of each section, under the section's title, in the report's order. */
    public static Map<String, List<String>> bySection() {
        Map<String, List<String>> queries = new LinkedHashMap<>();
        queries.put("the first line", List.of(WINDOW, CLASS_LOSS, COVERAGE));
        queries.put("WHAT HAPPENED", List.of(SPIKES, STARTED));
        queries.put("LOST", List.of(LOSSY_INTERVALS, EXACT));
        queries.put("WHO", List.of(PROCESSES));
        queries.put("FILES", List.of(files(ReportBuilder.FILES, true)));
        queries.put("SHORT-LIVED", List.of(SHORT_LIVED, BORN, SHORT_LIVED_MOST));
        queries.put("FAILED", List.of(FAILURES, FAILED_EXECS, FAILED_OPENS));
        queries.put("NOT SEEN", List.of(COVERAGE, COVERAGE_MOSTLY, EXACT, PRESSURE, SHARED));
        queries.put("RECORDER", List.of(RECORDER, PROGRAMS));
        return queries;
    }
}
