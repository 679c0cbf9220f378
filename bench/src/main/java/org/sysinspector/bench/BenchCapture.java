// SPDX-License-Identifier: Apache-2.0
// A capture directory for the time of a benchmark.
package org.sysinspector.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.ManifestStore;

/** A capture directory for the time of a benchmark. */
final class BenchCapture implements Closeable {
    /** Its capture id. */
    static final String ID = "00112233445566778899aabbccddeeff";

    private static final Path MEMORY = Path.of("/dev/shm");

    private final CaptureDirectory directory;

    private BenchCapture(CaptureDirectory directory) {
        this.directory = directory;
    }

    /** Makes one, in memory where the system has a place for that. */
    static BenchCapture inMemory() throws IOException {
        String prefix = "sys-inspector-bench";
        Path root = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, prefix) : Files.createTempDirectory(prefix);
        CaptureDirectory directory = new CaptureDirectory(root);
        Files.createDirectories(directory.log());
        return new BenchCapture(directory);
    }

    /** Returns where it is. */
    CaptureDirectory directory() {
        return directory;
    }

    /** Returns a manifest that lists nothing; tables and keyframes go. */
    ManifestStore startAgain() throws IOException {
        delete(directory.tables());
        Files.deleteIfExists(directory.keyframe(1));
        ManifestStore manifest = new ManifestStore(directory, new Manifest(Manifest.FORMAT_VERSION, ID, "bench",
                Manifest.State.RECORDING, new Manifest.Host("host", "kernel", "x86_64", 1, "boot", "bench"),
                new Manifest.Window(1, 0, null), List.of(), new Manifest.Filter(List.of(), true, 1), List.of(),
                List.of(), null, List.of(), null, List.of(), List.of()));
        manifest.update(m -> m);
        return manifest;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(tree)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        delete(directory.root());
    }
}
