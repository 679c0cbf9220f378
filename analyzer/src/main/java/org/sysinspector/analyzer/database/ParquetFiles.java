// SPDX-License-Identifier: Apache-2.0
// The Parquet files of a capture, checked before DuckDB reads them.
package org.sysinspector.analyzer.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.sysinspector.analyzer.parquet.BadParquetException;
import org.sysinspector.analyzer.parquet.ParquetCheck;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.TableSchema;
import org.sysinspector.text.IoProblem;

/**
 * The Parquet files that the manifest of a capture names. Symbolic links in place of files and directories of the capture
 * are not followed, and nothing but a regular file is opened. DuckDB opens the files again by their names, so what they are
 * is looked at before and after ({@link #requireUnchanged}). Not thread-safe.
 */
final class ParquetFiles {
    private static final int BUFFER_BYTES = 1 << 20;

    private final CaptureDirectory directory;
    private final Map<String, List<Manifest.TableFile>> byTable = new HashMap<>();
    private final Map<Path, State> states = new LinkedHashMap<>();
    private final Set<String> verified = new HashSet<>();

    /** What a file is, as far as a change shows. */
    private record State(Object key, long bytes, Object modified) {}

    private ParquetFiles(CaptureDirectory directory) {
        this.directory = directory;
    }

    /**
     * Takes the files from the manifest and looks at what each is, without opening it.
     *
     * @param directory the capture; its own path holds no symbolic link
     * @throws CaptureException naming the first file that is not there, is no regular one or has another size
     */
    static ParquetFiles of(CaptureDirectory directory, Manifest manifest) throws CaptureException {
        ParquetFiles files = new ParquetFiles(directory);
        files.requireDirectory(directory.tables(), manifest.tables().isEmpty());
        for (Manifest.TableFile file : manifest.tables()) {
            files.add(file);
        }
        return files;
    }

    private void add(Manifest.TableFile file) throws CaptureException {
        String table = String.valueOf(file.table());
        Path path = table.matches("[a-z_]+") ? directory.table(table, file.segment()) : null;
        if (path == null || !path.equals(directory.root().resolve(String.valueOf(file.file())))) {
            throw new CaptureException("manifest names a file outside the capture: file=" + file.file());
        }
        List<Manifest.TableFile> others = byTable.get(table);
        if (others == null) {
            requireDirectory(path.getParent(), false);
            others = new ArrayList<>();
            byTable.put(table, others);
        }
        State state = state(file);
        if (state.bytes != file.bytes()) {
            throw damaged(file, "bytes=" + state.bytes + " expected=" + file.bytes());
        }
        if (states.put(path, state) != null) {
            throw new CaptureException("manifest names a file twice: file=" + file.file() + verifyHint());
        }
        others.add(file);
    }

    /** Returns what DuckDB must be allowed to open: the paths of all files, plain and as {@link #literal} has them. */
    List<String> allowed() {
        return states.keySet().stream().map(Path::toString).flatMap(p -> Stream.of(p, literal(p)).distinct()).toList();
    }

    /** Returns the rows of a table, as the manifest has them. */
    long rows(TableSchema table) {
        return of(table).stream().mapToLong(Manifest.TableFile::rows).sum();
    }

    /**
     * Returns the SELECT of a table: its columns in order, with their types, whatever the files have. Each of its files was
     * looked at then: that it has the rows it should have, and can be read at a cost that fits its size.
     *
     * @throws CaptureException naming a file that cannot be read
     */
    String select(TableSchema table) throws CaptureException {
        Set<String> there = new HashSet<>();
        List<String> paths = new ArrayList<>();
        for (Manifest.TableFile file : of(table)) {
            try (FileChannel channel = open(file)) {
                there.addAll(ParquetCheck.check(channel, file.rows()));
            } catch (BadParquetException e) {
                throw damaged(file, "(" + e.getMessage() + ")");
            } catch (IOException e) {
                throw unreadable(file, e);
            }
            paths.add(literal(path(file).toString()));
        }
        List<String> items = new ArrayList<>();
        for (ColumnSchema column : table.columns()) {
            String value = there.contains(column.name()) ? '"' + column.name() + '"' : "NULL";
            items.add("CAST(" + value + " AS " + column.type().sqlName() + ") AS \"" + column.name() + '"');
        }
        return "SELECT " + String.join(", ", items) + (paths.isEmpty() ? " LIMIT 0"
                : " FROM read_parquet(" + DuckDb.list(paths) + ", union_by_name = true, hive_partitioning = false)");
    }

