// SPDX-License-Identifier: Apache-2.0
// Gives what root wrote to the user behind sudo.
package org.sysinspector.recorder.capture;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sysinspector.recorder.system.LibC;

/**
 * Gives what root wrote to the user behind sudo (SUDO_UID and SUDO_GID), so that the rest needs no root. Has no state, so any
 * thread may use it.
 */
public final class CaptureOwner {
    /** The user behind sudo, -1 if there is none. */
    static final int UID = number(System.getenv(), "SUDO_UID");
    /** The group of the user behind sudo, -1 if there is none. */
    static final int GID = number(System.getenv(), "SUDO_GID");

    private CaptureOwner() {}

    /**
     * Gives a file or directory that this process has just made to the user behind sudo; does nothing if there is none. The
     * open file is given, never a name, and only one that is root's, empty and has no other name: whatever somebody may
     * have put in its place, nothing of root's goes with it.
     *
     * @throws IOException if it is not that, or the file system refuses
     */
    public static void give(Path path) throws IOException {
        if (UID > 0 && GID >= 0) {
            give(path, UID, GID);
        }
    }

    static void give(Path path, int uid, int gid) throws IOException {
        int fd;
        try {
            fd = LibC.open(path.toString(), LibC.O_NOFOLLOW | LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        } catch (LastErrorException e) {
            throw new FileSystemException(path.toString(), null, "cannot be given to the user behind sudo: errno="
                    + e.getErrorCode());
        }
        try {
            Path open = Path.of("/proc/self/fd/" + fd);
            Map<String, Object> facts = Files.readAttributes(open, "unix:uid,nlink,size,isRegularFile,isDirectory");
            boolean isOurs = facts.get("uid").equals(0)
                    && ((Boolean) facts.get("isDirectory") ? isEmpty(open) : (Boolean) facts.get("isRegularFile")
                            && facts.get("nlink").equals(1) && facts.get("size").equals(0L));
            if (!isOurs && !facts.get("uid").equals(uid)) {
                throw new FileSystemException(path.toString(), null, "is not what was made: somebody put another thing there");
            }
            LibC.fchown(fd, uid, gid);
        } catch (LastErrorException e) {
            throw new FileSystemException(path.toString(), null, "cannot be given to the user behind sudo: errno="
                    + e.getErrorCode());
        } finally {
            LibC.close(fd);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(directory)) {
            return !content.iterator().hasNext();
        }
    }

    static int number(Map<String, String> environment, String name) {
        try {
            return Integer.parseInt(environment.getOrDefault(name, "-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
