// SPDX-License-Identifier: Apache-2.0
// Is a manifest read as it was written, and every other file refused in one clear line?
package org.sysinspector.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.schema.SchemaCatalog;

class ManifestFileTest {
    private static final String ID = "00112233445566778899aabbccddeeff";

    @TempDir
    private Path directory;

    static Manifest manifest(Manifest.State state) {
        boolean isOver = state != Manifest.State.RECORDING;
        return new Manifest(Manifest.FORMAT_VERSION, ID, "0.1.0", state,
                new Manifest.Host("web\u00e91", "6.18", "amd64", 2, "boot", "Debian"),
                new Manifest.Window(5, isOver ? 9 : 0, isOver ? "duration" : null),
                List.of(new Manifest.Probe("si_fork", "tp_btf/sched_process_fork", true, null)),
                new Manifest.Filter(List.of("make", "-j2"), false, 42), List.of(new Manifest.Ring("io", 0, 1 << 20, 7)),
                List.of(new Manifest.Anchor(5, 1_000)),
                isOver ? List.of(new Manifest.Count("io", 7, 5, 2)) : null,
                isOver ? List.of(new Manifest.Loss("io", "ring_full", 2, 2L), new Manifest.Loss(null, "killed", 0, null)) : List.of(),
                isOver ? new Manifest.Cost(1, 2, 3, 4) : null, List.of(), List.of());
    }

    static Manifest.Segment segment(int number) {
        return new Manifest.Segment(number, 100, 1, 5, 0, null, false, 9, 0,
                List.of(new Manifest.Count("io", 5, 5, 0)), List.of(), 5, 0);
    }

    static Manifest.TableFile table(String name, int segment) {
        return new Manifest.TableFile(name, "tables/" + name + "/00000" + segment + ".parquet", segment, 5, 300, "0123abcd");
    }

    private Manifest complete() {
        return manifest(Manifest.State.COMPLETE).withRolled(List.of(segment(1), segment(2)),
                List.of(table("io", 1), table("exec", 1), table("io", 2)));
    }

    private Path file() {
        return directory.resolve("manifest.json");
    }

    private Manifest read() throws CaptureException {
        return new CaptureDirectory(directory).readManifest();
    }

    private String refusal(byte[] content) throws Exception {
        Files.write(file(), content);
        String message = assertThrows(CaptureException.class, this::read, () -> new String(content)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.length() < 600, message);
        return message.replace(directory.toString(), "DIR");
    }

