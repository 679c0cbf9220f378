// SPDX-License-Identifier: Apache-2.0
// Files and directories that only their owner may see, made to last.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files (mode 0600) and directories (mode 0700) of a capture, made to last: a file appears under its final name only
 * when it is complete and on disk. Has no state, so any thread may use it.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /**
     * Makes a directory if it is not there, and those above it that are missing.
     *
     * @throws IOException if something else is there, a link for example, or it cannot be made
     */
    public static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            makeDirectory(parent);
        }
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
        CaptureOwner.give(directory);
        if (parent != null) {
            sync(parent);
        }
    }

    /**
     * Opens a new, empty file for writing and reading; one of that name goes, whatever it is.
     *
     * @throws IOException if it cannot be made
     */
    public static FileChannel create(Path file) throws IOException {
        Files.deleteIfExists(file);
        FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FILE));
        CaptureOwner.give(file);
        return channel;
    }

    /**
     * Opens a file to read it. Links are not followed, and what is no regular file is not opened: a pipe would keep who
     * opens it waiting.
     *
     * @throws IOException if it is not there, is no regular file or cannot be read
     */
    public static FileChannel open(Path file) throws IOException {
        requireRegular(file);
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private static void requireRegular(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "is no regular file");
        }
    }

    /**
     * Writes a whole file under a hidden name, then puts it in place, on disk, in one step.
     *
     * @throws IOException if that fails; a file of that name is then as it was
     */
    public static void replace(Path file, Content content) throws IOException {
        Path temporary = temporary(file);
        try (FileChannel channel = create(temporary)) {
            content.write(channel);
            channel.force(true);
        }
        publish(temporary, file);
    }

    /** Writes what a file is to hold. */
    public interface Content {
        /** Writes all of it. */
        void write(FileChannel channel) throws IOException;
    }

    /**
     * Opens a file for reading and writing; makes one if there is none.
     *
     * @throws IOException if it cannot be opened
     */
    public static FileChannel openOrCreate(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return create(file);
        }
        requireRegular(file);
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the hidden name under which a file is written. */
    public static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".tmp");
    }

    /**
     * Gives a file, complete and on disk, its final name.
     *
     * @throws IOException if that fails
     */
    public static void publish(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.toAbsolutePath().getParent());
    }

    /**
     * Brings the names in a directory to disk.
     *
     * @throws IOException if that fails
     */
    public static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
