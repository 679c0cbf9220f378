// SPDX-License-Identifier: Apache-2.0
// Is the list of rolled segments read as it was written, cut off by a kill or not, and refused if it is damaged?
package org.sysinspector.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolledListTest {
    @TempDir
    private Path directory;

    private CaptureDirectory capture;
    private byte[] first;
    private byte[] both;

    @BeforeEach
    void write() throws Exception {
        capture = new CaptureDirectory(directory);
        Files.write(capture.manifest(), ManifestFile.format(ManifestFileTest.manifest(Manifest.State.RECORDING)));
        String id = ManifestFileTest.manifest(Manifest.State.RECORDING).captureId();
        first = line(id, 1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(line(id, 2));
        both = all.toByteArray();
        Files.write(capture.rolled(), both);
    }

    private static byte[] line(String id, int number) throws Exception {
        return RolledList.format(new RolledList.Line(id, ManifestFileTest.segment(number),
                List.of(ManifestFileTest.table("io", number), ManifestFileTest.table("fork", number))));
    }

    @Test
    void whatIsRolledBelongsToTheManifestOfACaptureThatIsNotComplete() throws Exception {
        Manifest manifest = capture.readManifest();
        assertEquals(List.of(ManifestFileTest.segment(1), ManifestFileTest.segment(2)), manifest.segments());
        assertEquals(List.of("io", "fork", "io", "fork"), manifest.tables().stream().map(Manifest.TableFile::table).toList());
        assertEquals(List.of(), capture.readHead().segments());
    }

    @Test
    void theListOfACompleteCaptureDoesNotCount() throws Exception {
        Files.write(capture.manifest(), ManifestFile.format(ManifestFileTest.manifest(Manifest.State.COMPLETE)));
        assertEquals(List.of(), capture.readManifest().segments());
    }

    @Test
    void aLastLineThatIsCutOffDoesNotCount() throws Exception {
        for (int length = first.length; length < both.length; length++) {
            Files.write(capture.rolled(), Arrays.copyOf(both, length));
            assertEquals(1, capture.readManifest().segments().size());
        }
    }

    @Test
    void everyChangeOfAByteIsRefusedOrCutsTheLastLineOff() throws Exception {
        for (int at = 0; at < both.length; at++) {
            byte[] changed = both.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(capture.rolled(), changed);
            if (at == both.length - 1) {
                assertEquals(1, capture.readManifest().segments().size());
                continue;
            }
            String message = assertThrows(CaptureException.class, capture::readManifest).getMessage();
            assertTrue(message.startsWith("list of rolled segments is damaged: file=" + capture.rolled() + " line="), message);
            assertEquals(1, message.lines().count(), message);
        }
    }

    @Test
    void aLineOfAnotherCaptureOrPlaceIsRefused() throws Exception {
        Files.write(capture.rolled(), line("f".repeat(32), 1));
        assertTrue(assertThrows(CaptureException.class, capture::readManifest).getMessage().contains(
                "line=1 is of another capture: expected=00112233445566778899aabbccddeeff found=ffffffff"));
        Files.write(capture.rolled(), Arrays.copyOfRange(both, first.length, both.length));
        assertTrue(assertThrows(CaptureException.class, capture::readManifest).getMessage().endsWith(
                "field=segments[0].number expected=1 found=2"));
    }

    @Test
    void aLineWithoutEndIsRefused() throws Exception {
        Files.write(capture.rolled(), new byte[2 << 20]);
        assertTrue(assertThrows(CaptureException.class, capture::readManifest).getMessage().endsWith(
                "line=1 is longer than 1048576 bytes"));
    }
}
