// SPDX-License-Identifier: Apache-2.0
// The tightest limit of memory that a cgroup sets on the recorder.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.text.Escape;
import org.sysinspector.text.Units;

/**
 * The tightest limit of memory that a cgroup sets on the recorder, its own or one above: {@code memory.max} of cgroup v2,
 * {@code memory.limit_in_bytes} of v1. The memory of BPF maps counts against it (since Linux 5.11).
 *
 * @param group path of the group that has it, below the hierarchy's root
 * @param file name of the file that sets it
 * @param bytes the limit
 * @param usedBytes what is used of it now, caches included
 */
public record MemoryLimit(String group, String file, long bytes, long usedBytes) {
    /** Rings take an eighth of the limit by default; the recorder itself and what it traces may live under the same. */
    private static final int DEFAULT_SHARE = 8;
    /** And a half where that is asked for. */
    private static final int MOST_SHARE = 2;
    private static final int TEXT_BYTES = 1 << 16;
    /** Limits from here on are none: v1 says so by the largest number of pages. */
    private static final long NO_LIMIT = 1L << 60;

    /** Returns the limit of the running process, null if there is none. */
    public static MemoryLimit ofThisProcess() {
        return of(Path.of("/"));
    }

    /**
     * Returns the limit.
     *
     * @param root where /proc and /sys are
     * @return null if there is none
     */
    static MemoryLimit of(Path root) {
        MemoryLimit tightest = null;
        for (String line : text(root.resolve("proc/self/cgroup")).split("\n")) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            boolean isSecond = parts[0].equals("0") && parts[1].isEmpty();
            if (isSecond || List.of(parts[1].split(",")).contains("memory")) {
                tightest = tighter(tightest, isSecond
                        ? of(v2(root), parts[2], "memory.max", "memory.current")
                        : of(root.resolve("sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes"));
            }
        }
        return tightest;
    }

    /** Where v2 is mounted: alone, or beside v1. */
    private static Path v2(Path root) {
        Path unified = root.resolve("sys/fs/cgroup/unified");
        return Files.isDirectory(unified) ? unified : root.resolve("sys/fs/cgroup");
    }

    /** The tightest limit from a group up to the root. In a container the group's path may not be there: its root is the group then. */
    private static MemoryLimit of(Path hierarchy, String group, String limitFile, String usageFile) {
        MemoryLimit tightest = null;
        for (String at = group; ; at = at.substring(0, Math.max(at.lastIndexOf('/'), 0))) {
            Path directory = hierarchy.resolve(at.substring(at.startsWith("/") ? 1 : 0));
            String limit = text(directory.resolve(limitFile));
            if (limit.matches("[0-9]{1,19}") && Long.parseUnsignedLong(limit) >= 0 && Long.parseUnsignedLong(limit) < NO_LIMIT) {
                String used = text(directory.resolve(usageFile));
                tightest = tighter(tightest, new MemoryLimit(at.isEmpty() ? "/" : at, limitFile, Long.parseLong(limit),
                        used.matches("[0-9]{1,18}") ? Long.parseLong(used) : 0));
            }
            if (at.isEmpty() || at.equals("/")) {
                return tightest;
            }
        }
    }

    private static MemoryLimit tighter(MemoryLimit one, MemoryLimit other) {
        return one == null || other != null && other.bytes < one.bytes ? other : one;
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(TEXT_BYTES), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Returns the memory for rings.
     *
     * @param asked what was asked for, null if nothing was
     * @param machineBytes memory of the machine
     * @param limit null if there is none
     * @throws SystemRefusal if what was asked for does not fit
     */
    public static long ringBytes(Long asked, long machineBytes, MemoryLimit limit) throws SystemRefusal {
        if (asked == null) {
            long usual = ProbeSettings.defaultRingBytes(machineBytes);
            return limit == null ? usual : Math.min(usual, limit.bytes / DEFAULT_SHARE);
        }
        long most = (limit == null ? machineBytes : limit.bytes) / MOST_SHARE;
        if (asked > most) {
            String of = limit == null ? "memory=" + Units.bytes(machineBytes)
                    : "cgroup=" + Escape.terminal(limit.group) + " " + limit.file + "=" + Units.bytes(limit.bytes);
            throw new SystemRefusal("the rings do not fit into half of the memory there is: ring_memory=" + Units.bytes(asked) + " " + of
                    + "; give no more than --ring-memory " + (most >> 10) + "KiB");
        }
        return asked;
    }
}
