// SPDX-License-Identifier: Apache-2.0
// What stands in place of a file of a capture is told in one line, at once, whatever it is.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignFilesTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @TempDir
    Path temp;

    private Path capture;
    private Path table;

    @BeforeEach
    void writeCapture() throws Exception {
        capture = Fixture.of("build").write(temp.resolve("capture"));
        table = capture.resolve("tables/io/000001.parquet");
    }

    @Test
    void aLinkInPlaceOfATableFileIsNotFollowed() throws Exception {
        Path elsewhere = Files.move(table, temp.resolve("elsewhere"));
        Files.createSymbolicLink(table, elsewhere);
        refused("a file of the capture is damaged: file=" + table + " it is a symbolic link, which is not followed; ");
    }

    @Test
    void aLinkInPlaceOfADirectoryIsNotFollowed() throws Exception {
        for (String name : List.of("tables/io", "tables")) {
            Path directory = capture.resolve(name);
            Path elsewhere = Files.move(directory, temp.resolve("elsewhere-" + directory.getFileName()));
            Files.createSymbolicLink(directory, elsewhere);
            refused("a directory of the capture is damaged: directory=" + directory
                    + " it is a symbolic link, which is not followed; ");
            Files.delete(directory);
            Files.move(elsewhere, directory);
        }
    }

    @Test
    void aPipeADeviceADirectoryAndASparseFileAreNotRead() throws Exception {
        for (List<String> make : List.of(List.of("mkfifo", table.toString()), List.of("mkdir", table.toString()),
                List.of("ln", "-s", "/dev/zero", table.toString()), List.of("truncate", "-s", "1T", table.toString()))) {
            run("rm", "-rf", table.toString());
            run(make.toArray(String[]::new));
            refused("a file of the capture is damaged: file=" + table + " ");
        }
    }

    @Test
    void aSparseFileOfTheRightSizeIsNotAParquetFile() throws Exception {
        long size = Files.size(table);
        Files.delete(table);
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.setLength(size);
        }
        refused("a file of the capture is damaged: file=" + table + " (not a Parquet file); ");
    }

    @Test
    void millionsOfRowsInAFewKilobytesAreNotRead() throws Exception {
        Path bomb = new Fixture().query("io", "SELECT 7 AS ts_ns, 1 AS ops, 'read' AS op, 'r' AS dir FROM range(3000000)")
                .write(temp.resolve("bomb")).resolve("tables/io/000001.parquet");
        capture = temp.resolve("bomb");
        assertTrue(Files.size(bomb) < 300_000, "size: " + Files.size(bomb));
        refused("a file of the capture is damaged: file=" + bomb + " (rows=3000000 most=");
    }

    @Test
    void megabytesInAFewKilobytesAreNotUnpacked() throws Exception {
        Path bomb = new Fixture().query("file", "SELECT repeat('x', 30000000) || range AS path FROM range(4)")
                .write(temp.resolve("bomb")).resolve("tables/file/000001.parquet");
        capture = temp.resolve("bomb");
        refused("a file of the capture is damaged: file=" + bomb + " (unpacked_bytes");
    }

    @Test
    void aListOfMillionsIsNotRead() throws Exception {
        Path bomb = new Fixture().query("exec", "SELECT [x for x in repeat(['a'], 100000)] AS argv")
                .write(temp.resolve("bomb")).resolve("tables/exec/000001.parquet");
        capture = temp.resolve("bomb");
        refused("a file of the capture is damaged: file=" + bomb + " (values=100000 most=4097); ");
    }

    private void refused(String problem) {
        for (String command : List.of("report", "tables", "sql")) {
            Cli cli = assertTimeout(AT_ONCE, () -> command.equals("sql")
                    ? Cli.run(command, capture, "SELECT count(*) FROM io, exec, file") : Cli.run(command, capture));
            assertEquals(1, cli.code(), cli.err());
            assertEquals("", cli.out());
            assertTrue(cli.err().startsWith("sys-inspector analyze " + command + ": " + problem), cli.err());
            assertEquals(1, cli.err().lines().count(), cli.err());
        }
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), String.join(" ", command));
    }
}