    private String refusal(String content) throws Exception {
        return refusal(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aManifestIsReadAsItWasWrittenAndWrittenInAscii() throws Exception {
        for (Manifest manifest : List.of(manifest(Manifest.State.RECORDING), manifest(Manifest.State.RECORDED), complete())) {
            byte[] text = ManifestFile.format(manifest);
            Files.write(file(), text);
            assertEquals(manifest, read());
            assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(new String(text, StandardCharsets.UTF_8)));
            assertEquals(new String(text), new String(ManifestFile.sealed(new String(text))));
        }
    }

    @Test
    void everyCutOfAManifestIsRefusedInOneLine() throws Exception {
        byte[] text = ManifestFile.format(complete());
        for (int length = 0; length < text.length; length++) {
            refusal(Arrays.copyOf(text, length));
        }
    }

    @Test
    void everyChangeOfAByteIsRefusedInOneLine() throws Exception {
        byte[] text = ManifestFile.format(complete());
        for (int at = 0; at < text.length; at++) {
            byte[] changed = text.clone();
            changed[at] ^= (byte) (1 << at % 8);
            refusal(changed);
        }
    }

    @Test
    void whatIsNoManifestIsRefusedByWhatIsWrongWithIt() throws Exception {
        String foreign = "not a sys-inspector manifest: DIR/manifest.json does not begin with format_version";
        assertEquals("not a sys-inspector manifest: DIR/manifest.json is not JSON", refusal("not json"));
        assertEquals(foreign, refusal("{\"a\": 1}"));
        assertEquals(foreign, refusal("[]"));
        assertEquals(foreign, refusal(""));
        assertEquals(foreign, refusal("{\"format_version\": \"2\"}"));
        assertEquals("not a sys-inspector manifest: DIR/manifest.json is not JSON",
                refusal("{\"format_version\": 99999999999999999999}"));
        assertEquals("manifest is damaged: file=DIR/manifest.json does not end with its checksum, field=crc32c",
                refusal("{\"format_version\": 2}"));
        assertEquals("capture is of a newer format: DIR/manifest.json format_version=99 known=2; use a newer sys-inspector",
                refusal("{\"format_version\": 99}"));
        assertEquals("capture is of an older format: DIR/manifest.json format_version=1 known=2; use the sys-inspector that "
                + "recorded it", refusal("{\"format_version\": 1}"));
        assertEquals("manifest is damaged: file=DIR/manifest.json field=probes is missing, out of range or of another type",
                refusal(ManifestFile.sealed(new String(ManifestFile.format(complete())).replaceFirst("(?s)\"probes\".*?\\],", ""))));
    }

    @Test
    void whatAFieldCannotBeIsNamedEvenUnderAGoodChecksum() throws Exception {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("\"cpus\" : 2>\"cpus\" : null", "host.cpus is missing, out of range or of another type");
        changes.put("\"cpus\" : 2>\"cpus\" : 2.0", "host.cpus is missing, out of range or of another type");
        changes.put("\"cpus\" : 2>\"cpus\" : \"2\"", "host.cpus is missing, out of range or of another type");
        changes.put("\"cpus\" : 2>\"cpus\" : 3000000000", "host.cpus is missing, out of range or of another type");
        changes.put("\"cpus\" : 2>\"cpus\" : -2", "host.cpus expected=1..65536 found=-2");
        changes.put("\"cpus\" : 2>\"cpus\" : 2, \"cpus\" : 3", "host is not right: a field in it is there twice");
        changes.put("\"cpus\" : 2>\"cpu\" : 2", "host.cpus is missing, out of range or of another type");
        changes.put("\"cpus\" : 2>\"cpus\" : 2, \"x\" : [[[[[[[[[1]]]]]]]]]", "host is too long or too deep");
        changes.put("\"os\" : \"Debian\">\"os\" : null", "host.os expected=a text of at most 1024 characters found=null");
        changes.put("\"os\" : \"Debian\">\"os\" : true", "host.os is missing, out of range or of another type");
        changes.put("\"os\" : \"Debian\">\"os\" : \"" + "x".repeat(2000) + "\"",
                "host.os expected=a text of at most 1024 characters found=" + "x".repeat(80) + "...");
        changes.put("\"complete\">\"done\"", "state is missing, out of range or of another type");
        changes.put("\"end_ns\" : 9>\"end_ns\" : 4", "window.end_ns expected=5..1000000000000000000 found=4");
        changes.put("\"duration\">\"boredom\"", "window.ended_by expected=command|disk_full|duration|error|killed|max_size|signal "
                + "found=boredom");
        changes.put("\"lost\" : 2>\"lost\" : 3", "counts[0].seen expected=8 found=7");
        changes.put("\"at_least\" : 2>\"at_least\" : 3", "losses[0].at_most expected=3..72057594037927936 found=2");
        changes.put("ring_full>laziness", "losses[0].reason expected=" + String.join("|", Stream.of(
                SchemaCatalog.get().enumeration("loss_reason").names()).sorted().toList()) + " found=laziness");
        changes.put("\"number\" : 2>\"number\" : 3", "segments[1].number expected=2 found=3");
        changes.put("\"merged\" : 0>\"merged\" : 6", "segments[0].merged expected=0..5 found=6");
        changes.put("\"tables/io/000001.parquet\">\"tables/../secret\"",
                "tables[0].file expected=tables/io/000001.parquet found=tables/../secret");
        changes.put("\"exec\">\"io\"", "tables[1].table expected=there twice found=io");
        changes.put("\"segment\" : 2>\"segment\" : 3", "tables[2].segment expected=1..2 found=3");
        changes.put("0123abcd>0123ABCD", "tables[0].crc32c expected=[0-9a-f]{8} found=0123ABCD");
        changes.put(ID + ">../../etc/passwd\\\\u001b", "capture_id expected=[0-9a-f]{32} found=../../etc/passwd\\x1B");
        String text = new String(ManifestFile.format(complete()));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            String[] fromTo = change.getKey().split(">", 2);
            String changed = text.replaceFirst(fromTo[0], fromTo[1]);
            assertTrue(!changed.equals(text), change.getKey());
            assertEquals("manifest is damaged: file=DIR/manifest.json field=" + change.getValue(),
                    refusal(ManifestFile.sealed(changed)));
        }
    }

    @Test
    void whatIsNestedTooDeepOrTooLongIsRefused() throws Exception {
        String text = new String(ManifestFile.format(complete()));
        assertTrue(refusal(ManifestFile.sealed(text.replace("\"command\" : [ ", "\"command\" : [ " + "[".repeat(100_000))))
                .contains("field=filter.command[0] is "));
        assertTrue(refusal(ManifestFile.sealed(text.replace("\"make\"", "\"" + "m".repeat(300_000) + "\"")))
                .endsWith("field=filter.command[0] is too long or too deep"));
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void anEndlessFileOrAnotherThingInPlaceOfTheManifestIsRefusedAtOnce() throws Exception {
        try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
            sparse.setLength(1L << 42);
        }
        assertTrue(assertThrows(CaptureException.class, this::read).getMessage().startsWith("manifest is too large: file="));
        Files.delete(file());
        assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
        assertEquals("cannot read " + file() + ": it is no regular file",
                assertThrows(CaptureException.class, this::read).getMessage());
        Files.delete(file());
        Path elsewhere = Files.write(directory.resolve("elsewhere"), ManifestFile.format(complete()));
        Files.createSymbolicLink(file(), elsewhere);
        assertEquals("cannot read " + file() + ": it is no regular file",
                assertThrows(CaptureException.class, this::read).getMessage());
    }

    @Test
    void aDirectoryThatIsNoCaptureIsNamedAsSuch() throws Exception {
        assertEquals("no such capture: " + directory + "/none", assertThrows(CaptureException.class,
                () -> new CaptureDirectory(directory.resolve("none")).readManifest()).getMessage());
        assertEquals("not a capture (no manifest.json): " + directory, assertThrows(CaptureException.class, this::read)
                .getMessage());
        Path file = Files.writeString(directory.resolve("file"), "");
        assertEquals("not a capture (a capture is a directory): " + file, assertThrows(CaptureException.class,
                () -> new CaptureDirectory(file).readManifest()).getMessage());
    }
}
