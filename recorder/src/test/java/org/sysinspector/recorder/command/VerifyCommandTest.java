// SPDX-License-Identifier: Apache-2.0
// verify on good, damaged and foreign captures.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.capture.ManifestFile;
import org.sysinspector.recorder.verify.CaptureFixture;
import picocli.CommandLine;

class VerifyCommandTest {
    private static final String IO_1 = "tables/io/000001.parquet";

    @TempDir
    Path directory;

    private Path root;
    private CaptureFixture fixture;
    private CaptureDirectory capture;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void makeCapture() throws IOException {
        root = directory.resolve("capture");
        fixture = CaptureFixture.complete(root);
        capture = fixture.capture();
    }

    @Test
    void aGoodCaptureHasALineForEachThing() {
        assertEquals(0, verify());
        assertEquals(
                """
                OK   manifest.json  state=complete segments=2 files=3 capture_id=0123456789abcdef0123456789abcdef
                OK   directory  mode=rwx------
                OK   log/000001.silog  rolled events=6
                OK   log/000002.silog  kept bytes=360 blocks=1 events=7
                OK   tables/io/000001.parquet  rows=5
                OK   tables/io/000002.parquet  rows=7
                OK   tables/clock/000002.parquet  rows=1
                OK   counts io  seen=14 recorded=12 lost=2
                OK   counts sample  seen=1 recorded=1 lost=0
                OK   missing  class=io reason=ring_full at_least=2 at_most=2
                OK   events in segments  found=13
                OK   rows of io  found=12
                """,
                out.toString().replaceAll(" bytes=[0-9]+ crc32c=[0-9a-f]{8}", ""));
        assertEquals("", err.toString());
    }

    @Test
    void quietPrintsErrorsOnly() throws IOException {
        assertEquals(0, verify("--quiet"));
        assertEquals("", out.toString());
        Files.delete(capture.table("io", 1));
        assertEquals(1, verify("--quiet"));
        assertEquals("ERR  " + IO_1 + "  expected=a file found=no file\n", out.toString());
    }

    @Test
    void aParquetFileThatIsShorterIsAnError() throws IOException {
        byte[] bytes = Files.readAllBytes(capture.table("io", 1));
        Files.write(capture.table("io", 1), Arrays.copyOf(bytes, bytes.length - 1));
        assertError(IO_1, "bytes:" + bytes.length, "bytes:" + (bytes.length - 1));
    }

    @Test
    void aParquetFileWithAnyByteChangedIsAnError() throws IOException {
        byte[] bytes = Files.readAllBytes(capture.table("io", 1));
        bytes[bytes.length / 2] ^= 1;
        Files.write(capture.table("io", 1), bytes);
        assertEquals(1, verify());
        assertTrue(out.toString().contains("ERR  " + IO_1 + "  expected=crc32c:"), out.toString());
    }

    @Test
    void aFileThatIsNoParquetIsAnErrorEvenIfListed() throws IOException {
        for (String text : List.of("", "no Parquet", "PAR1 something else that is no footer \1\2\3\4PAR1")) {
            Files.writeString(capture.table("io", 1), text, StandardCharsets.ISO_8859_1);
            Manifest.TableFile entry = fixture.entry("io", 1, 5);
            fixture.tables(tables -> {
                tables.set(0, entry);
                return tables;
            });
            assertEquals(1, verify(), text);
            assertTrue(out.toString().contains("ERR  " + IO_1 + "  expected=a Parquet footer found="), out.toString());
            assertEquals("", err.toString());
        }
    }

    @Test
    void aRowCountThatDiffersIsAnError() throws IOException {
        Manifest.TableFile entry = fixture.entry("io", 1, 4);
        fixture.tables(tables -> {
            tables.set(0, entry);
            return tables;
        });
        assertError(IO_1, "rows:4", "rows:5");
    }

    @Test
    void aParquetFileOfAnotherCaptureIsAnError() throws IOException {
        Manifest.TableFile entry = fixture.table("io", 1, 5, "f".repeat(32));
        fixture.tables(tables -> {
            tables.set(0, entry);
            return tables;
        });
        assertError(IO_1, "capture_id:" + CaptureFixture.CAPTURE_ID, "capture_id:" + "f".repeat(32));
    }

    @Test
    void aFileThatTheManifestDoesNotListIsAnErrorOnceAllIsRolled() throws IOException {
        Path stray = capture.tables().resolve("io").resolve("a\u001b[31m\n.tmp");
        Files.writeString(stray, "x");
        assertError("tables/io/a\\x1B[31m\\x0A.tmp", "in the manifest", "not in it");
        fixture.state(Manifest.State.RECORDED);
        assertEquals(0, verify());
        assertTrue(out.toString().contains("OK   tables/io/a\\x1B[31m\\x0A.tmp  not in the manifest yet"));
    }

