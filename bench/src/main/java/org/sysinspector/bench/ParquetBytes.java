// SPDX-License-Identifier: Apache-2.0
// What the Parquet files of a capture are made of, and how little some of it could take.
package org.sysinspector.bench;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the Parquet files of a capture are made of, by kind of column, and for noise and names the least that a code could take. Prints
 * lines for bench/report.awk: {@code parquet KIND BYTES LEAST}, where a LEAST of - is not known, and {@code parquet rows ROWS}.
 */
final class ParquetBytes {
    private static final int BEST_LEVEL = 22;
    private static final List<String> TABLES = List.of("io", "open", "file");
    private static final String KIND = """
            CASE WHEN column_name = 'latency_ns' THEN 'latencies'
                WHEN column_name LIKE '%\\_ns' ESCAPE '\\' THEN 'times'
                WHEN column_name IN ('path', 'old_path', 'new_path', 'exe', 'cwd', 'argv') THEN 'names'
                WHEN column_name IN ('dev', 'ino', 'generation', 'file_type') THEN 'files'
                WHEN column_name IN ('file_offset', 'bytes', 'ret') THEN 'transfers'
                WHEN column_name IN ('proc_key', 'pid', 'exec_no', 'tid', 'comm', 'parent_key', 'parent_pid') THEN 'threads'
                ELSE 'others' END""";

    private final Path tables;
    private final Connection connection;

    private ParquetBytes(Path tables, Connection connection) {
        this.tables = tables;
        this.connection = connection;
    }

    /**
     * Prints the lines of one capture.
     *
     * @param arguments the capture
     */
    public static void main(String[] arguments) throws IOException, SQLException {
        if (arguments.length != 1) {
            System.err.println("usage: ParquetBytes CAPTURE");
            System.exit(2);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            new ParquetBytes(Path.of(arguments[0]).resolve("tables").toAbsolutePath(), connection).print();
        }
    }

    private void print() throws IOException, SQLException {
        long columns = 0;
        try (Statement statement = connection.createStatement(); ResultSet kinds = statement.executeQuery("SELECT " + KIND
                + " AS kind, sum(total_compressed_size) FROM (SELECT split_part(path_in_schema, ',', 1) AS column_name, total_compressed_size"
                + " FROM parquet_metadata('" + tables + "/*/*.parquet')) GROUP BY kind ORDER BY 2 DESC")) {
            while (kinds.next()) {
                String kind = kinds.getString(1);
                long bytes = kinds.getLong(2);
                columns += bytes;
                String least = switch (kind) {
                    case "times" -> rounded(leastOf("times"));
                    case "latencies" -> rounded(leastOf("latencies"));
                    case "names" -> rounded(leastOfNames());
                    default -> "-";
                };
                System.out.println("parquet " + kind + " " + bytes + " " + least);
            }
        }
        System.out.println("parquet footers " + (fileBytes() - columns) + " -");
        System.out.println("parquet rows " + rows());
    }

    /**
     * Returns the bytes that numbers take at least in a code that knows how often each magnitude occurs (by quarters of an octave) and
     * nothing else: their entropy. Of times it is the step from the time before that counts.
     */
    private double leastOf(String kind) throws SQLException {
        double bytes = 0;
        for (String table : TABLES) {
            boolean isTimes = kind.equals("times");
            if (!isTimes && table.equals("file")) {
                continue; // has none
            }
            String time = table.equals("file") ? "since_ns" : "ts_ns";
            String number = isTimes ? time + " - lag(" + time + ") OVER (ORDER BY " + time + ")" : "latency_ns";
            bytes += number("WITH magnitude AS (SELECT floor(4 * log2(abs(x) + 1)) AS class FROM (SELECT " + number + " AS x FROM '" + tables
                    + "/" + table + "/*.parquet') WHERE x IS NOT NULL), share AS (SELECT class, count(*) AS n, sum(count(*)) OVER () AS total"
                    + " FROM magnitude GROUP BY class) SELECT sum(n * (log2(total / n) + log2(greatest(1, pow(2, (class + 1) / 4) - pow(2,"
                    + " class / 4))))) / 8 FROM share");
        }
        return bytes;
    }

    /** Returns the bytes of all names, each once, in the order of their first use, at the best level of ZSTD. */
    private double leastOfNames() throws IOException, SQLException {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        try (Statement statement = connection.createStatement(); ResultSet paths = statement.executeQuery("SELECT path FROM (SELECT path,"
                + " ts_ns AS t FROM '" + tables + "/open/*.parquet' UNION ALL SELECT path, since_ns FROM '" + tables
                + "/file/*.parquet') WHERE path IS NOT NULL GROUP BY path ORDER BY min(t)")) {
            while (paths.next()) {
                names.write((paths.getString(1) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return Zstd.compress(names.toByteArray(), BEST_LEVEL).length;
    }

    private long rows() throws SQLException {
        return (long) number("SELECT sum(num_rows) FROM parquet_file_metadata('" + tables + "/*/*.parquet')");
    }

    private long fileBytes() throws IOException {
        try (Stream<Path> files = Files.walk(tables)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private double number(String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getDouble(1);
        }
    }

    private static String rounded(double bytes) {
        return String.format(Locale.ROOT, "%.0f", bytes);
    }
}
