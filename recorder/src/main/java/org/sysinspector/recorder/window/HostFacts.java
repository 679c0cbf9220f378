// SPDX-License-Identifier: Apache-2.0
// What the manifest says of this machine.
package org.sysinspector.recorder.window;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sysinspector.capture.Manifest;

/** What the manifest says of this machine. */
public final class HostFacts {
    private HostFacts() {}

    /** Returns the facts; what cannot be read is "unknown". */
    public static Manifest.Host read() {
        return new Manifest.Host(name(), System.getProperty("os.version"), System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(), line("/proc/sys/kernel/random/boot_id"), distribution());
    }

    /** Returns the host's name, made fit for a file name. */
    public static String name() {
        return line("/proc/sys/kernel/hostname").replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** Returns the machine's memory in bytes, 0 if it is not told. */
    public static long memoryBytes() {
        String total = line("/proc/meminfo").lines().findFirst().orElse("").replaceAll("[^0-9]", "");
        return total.isEmpty() ? 0 : Long.parseLong(total) << 10;
    }

    private static String distribution() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/os-release"), StandardCharsets.UTF_8)) {
                if (line.startsWith("PRETTY_NAME=")) {
                    return line.substring("PRETTY_NAME=".length()).replace("\"", "");
                }
            }
        } catch (IOException e) {
            // unknown
        }
        return "unknown";
    }

    private static String line(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
