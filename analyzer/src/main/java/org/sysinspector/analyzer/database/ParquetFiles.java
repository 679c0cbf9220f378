// SPDX-License-Identifier: Apache-2.0
// The Parquet files of a capture, checked before DuckDB reads them.
package org.sysinspector.analyzer.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.TableSchema;

/** The Parquet files that the manifest of a capture names. */
final class ParquetFiles {
    private static final int MAGIC = 0x50415231; // PAR1
    private static final int SMALLEST = 12;

    private final CaptureDirectory directory;
    private final Manifest manifest;

    private ParquetFiles(CaptureDirectory directory, Manifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    /**
     * Takes the files from the manifest and looks at size and both ends of each.
     *
     * @throws CaptureException naming the first file that is not there or not whole
     */
    static ParquetFiles of(CaptureDirectory directory, Manifest manifest) throws CaptureException {
        ParquetFiles files = new ParquetFiles(directory, manifest);
        for (Manifest.TableFile file : manifest.tables()) {
            files.check(file);
        }
        return files;
    }

    /** Returns what DuckDB must be allowed to open: the paths of all files, plain and as {@link #literal} has them. */
    List<String> allowed() {
        return manifest.tables().stream().map(f -> path(f).toString())
                .flatMap(p -> Stream.of(p, literal(p)).distinct()).toList();
    }

    /** Returns the rows of a table, as the manifest has them. */
    long rows(TableSchema table) {
        return manifest.tables().stream().filter(f -> f.table().equals(table.name()))
                .mapToLong(Manifest.TableFile::rows).sum();
    }

    /**
     * Returns the SELECT of a table: its columns in order, with their types, whatever the files have.
     *
     * @throws CaptureException naming a file that cannot be read
     */
    String select(Statement sql, TableSchema table) throws CaptureException {
        List<String> paths = manifest.tables().stream()
                .filter(f -> f.table().equals(table.name())).map(f -> path(f).toString()).toList();
        Set<String> there = new HashSet<>();
        for (String path : paths) {
            there.addAll(columns(sql, path));
        }
        List<String> items = new ArrayList<>();
        for (ColumnSchema column : table.columns()) {
            String value = there.contains(column.name()) ? '"' + column.name() + '"' : "NULL";
            items.add("CAST(" + value + " AS " + column.type().sqlName() + ") AS \"" + column.name() + '"');
        }
        return "SELECT " + String.join(", ", items) + (paths.isEmpty() ? " LIMIT 0"
                : " FROM read_parquet(" + DuckDb.list(paths.stream().map(ParquetFiles::literal).toList())
                        + ", union_by_name = true, hive_partitioning = false)");
    }

    /**
     * Reads every file and compares its checksum.
     *
     * @throws CaptureException naming the first file that differs
     */
    void verify() throws CaptureException {
        for (Manifest.TableFile file : manifest.tables()) {
            CRC32C sum = new CRC32C();
            try (FileChannel channel = FileChannel.open(path(file), StandardOpenOption.READ)) {
                ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
                while (channel.read(buffer) >= 0) {
                    sum.update(buffer.flip());
                    buffer.clear();
                }
            } catch (IOException e) {
                throw new CaptureException("cannot read a file of the capture: file=" + path(file), e);
            }
            String found = String.format(Locale.ROOT, "%08x", sum.getValue());
            if (file.crc32c() != null && !found.equalsIgnoreCase(file.crc32c())) {
                throw damaged(file, "crc32c=" + found + " expected=" + file.crc32c());
            }
        }
    }

    private void check(Manifest.TableFile file) throws CaptureException {
        Path path = path(file);
        if (file.file() == null || !path.startsWith(directory.tables())) {
            throw new CaptureException("manifest names a file outside the capture: file=" + file.file());
        }
        if (!Files.isRegularFile(path)) {
            throw new CaptureException("a file of the capture is missing: file=" + path + verifyHint());
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size != file.bytes()) {
                throw damaged(file, "bytes=" + size + " expected=" + file.bytes());
            }
            if (size < SMALLEST || magic(channel, 0) != MAGIC || magic(channel, size - 4) != MAGIC) {
                throw damaged(file, "not a Parquet file");
            }
        } catch (IOException e) {
            throw new CaptureException(
                    "cannot read a file of the capture: file=" + path + " " + e.getClass().getSimpleName(), e);
        }
    }

    private CaptureException damaged(Manifest.TableFile file, String facts) {
        return new CaptureException("a file of the capture is damaged: file=" + path(file) + " " + facts + verifyHint());
    }

    private String verifyHint() {
        return "; see all of it with: sys-inspector verify " + directory.root();
    }

    private Set<String> columns(Statement sql, String path) throws CaptureException {
        Set<String> names = new HashSet<>();
        try (ResultSet rows = sql.executeQuery(
                "DESCRIBE SELECT * FROM read_parquet(" + DuckDb.quote(literal(path)) + ", hive_partitioning = false)")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw new CaptureException("a file of the capture is damaged: file=" + path + verifyHint(), e);
        }
    }

    private Path path(Manifest.TableFile file) {
        return directory.root().resolve(file.file() == null ? "" : file.file()).normalize();
    }

    private static int magic(FileChannel channel, long at) throws IOException {
        ByteBuffer four = ByteBuffer.allocate(4);
        channel.read(four, at);
        return four.getInt(0);
    }

    /** DuckDB takes a path for a pattern first; special characters in a name must say that they mean themselves. */
    private static String literal(String path) {
        return path.replaceAll("[*?\\[]", "[$0]");
    }
}
