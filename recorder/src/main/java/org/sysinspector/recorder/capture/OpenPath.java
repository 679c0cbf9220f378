// SPDX-License-Identifier: Apache-2.0
// A file or directory held open by root, on a way there that nobody else could lead astray.
package org.sysinspector.recorder.capture;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.sysinspector.recorder.system.LibC;

/**
 * A file or directory held open by root, on a way there that nobody else could lead astray: each name is looked up in the
 * directory before it, which is held open, so it does not matter what is renamed meanwhile. A link of the user behind sudo
 * may lead to a directory of that user only; one of anybody else's but root's is not followed. It is held without being
 * opened to read or write, so a pipe or a device does nothing. Belongs to one thread.
 */
final class OpenPath implements AutoCloseable {
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final int HELD = LibC.O_PATH | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
    private static final int MAX_LINKS = 40;
    private static final int MAX_PATH_BYTES = 4096;

    private final int fd;

    private OpenPath(int fd) {
        this.fd = fd;
    }

    /**
     * Walks to a directory.
     *
     * @param sudoUser the user behind sudo, -1 if there is none
     * @throws IOException if it is not there, or a link that another user may have put there leads the way
     */
    static OpenPath directory(Path path, int sudoUser) throws IOException {
        Deque<String> names = new ArrayDeque<>();
        path.toAbsolutePath().forEach(name -> names.add(name.toString()));
        boolean isLedByUser = false;
        int links = 0;
        OpenPath at = open(-1, "/", path);
        try {
            while (!names.isEmpty()) {
                OpenPath next = open(at.fd, names.pop(), path);
                try {
                    Map<String, Object> facts = next.facts();
                    if ((Boolean) facts.get("isSymbolicLink")) {
                        // A second name for a link of root's is nobody knows whose.
                        boolean isRoots = facts.get("uid").equals(0) && facts.get("nlink").equals(1);
                        if (++links > MAX_LINKS || !isRoots && !facts.get("uid").equals(sudoUser)) {
                            throw ledAstray(path);
                        }
                        isLedByUser |= !isRoots;
                        String target = next.target(path);
                        next.close();
                        next = target.startsWith("/") ? open(-1, "/", path) : open(at.fd, ".", path);
                        pushAll(names, target);
                    }
                } catch (IOException e) {
                    next.close();
                    throw e;
                }
                at.close();
                at = next;
            }
            Map<String, Object> facts = at.facts();
            if (!(Boolean) facts.get("isDirectory")) {
                throw new NotDirectoryException(path.toString());
            }
            if (isLedByUser && !facts.get("uid").equals(sudoUser)) {
                throw ledAstray(path);
            }
            return at;
        } catch (IOException e) {
            at.close();
            throw e;
        }
    }

    private static FileSystemException ledAstray(Path path) {
        return new FileSystemException(path.toString(), null, "a link on the way is not root's, and is not followed");
    }

    private static void pushAll(Deque<String> names, String target) {
        String[] more = target.split("/");
        for (int i = more.length - 1; i >= 0; i--) {
            if (!more[i].isEmpty()) {
                names.push(more[i]);
            }
        }
    }

    /**
     * Holds what has a name in this directory, a link for example, whatever it is.
     *
     * @param path for what is said on a failure
     * @throws IOException if there is nothing
     */
    OpenPath entry(Path path) throws IOException {
        return open(fd, path.getFileName().toString(), path);
    }

    private static OpenPath open(int directory, String name, Path path) throws IOException {
        try {
            return new OpenPath(LibC.openat(directory, bytes(name), HELD));
        } catch (LastErrorException e) {
            throw failure(path, e.getErrorCode());
        }
    }

    private static byte[] bytes(String name) {
        return (name + '\0').getBytes(NAMES);
    }

    private String target(Path path) throws IOException {
        byte[] target = new byte[MAX_PATH_BYTES];
        try {
            return new String(target, 0, (int) LibC.readlinkat(fd, bytes(""), target, MAX_PATH_BYTES), NAMES);
        } catch (LastErrorException e) {
            throw failure(path, e.getErrorCode());
        }
    }

    private static FileSystemException failure(Path path, int errno) {
        return switch (errno) {
            case LibC.ENOENT -> new NoSuchFileException(path.toString());
            case LibC.EACCES -> new AccessDeniedException(path.toString());
            case LibC.ENOTDIR -> new NotDirectoryException(path.toString());
            default -> new FileSystemException(path.toString(), null, LibC.strerror(errno));
        };
    }

    /** Returns a path to just this, as long as it is held. */
    Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    /** Returns uid, nlink, isRegularFile, isDirectory and isSymbolicLink. */
    Map<String, Object> facts() throws IOException {
        return Files.readAttributes(path(), "unix:uid,nlink,isRegularFile,isDirectory,isSymbolicLink");
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
