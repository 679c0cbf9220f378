// SPDX-License-Identifier: Apache-2.0
// A private directory that goes away.
package org.sysinspector.analyzer.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A private directory (mode 0700) that goes away on {@link #close}, or when the JVM ends by Ctrl-C. One whose process was
 * killed is removed by the next that is made: its lock, which the system lets go with the process, can be had then. Closing
 * twice is fine.
 */
final class TemporaryDirectory implements AutoCloseable {
    private static final String PREFIX = "sys-inspector-";
    private static final String LOCK = "lock";
    private static final int TRIES = 50;
    private static final long PAUSE_MS = 20;

    private final Path path;
    private final FileChannel lock;
    private final Thread hook;

    private TemporaryDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
        this.hook = new Thread(() -> delete(path), "remove-temporary-directory");
    }

    /**
     * Makes one in the system's directory for temporary files, and removes those of processes that were killed.
     *
     * @throws IOException if that cannot be written to
     */
    static TemporaryDirectory create() throws IOException {
        Path path = Files.createTempDirectory(PREFIX);
        FileChannel lock = null;
        try {
            // Locked before it has its name: whoever sees the name finds it locked as long as this process lives.
            Path unnamed = path.resolve("unnamed");
            lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            Files.move(unnamed, path.resolve(LOCK));
            removeLeftOvers(path);
        } catch (IOException e) {
            if (lock != null) {
                lock.close();
            }
            delete(path);
            throw e;
        }
        TemporaryDirectory directory = new TemporaryDirectory(path, lock);
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
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending: the hook does it
        }
        delete(path);
        lock.close();
    }

    /** Removes what processes of the same user left that do not live any more. */
    private static void removeLeftOvers(Path mine) throws IOException {
        Object owner = Files.getOwner(mine, LinkOption.NOFOLLOW_LINKS);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(mine.getParent(), PREFIX + "*")) {
            for (Path other : others) {
                try {
                    if (!other.equals(mine) && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                            && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(owner)
                            && Files.isRegularFile(other.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
                        removeIfDead(other);
                    }
                } catch (IOException e) {
                    continue; // it goes away by itself, or is not ours to remove
                }
            }
        }
    }

    private static void removeIfDead(Path directory) throws IOException {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                delete(directory);
            }
        } catch (OverlappingFileLockException e) {
            return; // of this very process
        }
    }

    /** DuckDB may still write a file while the JVM ends: tries until nothing is left. */
    private static void delete(Path root) {
        for (int i = 0; i < TRIES && Files.exists(root, LinkOption.NOFOLLOW_LINKS); i++) {
            try (Stream<Path> walk = Files.walk(root)) {
                List<Path> all = walk.sorted(Comparator.reverseOrder()).toList();
                all.forEach(p -> p.toFile().delete());
            } catch (IOException | java.io.UncheckedIOException e) {
                continue; // a file went away meanwhile
            }
            if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    Thread.sleep(PAUSE_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