    /**
     * Compares the checksums of a table's files with those of the manifest, the first time it is asked to.
     *
     * @throws CaptureException naming the first file that differs
     */
    void verify(String table) throws CaptureException {
        if (verified.contains(table)) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        for (Manifest.TableFile file : byTable.getOrDefault(table, List.of())) {
            CRC32C sum = new CRC32C();
            try (FileChannel channel = open(file)) {
                while (channel.read(buffer.clear()) >= 0) {
                    sum.update(buffer.flip());
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
            String found = HexFormat.of().toHexDigits((int) sum.getValue());
            if (!found.equalsIgnoreCase(file.crc32c())) {
                throw damaged(file, "crc32c=" + found + " expected=" + file.crc32c());
            }
        }
        verified.add(table);
    }

    /**
     * Looks for values that cannot be in the files of a table.
     *
     * @param relation the table in the database
     * @throws CaptureException naming file, column and value
     * @throws SQLException if it cannot be read
     */
    void requirePlausible(Statement sql, TableSchema table, String relation) throws SQLException, CaptureException {
        try {
            Plausibility.check(sql, table, relation, "table=" + table.name());
        } catch (CaptureException e) {
            for (Manifest.TableFile file : of(table)) {
                Plausibility.check(sql, table, "read_parquet(" + DuckDb.quote(literal(path(file).toString()))
                        + ", hive_partitioning = false)", "file=" + path(file));
            }
            throw e;
        }
    }

    /**
     * Checks that the files are those that were looked at.
     *
     * @throws CaptureException naming the first that is another one
     */
    void requireUnchanged() throws CaptureException {
        for (List<Manifest.TableFile> files : byTable.values()) {
            for (Manifest.TableFile file : files) {
                if (!state(file).equals(states.get(path(file)))) {
                    throw new CaptureException("a file of the capture changed while it was read, do not go by this answer: file="
                            + path(file) + verifyHint());
                }
            }
        }
    }

    private List<Manifest.TableFile> of(TableSchema table) {
        return byTable.getOrDefault(table.name(), List.of());
    }

    private FileChannel open(Manifest.TableFile file) throws CaptureException, IOException {
        Path path = path(file);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        if (!state(file).equals(states.get(path))) {
            channel.close();
            throw new CaptureException("a file of the capture changed while it was read: file=" + path + verifyHint());
        }
        return channel;
    }

    private State state(Manifest.TableFile file) throws CaptureException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path(file), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile()) {
                throw damaged(file, found.isSymbolicLink() ? "it is a symbolic link, which is not followed"
                        : "it is no regular file");
            }
            return new State(found.fileKey(), found.size(), found.lastModifiedTime());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private void requireDirectory(Path path, boolean mayBeAbsent) throws CaptureException {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isDirectory()) {
                throw new CaptureException("a directory of the capture is damaged: directory=" + path + " it is "
                        + (found.isSymbolicLink() ? "a symbolic link, which is not followed" : "no directory") + verifyHint());
            }
        } catch (NoSuchFileException e) {
            if (!mayBeAbsent) {
                throw new CaptureException("a directory of the capture is missing: directory=" + path + verifyHint(), e);
            }
        } catch (AccessDeniedException e) {
            throw denied(path, e);
        } catch (IOException e) {
            throw new CaptureException("cannot read a directory of the capture: directory=" + path, e);
        }
    }

    private CaptureException unreadable(Manifest.TableFile file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new CaptureException("a file of the capture is missing: file=" + path(file) + verifyHint(), e);
        }
        return e instanceof AccessDeniedException ? denied(path(file), e)
                : new CaptureException("cannot read a file of the capture: file=" + path(file) + " reason="
                        + IoProblem.reason(e), e);
    }

    private static CaptureException denied(Path path, IOException e) {
        return new CaptureException("permission denied: " + path + "; read the capture as its owner or as root", e);
    }

    private CaptureException damaged(Manifest.TableFile file, String facts) {
        return new CaptureException("a file of the capture is damaged: file=" + path(file) + " " + facts + verifyHint());
    }

    private String verifyHint() {
        return "; see all of it with: sys-inspector verify " + directory.root();
    }

    private Path path(Manifest.TableFile file) {
        return directory.table(file.table(), file.segment());
    }

    /** DuckDB takes a path for a pattern first; special characters in a name must say that they mean themselves. */
    private static String literal(String path) {
        return path.replaceAll("[*?\\[]", "[$0]");
    }
}
