// SPDX-License-Identifier: Apache-2.0
// Is a manifest read as it was written, and every other file refused in one clear line?
package org.sysinspector.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {
    @TempDir
    private Path directory;

    private static Manifest manifest() {
        return new Manifest(Manifest.FORMAT_VERSION, "00112233445566778899aabbccddeeff", "0.1.0", Manifest.State.RECORDING,
                new Manifest.Host("web\u00e91", "6.18", "amd64", 2, "boot", "Debian"), new Manifest.Window(5, 0, null),
                List.of(new Manifest.Probe("si_fork", "tp_btf/sched_process_fork", true, null)),
                new Manifest.Filter(List.of("make", "-j2"), false, 42), List.of(new Manifest.Ring("io", 0, 1 << 20, 7)),
                List.of(new Manifest.Anchor(5, 1_000)), null, List.of(), null, List.of(), List.of());
    }

    private String refusal(String content) throws Exception {
        Path file = directory.resolve("manifest.json");
        Files.writeString(file, content);
        String message = assertThrows(CaptureException.class, () -> ManifestFile.read(file)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message.replace(directory.toString(), "DIR");
    }

    @Test
    void aManifestIsReadAsItWasWrittenAndWrittenInAscii() throws Exception {
        byte[] text = ManifestFile.format(manifest());
        Files.write(directory.resolve("manifest.json"), text);

        assertEquals(manifest(), ManifestFile.read(directory.resolve("manifest.json")));
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(new String(text, StandardCharsets.UTF_8)));
    }

    @Test
    void everyCutOfAManifestIsRefusedInOneLine() throws Exception {
        byte[] text = ManifestFile.format(manifest());
        Path file = directory.resolve("manifest.json");
        for (int length = 0; length < text.length - 2; length++) {
            Files.write(file, java.util.Arrays.copyOf(text, length));
            CaptureException e = assertThrows(CaptureException.class, () -> ManifestFile.read(file));
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
    }

    @Test
    void whatIsNoManifestIsRefusedByWhatIsWrongWithIt() throws Exception {
        assertEquals("manifest is damaged: DIR/manifest.json line=1", refusal("not json"));
        assertEquals("not a sys-inspector manifest: DIR/manifest.json has no format_version", refusal("{\"a\": 1}"));
        assertEquals("not a sys-inspector manifest: DIR/manifest.json has no format_version", refusal("[]"));
        assertEquals("manifest is incomplete: DIR/manifest.json", refusal("{\"format_version\": 1}"));
        assertEquals("capture is of a newer format: DIR/manifest.json format_version=99 known=1; use a newer sys-inspector",
                refusal("{\"format_version\": 99}"));
    }

    @Test
    void aDirectoryThatIsNoCaptureIsNamedAsSuch() throws Exception {
        assertEquals("no such capture: " + directory + "/none", assertThrows(CaptureException.class,
                () -> new CaptureDirectory(directory.resolve("none")).readManifest()).getMessage());
        assertEquals("not a capture (no manifest.json): " + directory, assertThrows(CaptureException.class,
                () -> new CaptureDirectory(directory).readManifest()).getMessage());
        Path file = Files.writeString(directory.resolve("file"), "");
        assertEquals("not a capture (a capture is a directory): " + file, assertThrows(CaptureException.class,
                () -> new CaptureDirectory(file).readManifest()).getMessage());
    }
}
