// SPDX-License-Identifier: Apache-2.0
// A private directory that goes away.
package org.sysinspector.analyzer.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A private directory (mode 0700) that goes away on {@link #close}, or when the JVM ends by Ctrl-C. Closing twice is
 * fine.
 */
final class TemporaryDirectory implements AutoCloseable {
    private final Path path;
    private final Thread hook;

    private TemporaryDirectory(Path path) {
        this.path = path;
        this.hook = new Thread(() -> delete(path), "remove-temporary-directory");
    }

    /**
     * Makes one in the system's directory for temporary files.
     *
     * @throws IOException if that cannot be written to
     */
    static TemporaryDirectory create() throws IOException {
        TemporaryDirectory directory = new TemporaryDirectory(Files.createTempDirectory("sys-inspector-"));
        Runtime.getRuntime().addShutdownHook(directory.hook);
        return directory;
    }

    /** Returns where DuckDB spills to. */
    Path spill() {
        return path.resolve("spill");
    }

    /** Returns the file for a result. */
    Path result() {
        return path.resolve("result.parquet");
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending: the hook does it
        }
        delete(path);
    }

    private static void delete(Path root) {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(root)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            return; // gone already
        }
        all.forEach(p -> p.toFile().delete());
    }
}
