// SPDX-License-Identifier: Apache-2.0
// Reads and writes manifest.json: strict, sealed with a checksum, as a stream.
package org.sysinspector.capture;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Reads and writes {@code manifest.json}. Its last field is the CRC32C of all bytes before it, so the file ends in
 *
 * <pre>
 * ,
 *   "crc32c" : "0123abcd"
 * }
 * </pre>
 *
 * <p>What a manifest says is checked field by field ({@link ManifestCheck}). Memory is bounded: files of more than a third
 * of the heap are refused.
 */
public final class ManifestFile {
    private static final String VERSION_FIELD = "format_version";
    private static final String SEAL = ",\n  \"crc32c\" : \"";
    private static final String SEAL_END = "\"\n}\n";
    private static final int CRC_DIGITS = 8;
    private static final int SEAL_BYTES = SEAL.length() + CRC_DIGITS + SEAL_END.length();
    private static final int HEAP_SHARE = 3;
    private static final int BUFFER_BYTES = 64 << 10;

    private ManifestFile() {}

    /** Returns the manifest as JSON text, US-ASCII, sealed. */
    public static byte[] format(Manifest manifest) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(manifest, out);
        return out.toByteArray();
    }

    /**
     * Writes a manifest. Its lists are walked once each, so they need not be in memory.
     *
     * @throws IOException if the stream does not take it
     */
    public static void write(Manifest manifest, OutputStream out) throws IOException {
        Sealing sealing = new Sealing(out);
        StrictJson.MAPPER.writerWithDefaultPrettyPrinter().without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .writeValue(sealing, manifest);
        sealing.seal();
    }

    /** Returns the text of a JSON object sealed anew, whether it was sealed before or not. */
    public static byte[] sealed(String json) {
        int end = json.lastIndexOf(SEAL);
        String body = (end >= 0 ? json.substring(0, end) : json.substring(0, json.lastIndexOf('}'))).stripTrailing();
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return (body + SEAL + digits(crc) + SEAL_END).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a manifest.
     *
     * @param channel the file, a regular one
     * @param name its name, for messages
     * @throws CaptureException if it is damaged, of another format or says what cannot be
     * @throws IOException if it cannot be read
     */
    public static Manifest read(FileChannel channel, String name) throws CaptureException, IOException {
        long size = channel.size();
        long limit = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        if (size > limit) {
            throw new CaptureException("manifest is too large: file=" + name + " bytes=" + size + " limit=" + limit
                    + "; give the JVM more memory if it is right: SYS_INSPECTOR_OPTS=-Xmx" + (size * (HEAP_SHARE + 1) >> 20) + "m");
        }
        checkVersion(channel, name);
        checkSeal(channel, size, name);
        InputStream body = new Part(Channels.newInputStream(channel.position(0)), size - SEAL_BYTES);
        Manifest manifest = StrictJson.read(new SequenceInputStream(body, new ByteArrayInputStream(new byte[] {'}'})),
                Manifest.class, "manifest is damaged: file=" + name);
        ManifestCheck.check(manifest, name);
        return manifest;
    }

    /** The version is the first field in all of them, so that another format is told as such whatever else it has. */
    private static void checkVersion(FileChannel channel, String name) throws CaptureException, IOException {
        int version;
        try (JsonParser parser = StrictJson.MAPPER.getFactory().copy().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
                .createParser(Channels.newInputStream(channel.position(0)))) {
            if (parser.nextToken() != JsonToken.START_OBJECT || !VERSION_FIELD.equals(parser.nextFieldName())
                    || parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw new CaptureException("not a sys-inspector manifest: " + name + " does not begin with " + VERSION_FIELD);
            }
            version = parser.getIntValue();
        } catch (JsonProcessingException e) {
            throw new CaptureException("not a sys-inspector manifest: " + name + " is not JSON", e);
        }
        if (version > Manifest.FORMAT_VERSION) {
            throw new CaptureException("capture is of a newer format: " + name + " format_version=" + version + " known="
                    + Manifest.FORMAT_VERSION + "; use a newer sys-inspector");
        }
        if (version < Manifest.FORMAT_VERSION) {
            throw new CaptureException("capture is of an older format: " + name + " format_version=" + version + " known="
                    + Manifest.FORMAT_VERSION + "; use the sys-inspector that recorded it");
        }
    }

    private static void checkSeal(FileChannel channel, long size, String name) throws CaptureException, IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        CRC32C crc = new CRC32C();
        long left = size - SEAL_BYTES;
        channel.position(0);
        while (left > 0) {
            buffer.clear().limit((int) Math.min(left, buffer.capacity()));
            int count = channel.read(buffer);
            if (count < 0) {
                break;
            }
            crc.update(buffer.flip());
            left -= count;
        }
        ByteBuffer seal = ByteBuffer.allocate(SEAL_BYTES);
        while (seal.hasRemaining() && channel.read(seal) >= 0) {
            continue;
        }
        String found = new String(seal.array(), 0, seal.position(), StandardCharsets.ISO_8859_1);
        if (left != 0 || !found.startsWith(SEAL) || !found.endsWith(SEAL_END)) {
            throw new CaptureException("manifest is damaged: file=" + name + " does not end with its checksum, field=crc32c");
        }
        String stored = found.substring(SEAL.length(), SEAL.length() + CRC_DIGITS);
        if (!stored.equals(digits(crc))) {
            throw new CaptureException("manifest is damaged: file=" + name + " field=crc32c expected=" + digits(crc)
                    + " found=" + StrictJson.shown(stored));
        }
    }

    static String digits(CRC32C crc) {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Takes the text of a JSON object and puts the seal in place of its last brace. */
    private static final class Sealing extends FilterOutputStream {
        private final CRC32C crc = new CRC32C();
        private final ByteBuffer held = ByteBuffer.allocate(BUFFER_BYTES);

        Sealing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            if (!held.hasRemaining()) {
                pass(held.position() / 2);
            }
            held.put((byte) b);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            for (int i = 0; i < length; i++) {
                write(from[offset + i]);
            }
        }

        @Override
        public void flush() {
            // the end of what is held may be the last brace
        }

        void seal() throws IOException {
            int body = new String(held.array(), 0, held.position(), StandardCharsets.ISO_8859_1).lastIndexOf('}');
            while (Character.isWhitespace(held.get(body - 1))) {
                body--;
            }
            pass(body);
            out.write((SEAL + digits(crc) + SEAL_END).getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        private void pass(int count) throws IOException {
            crc.update(held.array(), 0, count);
            out.write(held.array(), 0, count);
            held.flip().position(count);
            held.compact();
        }
    }

    /** The first bytes of a stream. */
    private static final class Part extends java.io.FilterInputStream {
        private long left;

        Part(InputStream in, long bytes) {
            super(in);
            left = bytes;
        }

        @Override
        public int read() throws IOException {
            int b = left > 0 ? super.read() : -1;
            left -= b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = left > 0 ? super.read(into, offset, (int) Math.min(length, left)) : -1;
            left -= Math.max(count, 0);
            return count;
        }
    }
}
