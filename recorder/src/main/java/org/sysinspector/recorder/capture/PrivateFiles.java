// SPDX-License-Identifier: Apache-2.0
// Files and directories that only their owner may see, made to last.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files (mode 0600) and directories (mode 0700) of a capture, made to last: a file appears under its final name only
 * when it is complete and on disk. Root reaches all of them through {@link OpenPath}, so nobody who may rename what is in a
 * capture can lead it elsewhere. Has no state that changes, so any thread may use it.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final boolean IS_ROOT = CaptureTrust.ofThisProcess().isRoot();

    private PrivateFiles() {}

    /** Does something with a path that leads to one place only. */
    public interface Work<T> {
        /** Does it. */
        T with(Path path) throws IOException;
    }

    /**
     * Makes a directory if it is not there, and those above it that are missing.
     *
     * @throws IOException if something else is there, a link for example, or it cannot be made
     */
    public static void makeDirectory(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            makeDirectory(parent);
        }
        if (isDirectory(directory)) {
            return;
        }
        beside(directory, at -> {
            Files.createDirectory(at, PosixFilePermissions.asFileAttribute(DIRECTORY));
            CaptureOwner.give(at);
            return at;
        });
        if (parent != null) {
            sync(parent);
        }
    }

    /** Returns whether a directory is there, and no link to one. */
    public static boolean isDirectory(Path directory) throws IOException {
        return is(directory, at -> Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS));
    }

    /** Returns whether something of that name is there, a link for example. */
    public static boolean exists(Path file) throws IOException {
        return is(file, at -> Files.exists(at, LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean is(Path file, Work<Boolean> question) throws IOException {
        try {
            return beside(file, question);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Returns the size of a file, or of what is in its place.
     *
     * @throws IOException if nothing is there
     */
    public static long size(Path file) throws IOException {
        return beside(file, at -> Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size());
    }

    /**
     * Returns what is in a directory.
     *
     * @throws IOException if it cannot be read
     */
    public static List<Path> list(Path directory) throws IOException {
        return in(directory, at -> {
            try (Stream<Path> found = Files.list(at)) {
                return found.map(f -> directory.resolve(f.getFileName().toString())).toList();
            }
        });
    }

    /**
     * Deletes a file if it is there; of a link, the link.
     *
     * @return whether it was there
     * @throws IOException if it stays
     */
    public static boolean deleteIfExists(Path file) throws IOException {
        return is(file, Files::deleteIfExists);
    }

    /**
     * Opens a new, empty file for writing and reading; one of that name goes, whatever it is.
     *
     * @throws IOException if it cannot be made
     */
    public static FileChannel create(Path file) throws IOException {
        deleteIfExists(file);
        return createNew(file);
    }

    /**
     * Opens a new, empty file for writing and reading.
     *
     * @throws IOException if something of that name is there, or it cannot be made
     */
    public static FileChannel createNew(Path file) throws IOException {
        return beside(file, at -> {
            FileChannel channel = FileChannel.open(at,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(FILE));
            try {
                CaptureOwner.give(at);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return channel;
        });
    }

    /**
     * Opens a file to read it. Links are not followed, and what is no regular file is not opened: a pipe would keep who
     * opens it waiting.
     *
     * @throws IOException if it is not there, is no regular file or cannot be read
     */
    public static FileChannel open(Path file) throws IOException {
        return regular(file, false, at -> FileChannel.open(at, StandardOpenOption.READ));
    }

    /**
     * Opens a file to go on writing it; as {@link #open}.
     *
     * @throws IOException if it is not there, is no regular file, has a second name or cannot be written
     */
    public static FileChannel openToWrite(Path file) throws IOException {
        return regular(file, true, at -> FileChannel.open(at, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /**
     * Opens a file for reading and writing; makes one if there is none.
     *
     * @throws IOException if it cannot be opened
     */
    public static FileChannel openOrCreate(Path file) throws IOException {
        return exists(file) ? openToWrite(file) : createNew(file);
    }

    /**
     * Reads a file by its path; as {@link #open}.
     *
     * @throws IOException if it is not there, is no regular file or cannot be read
     */
    public static <T> T read(Path file, Work<T> work) throws IOException {
        return regular(file, false, work);
    }

    /** Writes what a file is to hold. */
    public interface Content {
        /** Writes all of it. */
        void write(FileChannel channel) throws IOException;
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

    /** Returns the hidden name under which a file is written. */
    public static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".tmp");
    }

    /**
     * Gives a file, complete and on disk, its final name in the same directory.
     *
     * @throws IOException if that fails
     */
    public static void publish(Path temporary, Path file) throws IOException {
        beside(file, at -> Files.move(at.resolveSibling(temporary.getFileName()), at, StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING));
        sync(file.toAbsolutePath().getParent());
    }

    /**
     * Brings the names in a directory to disk.
     *
     * @throws IOException if that fails
     */
    public static void sync(Path directory) throws IOException {
        in(directory, at -> {
            try (FileChannel channel = FileChannel.open(at, StandardOpenOption.READ)) {
                channel.force(true);
            }
            return at;
        });
    }

    /**
     * Does something in a directory.
     *
     * @throws IOException if it is not there, or another user's link leads there
     */
    public static <T> T in(Path directory, Work<T> work) throws IOException {
        if (!IS_ROOT) {
            return work.with(directory);
        }
        try (OpenPath open = OpenPath.directory(directory, CaptureOwner.UID)) {
            return named(directory, open.path(), work);
        }
    }

    private static <T> T beside(Path file, Work<T> work) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        return !IS_ROOT || parent == null ? work.with(file) : in(parent, at -> named(file, at.resolve(file.getFileName()), work));
    }

    private static <T> T regular(Path file, boolean isWritten, Work<T> work) throws IOException {
        if (!IS_ROOT) {
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
                throw new FileSystemException(file.toString(), null, "is no regular file");
            }
            return work.with(file);
        }
        try (OpenPath directory = OpenPath.directory(file.toAbsolutePath().getParent(), CaptureOwner.UID);
                OpenPath entry = directory.entry(file)) {
            if (!(Boolean) entry.facts().get("isRegularFile")) {
                throw new FileSystemException(file.toString(), null, "is no regular file");
            }
            if (isWritten && !entry.facts().get("nlink").equals(1)) {
                throw new FileSystemException(file.toString(), null, "has a second name, and is not written");
            }
            return named(file, entry.path(), work);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString());
        }
    }

    /** Does something by the path of what is held open, and tells of a failure under the name that users know. */
    private static <T> T named(Path file, Path held, Work<T> work) throws IOException {
        try {
            return work.with(held);
        } catch (FileSystemException e) {
            if (e.getFile() == null || !e.getFile().startsWith(held.toString())) {
                throw e;
            }
            String name = file + e.getFile().substring(held.toString().length());
            FileSystemException named = e instanceof NoSuchFileException ? new NoSuchFileException(name)
                    : e instanceof AccessDeniedException ? new AccessDeniedException(name)
                    : e instanceof FileAlreadyExistsException ? new FileAlreadyExistsException(name)
                    : e instanceof NotDirectoryException ? new NotDirectoryException(name)
                    : e instanceof DirectoryNotEmptyException ? new DirectoryNotEmptyException(name)
                    : new FileSystemException(name, null, e.getReason());
            named.initCause(e);
            throw named;
        }
    }
}
