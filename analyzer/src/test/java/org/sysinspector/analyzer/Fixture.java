// SPDX-License-Identifier: Apache-2.0
// Makes captures for tests from small text files.
package org.sysinspector.analyzer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.capture.ManifestFile;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * Makes captures for tests. A fixture is text: a line {@code == TABLE: column, column, ...} begins a table, each line
 * after it is a row with cells between bars. {@code -} is NULL, {@code @7} the proc_key of pid 7, {@code 12ms} and
 * {@code 1s} are times in ns, {@code [a; b]} is a list. Columns not named are NULL, or 0, empty or false.
 */
public final class Fixture {
    /** Start of every window (boot clock). */
    public static final long START_NS = 1_000_000_000L;
    /** Wall time of {@link #START_NS}: 2026-11-21T12:03:01Z. */
    public static final long START_WALL_NS = 1_795_262_581_000_000_000L;

    private final Map<String, List<String>> inserts = new LinkedHashMap<>();
    private final Map<String, String> queries = new LinkedHashMap<>();
    private long endNs = START_NS + 10_000_000_000L;
    private final List<Manifest.Ring> rings = new ArrayList<>();
    private final List<Manifest.Count> counts = new ArrayList<>();
    private final List<Manifest.Loss> losses = new ArrayList<>();
    private String endedBy = "duration";
    private Manifest.State state = Manifest.State.COMPLETE;

    /** Reads a fixture from the resources. */
    public static Fixture of(String name) {
        try (InputStream in = Fixture.class.getResourceAsStream("/fixture/" + name + ".txt")) {
            return new Fixture().add(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds rows as text. */
    public Fixture add(String text) {
        TableSchema table = null;
        List<String> columns = List.of();
        for (String line : text.split("\n")) {
            if (line.startsWith("== ")) {
                String[] head = line.substring(3).split(":");
                table = SchemaCatalog.get().table(head[0].strip());
                columns = List.of(head[1].strip().split(",\\s*"));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                row(table, columns, line.split("\\|", -1));
            }
        }
        return this;
    }

    /** Adds the rows of a query, for bulk. */
    public Fixture query(String table, String select) {
        queries.put(table, select);
        return this;
    }

    /** Sets the length of the window. */
    public Fixture lasting(long ns) {
        endNs = START_NS + ns;
        return this;
    }

    /** Sets how far the capture is. */
    public Fixture state(Manifest.State to) {
        state = to;
        return this;
    }

    /** Lets the manifest say that so many events of a class were lost. */
    public Fixture counting(String ringClass, long lost) {
        counts.add(new Manifest.Count(ringClass, lost, 0, lost));
        return this;
    }

    /** Sets what ended the window, null for not known. */
    public Fixture endedBy(String what) {
        endedBy = what;
        return this;
    }

    /** Lets the manifest say that so many events of a class are missing. */
    public Fixture missing(String ringClass, String reason, long atLeast, Long atMost) {
        losses.add(new Manifest.Loss(ringClass, reason, atLeast, atMost));
        return this;
    }

    /** Lets the manifest say how much memory the rings had. */
    public Fixture ringMemory(long bytes) {
        rings.add(new Manifest.Ring("io", -1, bytes, 0));
        return this;
    }

    /** Returns the proc_key that {@code @pid} stands for. */
    public static long key(int pid) {
        return ((long) pid << 22) | pid;
    }

    private void row(TableSchema table, List<String> columns, String[] cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(table.name() + ": " + String.join("|", cells));
        }
        List<String> values = new ArrayList<>();
        for (ColumnSchema column : table.columns()) {
            int at = columns.indexOf(column.name());
            values.add(at >= 0 ? literal(column, cells[at].strip()) : absent(column));
        }
        inserts.computeIfAbsent(table.name(), t -> new ArrayList<>()).add("(" + String.join(", ", values) + ")");
    }

    /** Returns the SQL of a value that a row does not give. */
    public static String absent(ColumnSchema column) {
        if (column.nullable()) {
            return "NULL";
        }
        return switch (column.type()) {
            case INT64, INT32 -> "0";
            case BOOLEAN -> "false";
            case STRING -> "''";
            case LIST -> "[]";
        };
    }

    private static String literal(ColumnSchema column, String cell) {
        if (cell.equals("-")) {
            return "NULL";
        }
        if (column.type() == ColumnType.STRING) {
            return quote(cell);
        }
        if (column.type() == ColumnType.LIST) {
            String inner = cell.substring(1, cell.length() - 1).strip();
            List<String> items = inner.isEmpty() ? List.of() : List.of(inner.split(";\\s*"));
            return "[" + String.join(", ", items.stream().map(Fixture::quote).toList()) + "]";
        }
        if (cell.startsWith("@")) {
            return String.valueOf(key(Integer.parseInt(cell.substring(1))));
        }
        if (cell.matches("[0-9.]+m?s")) {
            boolean milli = cell.endsWith("ms");
            double number = Double.parseDouble(cell.substring(0, cell.length() - (milli ? 2 : 1)));
            return String.valueOf(Math.round(number * (milli ? 1e6 : 1e9)));
        }
        return cell;
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Writes the capture into a directory. */
    public Path write(Path root) throws SQLException, IOException {
        List<Manifest.TableFile> files = new ArrayList<>();
        Files.createDirectories(root);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = connection.createStatement()) {
            for (TableSchema table : SchemaCatalog.get().tables()) {
                List<String> rows = inserts.get(table.name());
                String select = queries.get(table.name());
                if (rows == null && select == null) {
                    continue;
                }
                String columns = String.join(", ", table.columns().stream()
                        .map(c -> '"' + c.name() + "\" " + c.type().sqlName()).toList());
                sql.execute("CREATE TABLE \"" + table.name() + "\" (" + columns + ")");
                sql.execute("INSERT INTO \"" + table.name() + "\" "
                        + (rows != null ? "VALUES " + String.join(", ", rows) : "BY NAME " + select));
                Manifest.TableFile file = copy(sql, root, table.name());
                if (file.rows() > 0) {
                    files.add(file);
                }
            }
        }
        Manifest manifest = new Manifest(Manifest.FORMAT_VERSION, "0123456789abcdef0123456789abcdef", "0.1.0", state,
                new Manifest.Host("web1", "6.18.1", "x86_64", 2, "boot", "Debian GNU/Linux 13"),
                new Manifest.Window(START_NS, endedBy == null ? 0 : endNs, endedBy), List.of(),
                new Manifest.Filter(List.of(), true, 1), rings,
                List.of(new Manifest.Anchor(START_NS, START_WALL_NS)), counts.isEmpty() ? null : counts,
                losses, null,
                List.of(new Manifest.Segment(1, 0, 0, 0, 0, null, false)), files);
        Files.write(new CaptureDirectory(root).manifest(), ManifestFile.format(manifest));
        return root;
    }

    private static Manifest.TableFile copy(Statement sql, Path root, String table) throws SQLException, IOException {
        Path file = new CaptureDirectory(root).table(table, 1);
        Files.createDirectories(file.getParent());
        int rows = sql.executeUpdate("COPY \"" + table + "\" TO " + quote(file.toString())
                + " (FORMAT parquet, COMPRESSION zstd)");
        return new Manifest.TableFile(table, root.relativize(file).toString(), 1, rows, Files.size(file), crc32c(file));
    }

    /** Returns the checksum of a file as the manifest has it. */
    public static String crc32c(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(Files.readAllBytes(file));
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }
}
