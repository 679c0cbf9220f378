// SPDX-License-Identifier: Apache-2.0
// Every capture that cannot be read is refused in one line with exit code 1.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;
import org.sysinspector.capture.ManifestFile;

class CaptureRefusalTest {
    private static final String QUERY = "SELECT sum(bytes) AS bytes FROM io";

    @TempDir
    Path temp;

    @Test
    void aCaptureThatIsNotThere() {
        refused(temp.resolve("none"), "no such capture: ");
    }

    @Test
    void aFileInPlaceOfADirectory() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        refused(file, "not a capture (a capture is a directory): ");
    }

    @Test
    void anEmptyDirectory() {
        refused(temp, "not a capture (no manifest.json): ");
    }

    @Test
    void aForeignManifest() throws IOException {
        Files.writeString(temp.resolve("manifest.json"), "{\"name\": \"something else\"}");
        refused(temp, "not a sys-inspector manifest: ");
    }

    @Test
    void aHalfWrittenManifest() throws Exception {
        Path manifest = Fixture.of("build").write(temp).resolve("manifest.json");
        byte[] bytes = Files.readAllBytes(manifest);
        Files.write(manifest, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        refused(temp, "manifest is damaged: ");
    }

    @Test
    void aNewerFormat() throws Exception {
        edit("\"format_version\" : 2", "\"format_version\" : 3");
        refused(temp, "capture is of a newer format: ");
    }

    @Test
    void aMissingParquetFile() throws Exception {
        Files.delete(Fixture.of("build").write(temp).resolve("tables/io/000001.parquet"));
        refused(temp, "a file of the capture is missing: file=" + temp.resolve("tables/io/000001.parquet"));
    }

    @Test
    void aTruncatedParquetFile() throws Exception {
        Path file = Fixture.of("build").write(temp).resolve("tables/io/000001.parquet");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        refused(temp, "a file of the capture is damaged: file=" + file + " bytes=" + (bytes.length - 5) + " expected="
                + bytes.length);
    }

    @Test
    void aParquetFileWithADamagedFooter() throws Exception {
        Path file = Fixture.of("build").write(temp).resolve("tables/io/000001.parquet");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = bytes.length - 60; i < bytes.length - 8; i++) {
            bytes[i] = (byte) 0xff;
        }
        Files.write(file, bytes);
        refused(temp, "a file of the capture is damaged: file=" + file);
    }

    @Test
    void aParquetFileWithADamagedPageIsNamedByItsChecksum() throws Exception {
        Path file = new Fixture().query("io", "SELECT range * 1000 AS ts_ns, hash(range) % 1000000 AS bytes, 1 AS ops, "
                + "'read' AS op, 'r' AS dir, 1 AS tid, 1 AS fd, 0 AS ret FROM range(20000)")
                .write(temp).resolve("tables/io/000001.parquet");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x5a;
        Files.write(file, bytes);
        Cli cli = refused(temp, "a file of the capture is damaged: file=" + file);
        assertTrue(cli.err().contains(" crc32c="), cli.err());
    }

    @Test
    void aManifestThatNamesAFileOutside() throws Exception {
        Path outside = Files.writeString(temp.resolve("secret"), "x");
        edit("tables/io/000001.parquet", "tables/../secret");
        refused(temp, "manifest is damaged: file=" + temp.resolve("manifest.json") + " field=tables[");
        assertTrue(Files.exists(outside));
    }

    @Test
    void aCaptureOfWhichNothingIsRolled() throws Exception {
        new Fixture().state(Manifest.State.RECORDING).write(temp);
        Cli cli = refused(temp, "nothing of this capture is rolled yet: ");
        assertTrue(cli.err().contains("sys-inspector roll " + temp), cli.err());
    }

    @Test
    void aCaptureThatIsNotCompleteIsAnsweredWithANotice() throws Exception {
        for (Manifest.State state : List.of(Manifest.State.RECORDING, Manifest.State.RECORDED)) {
            Path capture = Fixture.of("build").state(state).write(temp.resolve(state.name()));
            Files.createDirectories(capture.resolve("log"));
            Files.writeString(capture.resolve("log/000001.silog"), "");
            Files.writeString(capture.resolve("log/000002.silog"), "");
            Cli cli = Cli.run("sql", capture, QUERY, "--format", "csv");
            assertEquals(0, cli.code(), cli.err());
            assertEquals("bytes\n66093\n", cli.out());
            assertEquals("sys-inspector analyze sql: the capture is not complete: segments rolled=1 waiting=1; "
                    + "to have all of it: sys-inspector roll " + capture + "\n", cli.notes());
        }
    }

    private void edit(String from, String to) throws Exception {
        Path manifest = Fixture.of("build").write(temp).resolve("manifest.json");
        String text = Files.readString(manifest);
        assertTrue(text.contains(from));
        Files.write(manifest, ManifestFile.sealed(text.replace(from, to)));
    }

    private static Cli refused(Path capture, String problem) {
        for (String command : List.of("report", "tables", "tree", "files", "spikes")) {
            Cli cli = Cli.run(command, capture);
            if (cli.code() == 0 && command.equals("tables")) {
                continue; // damage inside a page does not keep the list of tables from being printed
            }
            oneLine(cli, "sys-inspector analyze " + command + ": " + problem);
        }
        Cli cli = Cli.run("sql", capture, QUERY);
        oneLine(cli, "sys-inspector analyze sql: " + problem);
        return cli;
    }

    private static void oneLine(Cli cli, String start) {
        assertEquals(1, cli.code(), cli.err());
        assertEquals("", cli.out());
        assertTrue(cli.err().startsWith(start), cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }
}
