// SPDX-License-Identifier: Apache-2.0
// The arguments of this process byte for byte, whatever the locale makes of them.
package org.sysinspector.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The arguments of this process byte for byte, whatever the locale makes of them. The JVM decodes them by the locale: under
 * {@code LC_ALL=C} every letter outside of ASCII is lost, and bytes that are not UTF-8 always are. Here they are UTF-8, and each byte
 * that is not stands as a lone surrogate, U+DC00 and the byte; so {@link #bytes} gives back what was given. Has no state, so any
 * thread may use it.
 */
public final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final int BYTE = 0xDC00;
    private static final int ASCII = 0x7F;

    private RawArguments() {}

    /**
     * Returns the arguments in this form; as they are where the system does not tell them (anything but Linux).
     *
     * @param decoded the arguments as the JVM has them: the last ones of its command line
     */
    public static String[] of(String... decoded) {
        byte[] line;
        try {
            line = Files.readAllBytes(COMMAND_LINE);
        } catch (IOException e) {
            return decoded;
        }
        List<String> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                all.add(text(Arrays.copyOfRange(line, start, i)));
                start = i + 1;
            }
        }
        return all.size() < decoded.length ? decoded
                : all.subList(all.size() - decoded.length, all.size()).toArray(String[]::new);
    }

    /** Returns bytes as text in this form. */
    public static String text(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true); result.isError(); result = decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (BYTE | in.get() & 0xFF));
            }
            decoder.reset();
        }
        return out.flip().toString();
    }

    /** Returns the bytes of a text in this form. */
    public static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isByte(text, i)) {
                out.writeBytes(text.substring(start, i).getBytes(StandardCharsets.UTF_8));
                start = i + 1;
                if (i < text.length()) {
                    out.write(text.charAt(i));
                }
            }
        }
        return out.toByteArray();
    }

    /** Returns whether all of a text is UTF-8: the JVM cannot tell the name of a file that is not, only open it. */
    public static boolean isUtf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the JVM can name the working directory; what is relative leads elsewhere if not. */
    public static boolean isDirectoryNamed() {
        Path itself = Path.of("/proc/self/cwd");
        try {
            return !Files.exists(itself) || Files.isSameFile(itself, Path.of("").toAbsolutePath());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the bytes of a path as the system has it, absolute. */
    public static byte[] bytes(Path path) {
        String uri = path.toAbsolutePath().toUri().getRawPath();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            out.write(c == '%' ? Integer.parseInt(uri.substring(i + 1, i + 3), 16) : c);
            i += c == '%' ? 2 : 0;
        }
        byte[] bytes = out.toByteArray();
        // A URI tells a directory by a slash at its end.
        return bytes.length > 1 && bytes[bytes.length - 1] == '/' ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    /** Returns whether a character of a text stands for a byte that is not UTF-8. */
    static boolean isByte(String text, int at) {
        char c = text.charAt(at);
        return Character.isLowSurrogate(c) && c >> Byte.SIZE == BYTE >> Byte.SIZE
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    /**
     * Returns the path whose name is these very bytes.
     *
     * @throws InvalidPathException if no path can have them
     */
    public static Path path(String text) {
        if (text.chars().allMatch(c -> c > 0 && c <= ASCII)) {
            return Path.of(text);
        }
        byte[] bytes = bytes(text);
        StringBuilder uri = new StringBuilder("file:///");
        for (byte b : bytes) {
            uri.append(b == '/' ? "/" : String.format(Locale.ROOT, "%%%02X", b));
        }
        try {
            Path absolute = Path.of(URI.create(uri.toString()));
            Path root = absolute.getRoot();
            // What is relative stays so: taken out of the root again.
            return bytes.length > 0 && bytes[0] == '/' ? absolute : root.relativize(absolute);
        } catch (IllegalArgumentException e) {
            throw new InvalidPathException(text, "no name of a file");
        }
    }
}
