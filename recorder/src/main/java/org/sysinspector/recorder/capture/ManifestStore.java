// SPDX-License-Identifier: Apache-2.0
// Keeps manifest.json: every change is on disk, whole, before it counts.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.capture.ManifestFile;

/**
 * Keeps {@code manifest.json}: every change is on disk, whole, before it counts. The capture's main thread and the
 * roller both change it; the methods are synchronized, so no change is lost, and {@link #current} always returns what
 * is on disk.
 */
public final class ManifestStore {
    private final CaptureDirectory directory;
    private Manifest current;

    /**
     * Takes over a manifest.
     *
     * @param directory the capture
     * @param current what its manifest says; written with the first {@link #update} if it is not there yet
     */
    public ManifestStore(CaptureDirectory directory, Manifest current) {
        this.directory = Objects.requireNonNull(directory);
        this.current = Objects.requireNonNull(current);
    }

    /** Returns the manifest as it is now. */
    public synchronized Manifest current() {
        return current;
    }

    /**
     * Changes the manifest and writes it: hidden file, fsync, rename, fsync of the directory; mode 0600.
     *
     * @param change makes the new manifest from the one now; called under the lock
     * @return the new manifest
     * @throws IOException if it cannot be written; the manifest is then as it was, here and on disk
     */
    public synchronized Manifest update(UnaryOperator<Manifest> change) throws IOException {
        Manifest next = change.apply(current);
        PrivateFiles.replace(directory.manifest(), ManifestFile.format(next));
        current = next;
        return next;
    }
}