    @Test
    void aManifestThatNamesFilesElsewhereIsNotFollowed() throws IOException {
        for (String name : List.of("../../etc/passwd", "/etc/passwd", "tables/io/../io/000001.parquet")) {
            Manifest.TableFile entry = fixture.entry("io", 1, 5);
            fixture.tables(tables -> {
                tables.set(0, new Manifest.TableFile("io", name, 1, 5, entry.bytes(), entry.crc32c()));
                return tables;
            });
            assertDamaged("tables[0].file expected=" + IO_1 + " found=" + name);
        }
        fixture.tables(tables -> {
            tables.set(0, new Manifest.TableFile("../..", "x", 1, 5, 1, ""));
            return tables;
        });
        assertDamaged("tables[0].table expected=[a-z_]{1,64} found=../..");
    }

    @Test
    void aLinkInPlaceOfAFileIsAnError() throws IOException {
        Path moved = directory.resolve("moved.parquet");
        Files.move(capture.table("io", 1), moved);
        Files.createSymbolicLink(capture.table("io", 1), moved);
        assertError(IO_1, "a file", "something else");
    }

    @Test
    void aFileListedTwiceIsAnError() throws IOException {
        fixture.tables(tables -> {
            tables.add(1, tables.get(0));
            return tables;
        });
        assertDamaged("tables[1].table expected=there twice found=io");
    }

