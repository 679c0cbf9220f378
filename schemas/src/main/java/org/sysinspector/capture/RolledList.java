// SPDX-License-Identifier: Apache-2.0
// The list of segments that are rolled while a capture is not complete: a line each.
package org.sysinspector.capture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The list {@code rolled.ndjson}: a line of JSON for each segment that is rolled, appended while the capture is not
 * complete and taken into {@code manifest.json} when it is. A line ends with the CRC32C of its bytes before that:
 *
 * <pre>
 * {"capture_id":"...","segment":{...},"tables":[...],"crc32c":"0123abcd"}
 * </pre>
 *
 * <p>A last line that has no line feed was cut off by a kill: it does not count.
 */
public final class RolledList {
    private static final String SEAL = ",\"crc32c\":\"";
    private static final String SEAL_END = "\"}";
    private static final int CRC_DIGITS = 8;
    private static final int SEAL_BYTES = SEAL.length() + CRC_DIGITS + SEAL_END.length();
    /** A segment has some dozen tables, and 16 KiB of text on damage. */
    private static final int MAX_LINE_BYTES = 1 << 20;

    private final InputStream in;
    private final String name;
    private final String captureId;
    private final ManifestCheck check;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private long whole;
    private long number = 1;

    /**
     * Reads a list from its beginning. One line at a time is in memory.
     *
     * @param channel the file, a regular one
     * @param name its name, for messages
     * @param captureId the capture's
     * @param before segments that the manifest itself lists
     * @throws IOException if it cannot be read
     */
    public RolledList(FileChannel channel, String name, String captureId, int before) throws IOException {
        this.in = new BufferedInputStream(Channels.newInputStream(channel.position(0)));
        this.name = name;
        this.captureId = captureId;
        this.check = ManifestCheck.list(name, before);
    }

    /**
     * One segment that is rolled.
     *
     * @param captureId the capture's
     * @param segment the segment
     * @param tables the files made from it
     */
    public record Line(
            @JsonProperty("capture_id") String captureId,
            @JsonProperty("segment") Manifest.Segment segment,
            @JsonProperty("tables") List<Manifest.TableFile> tables) {}

    /** Returns a line as bytes, its line feed included. */
    public static byte[] format(Line line) throws IOException {
        byte[] json = StrictJson.MAPPER.writeValueAsBytes(line);
        CRC32C crc = new CRC32C();
        crc.update(json, 0, json.length - 1);
        byte[] seal = (SEAL + ManifestFile.digits(crc) + SEAL_END + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(json, json.length - 1 + seal.length);
        System.arraycopy(seal, 0, whole, json.length - 1, seal.length);
        return whole;
    }

    /**
     * Reads the next line.
     *
     * @return null at the end
     * @throws CaptureException if it is damaged, of another capture, or says what cannot be
     * @throws IOException if it cannot be read
     */
    public Line next() throws CaptureException, IOException {
        text.reset();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            text.write(b);
            if (text.size() > MAX_LINE_BYTES) {
                throw new CaptureException(problem() + " is longer than " + MAX_LINE_BYTES + " bytes");
            }
        }
        Line line = parse(text.toByteArray(), problem());
        if (!captureId.equals(line.captureId())) {
            throw new CaptureException(problem() + " is of another capture: expected=" + captureId + " found="
                    + StrictJson.shown(String.valueOf(line.captureId())));
        }
        check.rolled(line.segment() == null ? null : List.of(line.segment()), line.tables());
        whole += text.size() + 1;
        number++;
        return line;
    }

    /** Returns the bytes of the whole lines read so far: at the end, where the next one goes. */
    public long wholeBytes() {
        return whole;
    }

    private static Line parse(byte[] text, String problem) throws CaptureException, IOException {
        int body = text.length - SEAL_BYTES;
        String seal = body < 0 ? "" : new String(text, body, SEAL_BYTES, StandardCharsets.ISO_8859_1);
        CRC32C crc = new CRC32C();
        crc.update(text, 0, Math.max(body, 0));
        if (!seal.equals(SEAL + ManifestFile.digits(crc) + SEAL_END)) {
            throw new CaptureException(problem + " does not fit its checksum");
        }
        text[body] = '}';
        return StrictJson.read(new ByteArrayInputStream(text, 0, body + 1), Line.class, problem);
    }

    private String problem() {
        return "list of rolled segments is damaged: file=" + name + " line=" + number;
    }
}
