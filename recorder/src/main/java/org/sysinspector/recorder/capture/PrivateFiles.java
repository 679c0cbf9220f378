// SPDX-License-Identifier: Apache-2.0
// Files and directories that only their owner may see, made to last.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
     * Makes a directory, and those above it that are missing.
     *
     * @throws IOException if it is not there afterwards
     */
    public static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                makeDirectory(parent);
            }
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
            CaptureOwner.give(directory);
            if (directory.getParent() != null) {
                sync(directory.getParent());
            }
        }
    }

    /**
     * Takes away all rights of others to a directory that was there before, and gives it to the user behind sudo.
     *
     * @throws IOException if that fails
     */
    public static void makePrivate(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, DIRECTORY);
        CaptureOwner.give(directory);
    }

    /**
     * Opens a new, empty file for writing and reading; one of that name is emptied, a link of that name refused.
     *
     * @throws IOException if it cannot be made
     */
    public static FileChannel create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ,
                        StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(FILE));
        CaptureOwner.give(file);
        return channel;
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
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS), PosixFilePermissions.asFileAttribute(FILE));
        CaptureOwner.give(file);
        return channel;
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
