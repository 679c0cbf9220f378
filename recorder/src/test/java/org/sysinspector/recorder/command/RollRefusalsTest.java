// SPDX-License-Identifier: Apache-2.0
// What roll and verify say of captures that are none, or not yet, or no longer.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.verify.CaptureFixture;

/** Runs roll and verify on what they must refuse: one line, status 1, and nothing changed. */
class RollRefusalsTest {
    @TempDir
    private Path directory;

    private String manifest;

    @BeforeEach
    void makeAManifest() throws IOException {
        Path root = directory.resolve("good");
        CaptureFixture.complete(root).state(Manifest.State.RECORDED);
        manifest = Files.readString(root.resolve("manifest.json"));
    }

    private Path captureWith(String name, String text) throws IOException {
        Path root = Files.createDirectory(directory.resolve(name));
        Files.writeString(root.resolve("manifest.json"), text);
        return root;
    }

    @Test
    void whatIsNoCaptureIsSaidInOneLineAndLeftAlone() throws Exception {
        String newer = manifest.replaceFirst("(\"format_version\" *: *)[0-9]+", "$1" + (Manifest.FORMAT_VERSION + 1));
        Path unbegun = Files.createDirectories(directory.resolve("unbegun/log")).getParent();
        Files.createFile(unbegun.resolve("log/000001.silog"));
        Path file = Files.createFile(directory.resolve("file"));
        Map<String, String> refusals = new LinkedHashMap<>();
        refusals.put(directory.resolve("missing").toString(), "no such capture: .*/missing");
        refusals.put(directory.resolve("new\nline\u001b[31m").toString(), "no such capture: .*/new\\\\x0Aline\\\\x1B\\[31m");
        refusals.put(file.toString(), "not a capture \\(a capture is a directory\\): .*/file");
        refusals.put(file + "/below", "no such capture: .*/file/below");
        refusals.put(Files.createDirectory(directory.resolve("empty")).toString(), "not a capture \\(no manifest.json\\): .*");
        refusals.put(unbegun.toString(), "not a capture \\(no manifest.json\\): .*/unbegun");
        refusals.put(captureWith("foreign", "{\"name\": \"x\"}").toString(), "not a sys-inspector manifest: .*");
        refusals.put(captureWith("list", "[1, 2]").toString(), "not a sys-inspector manifest: .*");
        refusals.put(captureWith("nothing", "").toString(), "not a sys-inspector manifest: .*");
        refusals.put(captureWith("text", "PAR1 \u0000\u0001").toString(), "not a sys-inspector manifest: .*/manifest.json is not JSON");
        refusals.put(captureWith("half", manifest.substring(0, manifest.length() / 2)).toString(), "manifest is damaged: .*");
        refusals.put(captureWith("newer", newer).toString(), "capture is of a newer format: .* format_version="
                + (Manifest.FORMAT_VERSION + 1) + " known=" + Manifest.FORMAT_VERSION + "; use a newer sys-inspector");
        Path place = Files.createDirectories(directory.resolve("place/manifest.json")).getParent();
        refusals.put(place.toString(), "cannot read .*/manifest.json: .*");

        String before = content();
        Map<String, Runs.Running> runs = new LinkedHashMap<>();
        for (String capture : refusals.keySet()) {
            runs.put(capture, Runs.start(new ProcessBuilder(Runs.recorder("roll", capture))));
        }
        List<String> said = new ArrayList<>();
        for (Map.Entry<String, Runs.Running> run : runs.entrySet()) {
            Runs.Result result = run.getValue().finish();
            assertEquals(1, result.err().size(), run.getKey() + " " + result.err());
            assertEquals(List.of(), result.out());
            assertEquals(1, result.status(), result.err().get(0));
            said.addAll(result.err());
        }
        // verify takes them all at once
        Runs.Result verify = Runs.run(Stream.concat(Stream.of("verify"), refusals.keySet().stream()).toArray(String[]::new));
        assertEquals(List.of(), verify.out());
        assertEquals(1, verify.status());
        assertEquals(said, verify.err().stream().map(l -> l.replaceFirst("inspector verify: ", "inspector roll: ")).toList());
        List<String> expected = List.copyOf(refusals.values());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(said.get(i).matches("sys-inspector roll: " + expected.get(i)), expected.get(i) + " " + said.get(i));
        }
        assertEquals(before, content());
    }

    private String content() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            TreeSet<String> names = new TreeSet<>();
            for (Path file : files.toList()) {
                names.add(file + " " + (Files.isDirectory(file) ? "" : Files.size(file)));
            }
            return String.join("\n", names);
        }
    }

    @Test
    void aManifestCutOffAnywhereIsRefused() throws Exception {
        byte[] whole = manifest.strip().getBytes(StandardCharsets.US_ASCII);
        Path cut = captureWith("cut", "");
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut.resolve("manifest.json"), Arrays.copyOf(whole, length));
            assertThrows(CaptureException.class, () -> new CaptureDirectory(cut).readManifest(), "cut off at " + length);
        }
    }

    @Test
    void aCaptureThatIsBeingRecordedIsNotRolled() throws Exception {
        String capture = directory.resolve("capture").toString();
        Runs.Running recorder = Runs.start(new ProcessBuilder(Runs.recorder("record", "-o", capture)));
        recorder.awaitLine("recording to ");
        Runs.Result roll = Runs.run("roll", capture);
        recorder.process().toHandle().destroy();
        assertEquals(0, recorder.finish().status());
        assertEquals(1, roll.status());
        assertEquals(1, roll.err().size(), roll.err().toString());
        assertTrue(roll.err().get(0).matches("sys-inspector roll: capture is in use: .*; wait until its recorder or roll has ended"),
                roll.err().get(0));
        Captures.complete(Path.of(capture));
    }
}
