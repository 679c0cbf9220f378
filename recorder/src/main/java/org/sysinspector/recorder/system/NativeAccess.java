// SPDX-License-Identifier: Apache-2.0
// Keeps JNA from starting processes and from unpacking into home directories.
package org.sysinspector.recorder.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps JNA from starting processes and from unpacking into home directories. To be called before JNA's first use. */
public final class NativeAccess {
    private NativeAccess() {}

    /**
     * Sets what JNA reads when it is loaded. Without a library path it would run {@code ldconfig -p}, and the recorder would
     * record a child of its own; with an empty one the dynamic linker searches as for any program. Its own library lies
     * where the launcher says; without it, it goes to java.io.tmpdir, where those of others go too, so that one remedy is enough where
     * that is mounted noexec.
     *
     * @throws UnsatisfiedLinkError if nothing can be written there: JNA would first print a stack trace
     */
    public static void prepare() {
        setDefault("jna.platform.library.path", "");
        String temporary = System.getProperty("java.io.tmpdir");
        if (System.getProperty("jna.boot.library.path") != null) {
            return; // it lies beside the jars
        }
        if (!Files.isWritable(Path.of(temporary))) {
            throw new UnsatisfiedLinkError("not writable: " + temporary);
        }
        setDefault("jna.tmpdir", temporary);
    }

    private static void setDefault(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
