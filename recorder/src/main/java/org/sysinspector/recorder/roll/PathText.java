// SPDX-License-Identifier: Apache-2.0
// Raw bytes of names and paths -> printable US-ASCII text.
package org.sysinspector.recorder.roll;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Raw bytes of names and paths as printable US-ASCII text. Control bytes (below 0x20, 0x7f), bytes from 0x80 on and
 * the backslash become {@code \xHH} with upper-case digits, so the text is lossless and safe to show.
 *
 * <p>A path comes as components, innermost first, each ended by NUL: {@code "c\0b\0a\0"} is {@code /a/b/c}, nothing
 * at all is {@code /}. A name that a caller gave is joined to its directory and cleaned up <em>lexically</em>: empty
 * components and {@code .} go, {@code a/..} goes. Where {@code a} is a symbolic link to a directory, that differs
 * from what the kernel walked; the identity of a file that was opened never comes from here, but from its inode.
 *
 * <p>Instances hold a buffer and belong to one thread.
 */
final class PathText {
    static final int S_IFMT = 0xF000;
    static final int S_IFIFO = 0x1000;
    static final int S_IFLNK = 0xA000;
    private static final int PIPEFS_MAGIC = 0x50495045;
    private static final int SOCKFS_MAGIC = 0x534F434B;
    private static final int ANON_INODE_FS_MAGIC = 0x09041934;
    private static final String HEX = "0123456789ABCDEF";

    private byte[] raw = new byte[4096];
    private int length;

    /** Returns bytes as text. */
    static String text(byte[] bytes, int from, int to) {
        int plain = from;
        while (plain < to && isPlain(bytes[plain])) {
            plain++;
        }
        if (plain == to) {
            return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        }
        StringBuilder out = new StringBuilder(to - from + 16);
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (isPlain(b)) {
                out.append((char) b);
            } else {
                out.append("\\x").append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return out.toString();
    }

    /** Returns the bytes that {@link #text} was made from. */
    static byte[] bytes(String text) {
        byte[] out = new byte[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                out[size++] = (byte) Integer.parseInt(text.substring(i + 2, i + 4), 16);
                i += 3;
            } else {
                out[size++] = (byte) text.charAt(i);
            }
        }
        return Arrays.copyOf(out, size);
    }

    /** Returns the bytes up to the first NUL, at most {@code max}, as text. */
    String name(ByteBuffer record, int at, int max) {
        length = 0;
        append(record, at, nameLength(record, at, max));
        return text(raw, 0, length);
    }

    /**
     * Returns the terminal of a process as people write it ({@code pts3} is {@code pts/3}), or null if it has
     * none.
     */
    String terminal(ByteBuffer record, int at, int max) {
        String name = name(record, at, max);
        if (name.isEmpty()) {
            return null;
        }
        return name.matches("pts[0-9]+") ? "pts/" + name.substring(3) : name;
    }

    /** Returns the path that a tail of components stands for. */
    String path(ByteBuffer record, int at, int size) {
        length = 0;
        appendComponents(record, at, size);
        if (length == 0) {
            raw[length++] = '/';
        }
        return text(raw, 0, length);
    }

    /** Returns a name made absolute: it stays if it is, else it starts from the directory. Cleaned up lexically. */
    String join(ByteBuffer record, int dirAt, int dirSize, int nameAt, int nameSize) {
        length = 0;
        int size = nameLength(record, nameAt, nameSize);
        if (size == 0 || record.get(nameAt) != '/') {
            appendComponents(record, dirAt, dirSize);
            ensure(1);
            raw[length++] = '/';
        }
        append(record, nameAt, size);
        clean();
        return text(raw, 0, length);
    }

    /**
     * Returns the path of a file; {@code pipe:[INO]}, {@code socket:[INO]}, {@code anon_inode:NAME} if it has
     * none.
     */
    String file(ByteBuffer record, int at, int size, int magic, long ino) {
        return switch (magic) {
            case PIPEFS_MAGIC -> "pipe:[" + Long.toUnsignedString(ino) + "]";
            case SOCKFS_MAGIC -> "socket:[" + Long.toUnsignedString(ino) + "]";
            case ANON_INODE_FS_MAGIC -> "anon_inode:" + name(record, at, size);
            default -> path(record, at, size);
        };
    }

    /** Returns whether a file of this file system has no path. */
    static boolean isPathless(int magic) {
        return magic == PIPEFS_MAGIC || magic == SOCKFS_MAGIC || magic == ANON_INODE_FS_MAGIC;
    }

    private static boolean isPlain(byte b) {
        return b >= 0x20 && b != 0x7f && b != '\\';
    }

    private static int nameLength(ByteBuffer record, int at, int max) {
        int size = 0;
        while (size < max && record.get(at + size) != 0) {
            size++;
        }
        return size;
    }

    private void appendComponents(ByteBuffer record, int at, int size) {
        int end = size;
        while (end > 0) {
            int last = record.get(at + end - 1) == 0 ? end - 1 : end;
            int first = last;
            while (first > 0 && record.get(at + first - 1) != 0) {
                first--;
            }
            if (first < last) {
                ensure(1);
                raw[length++] = '/';
                append(record, at + first, last - first);
            }
            end = first;
        }
    }

    private void append(ByteBuffer record, int at, int size) {
        ensure(size);
        record.get(at, raw, length, size);
        length += size;
    }

    private void ensure(int more) {
        if (length + more > raw.length) {
            raw = Arrays.copyOf(raw, Math.max(raw.length * 2, length + more));
        }
    }

    private void clean() {
        int out = 0;
        int in = 0;
        while (in < length) {
            if (raw[in] == '/') {
                in++;
                continue;
            }
            int end = in;
            while (end < length && raw[end] != '/') {
                end++;
            }
            int size = end - in;
            if (size == 2 && raw[in] == '.' && raw[in + 1] == '.') {
                while (out > 0 && raw[--out] != '/') {
                    // back to the slash before the last component
                }
            } else if (size != 1 || raw[in] != '.') {
                raw[out++] = '/';
                System.arraycopy(raw, in, raw, out, size);
                out += size;
            }
            in = end;
        }
        if (out == 0) {
            raw[out++] = '/';
        }
        length = out;
    }
}