    @Test
    void aDirectoryThatOthersCanReadIsAnError() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-x---"));
        assertError("directory", "rwx------", "rwxr-x---");
    }

    @Test
    void countsThatDoNotAddUpAreErrors() throws IOException {
        fixture.counts(new Manifest.Count("io", 15, 12, 2));
        assertDamaged("counts[0].seen expected=14 found=15");
        fixture.counts(new Manifest.Count("io", 15, 13, 2), new Manifest.Count("sample", 1, 1, 0));
        assertError("events in segments", "14", "13");
        assertError("rows of io", "13", "12");
    }

    @Test
    void samplesMayBeACountOfTheirOwn() throws IOException {
        fixture.counts(new Manifest.Count("io", 12, 12, 0), new Manifest.Count("sample", 1, 1, 0));
        assertEquals(0, verify());
        fixture.counts(new Manifest.Count("io", 12, 12, 0), new Manifest.Count("sample", 2, 2, 0));
        assertError("events in segments", "14", "13");
    }

    @Test
    void changesOfModeAreAmongTheRecordsOfIoButNotAmongItsRows() throws IOException {
        Manifest.TableFile io = fixture.table("io", 2, 6, CaptureFixture.CAPTURE_ID);
        Manifest.TableFile pressure = fixture.table("pressure", 2, 1, CaptureFixture.CAPTURE_ID);
        fixture.tables(tables -> {
            tables.set(1, io);
            tables.add(pressure);
            return tables;
        });
        assertEquals(0, verify());
        fixture.tables(tables -> tables.subList(0, 3));
        assertError("rows of io", "12", "11");
    }

    @Test
    void damageThatTheManifestTellsIsNoError() throws IOException {
        fixture.segments(segments -> {
            segments.set(0, new Manifest.Segment(1, 900, 1, 4, 1, "000001.silog offset=64 cut off", false));
            return segments;
        });
        fixture.counts(new Manifest.Count("io", 16, 14, 2), new Manifest.Count("sample", 1, 1, 0));
        assertEquals(0, verify());
        assertTrue(out.toString().contains("rolled events=4 damaged=000001.silog offset=64 cut off"), out.toString());
        assertTrue(out.toString().contains("OK   rows of io  found=12 recorded=14 (blocks damaged)"), out.toString());
    }

    @Test
    void aSegmentThatTheManifestCallsUnreadableIsNoError() throws IOException {
        Files.writeString(capture.segment(3), "no segment");
        fixture.segments(segments -> {
            segments.add(new Manifest.Segment(3, 10, 0, 0, 1, "not a segment of the log", true));
            return segments;
        });
        assertEquals(0, verify());
        assertTrue(out.toString().contains("OK   log/000003.silog  rolled events=0 damaged=not a segment of the log"));
    }

    @Test
    void damageThatTheManifestDoesNotTellIsAnError() throws IOException {
        byte[] bytes = Files.readAllBytes(capture.segment(2));
        bytes[150] ^= 1;
        Files.write(capture.segment(2), bytes);
        assertEquals(1, verify());
        assertTrue(out.toString().contains("ERR  log/000002.silog  expected=whole blocks found=000002.silog offset=64 "
                + "bytes=232 events=7 payload corrupt: expected=0x"), out.toString());
        assertTrue(out.toString().contains("ERR  log/000002.silog  expected=events:7 found=events:0"));
    }

    @Test
    void aSegmentThatIsGoneOrLeftOverIsAnError() throws IOException {
        Files.delete(capture.segment(2));
        assertError("log/000002.silog", "a file", "no file");
        Files.writeString(capture.segment(1), "");
        assertError("log/000001.silog", "no file", "a file");
        Files.writeString(capture.segment(3), "");
        assertError("log/000003.silog", "in the manifest", "not in it");
    }

    @Test
    void aSegmentOfAnotherNumberIsAnError() throws IOException {
        Files.delete(capture.segment(2));
        fixture.segment(3, 1, 5, true, 7);
        Files.move(capture.segment(3), capture.segment(2));
        assertError("log/000002.silog", "number:2", "number:3");
    }

    @Test
    void aGapInTheSegmentsIsAnError() throws IOException {
        fixture.segments(segments -> segments.subList(1, 2));
        assertDamaged("segments[0].number expected=1 found=2");
    }

    @Test
    void aCaptureThatIsStillRecordingMayHaveItsLastSegmentCutOff() throws IOException {
        fixture.state(Manifest.State.RECORDING);
        fixture.segment(3, 2, 12, true, 4);
        fixture.segment(4, 3, 16, false, 9);
        assertEquals(0, verify());
        assertTrue(out.toString().contains("not all rolled, next: sys-inspector roll " + root), out.toString());
        assertTrue(out.toString().contains("OK   log/000004.silog  not rolled yet bytes=344 blocks=1 events=9 open"));
        byte[] bytes = Files.readAllBytes(capture.segment(4));
        Files.write(capture.segment(4), Arrays.copyOf(bytes, 100));
        assertEquals(0, verify());
        Files.write(capture.segment(3), new byte[8], StandardOpenOption.APPEND);
        assertEquals(1, verify());
        fixture.state(Manifest.State.RECORDED);
        assertEquals(1, verify());
        assertTrue(out.toString().contains("ERR  log/000004.silog  expected=whole blocks found=000004.silog offset=64 "
                + "bytes=36 events=unknown cut off"), out.toString());
    }

    @Test
    void whatIsNoCaptureIsSaidInOneLine() throws IOException {
        assertRefused(directory.resolve("none"), "no such capture: ");
        assertRefused(capture.manifest(), "not a capture (a capture is a directory): ");
        assertRefused(directory, "not a capture (no manifest.json): ");
        Files.writeString(capture.manifest(), "{\"format_version\": 99}");
        assertRefused(capture.root(), "capture is of a newer format: ");
        Files.writeString(capture.manifest(), "{\"format_version\": 2, \"segm");
        assertRefused(capture.root(), "manifest is damaged: ");
    }

    @Test
    void aManifestWithEmptyEntriesIsAnError() throws IOException {
        String text = Files.readString(capture.manifest());
        Files.write(capture.manifest(), ManifestFile.sealed(text.replaceFirst("\"tables\" : \\[", "\"tables\" : [ null,")));
        assertDamaged("tables[0] expected=a value found=null");
    }

    @Test
    void severalCapturesAreVerifiedInOneGo() throws IOException {
        CaptureFixture.complete(directory.resolve("second"));
        assertEquals(0, verify(directory.resolve("second").toString()));
        assertEquals(2, out.toString().split("OK   manifest.json", -1).length - 1);
    }

    @Test
    void wrongUsageIsTwo() {
        StringWriter text = new StringWriter();
        CommandLine line = new CommandLine(new VerifyCommand()).setErr(new PrintWriter(text));
        assertEquals(2, line.execute());
        assertEquals(2, line.execute("--frobnicate", root.toString()));
        assertTrue(text.toString().contains("CAPTURE"), text.toString());
    }

    @Test
    void theHelpTeaches() {
        assertEquals(0, verify("--help"));
        assertTrue(out.toString().contains("sys-inspector verify capture-web1"), out.toString());
        assertTrue(out.toString().lines().allMatch(l -> l.length() <= 100), out.toString());
    }

    private int verify(String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] arguments = Arrays.copyOf(more, more.length + 1);
        arguments[more.length] = root.toString();
        return new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private void assertError(String what, String expected, String found) {
        assertEquals(1, verify());
        String line = "ERR  " + what + "  expected=" + expected + " found=" + found + "\n";
        assertTrue(out.toString().contains(line), out.toString());
        assertEquals("", err.toString());
    }

    private void assertDamaged(String field) {
        assertEquals(1, verify());
        assertEquals("", out.toString());
        assertEquals("sys-inspector verify: manifest is damaged: file=" + capture.manifest() + " field=" + field + "\n",
                err.toString());
    }

    private void assertRefused(Path path, String start) {
        root = path;
        assertEquals(1, verify());
        assertEquals("", out.toString());
        assertTrue(err.toString().startsWith("sys-inspector verify: " + start), err.toString());
        assertEquals(1, err.toString().lines().count());
    }
}
