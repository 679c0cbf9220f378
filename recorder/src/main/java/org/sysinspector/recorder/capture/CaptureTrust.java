// SPDX-License-Identifier: Apache-2.0
// Says whether root may work in a directory: nobody else can change the way there.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Says whether root may work in a directory: every directory and link on the way belongs to root or to the user behind sudo,
 * and nobody else can rename what is in it. Elsewhere another user could put a link in place of what root is about to write,
 * delete or give away. For other users than root there is nothing to check. Has no state that changes.
 */
public final class CaptureTrust {
    private static final int WRITABLE_BY_GROUP = 020;
    private static final int WRITABLE_BY_OTHERS = 02;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;
    private static final int MAX_LINKS = 40;

    private final int user;
    private final int sudoUser;
    private final int sudoGroup;

    CaptureTrust(int user, int sudoUser, int sudoGroup) {
        this.user = user;
        this.sudoUser = sudoUser;
        this.sudoGroup = sudoGroup;
    }

    /** Returns what holds for this process. */
    public static CaptureTrust ofThisProcess() {
        int user;
        try {
            user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            user = -1; // no Linux: whoever it is may read and roll what the system lets them
        }
        return new CaptureTrust(user, CaptureOwner.UID, CaptureOwner.GID);
    }

    boolean isRoot() {
        return user == 0;
    }

    /**
     * Looks at a directory and the way there.
     *
     * @param directory need not be there, nor those above it
     * @return why root should not work there, in one line; empty if it may
     * @throws IOException if the way cannot be looked at
     */
    public Optional<String> problem(Path directory) throws IOException {
        try {
            if (user == 0) {
                walk(directory.toAbsolutePath(), MAX_LINKS);
            }
            return Optional.empty();
        } catch (Untrusted e) {
            return Optional.of(e.getMessage());
        }
    }

    private Path walk(Path absolute, int links) throws IOException {
        Path at = absolute.getRoot();
        for (Path name : absolute) {
            Path entry = at.resolve(name).normalize();
            Map<String, Object> facts;
            try {
                facts = Files.readAttributes(entry, "unix:uid,gid,mode,isSymbolicLink,isDirectory", LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return entry;
            }
            int owner = (Integer) facts.get("uid");
            if (owner != 0 && owner != sudoUser) {
                throw new Untrusted("directory belongs to another user, who could change what root writes there: directory="
                        + entry + " owner=" + owner + "; give another place, or work as that user: sudo -u '#" + owner + "' ...");
            }
            if ((Boolean) facts.get("isSymbolicLink")) {
                if (links == 0) {
                    throw new IOException("too many links: " + absolute);
                }
                at = walk(at.resolve(Files.readSymbolicLink(entry)), links - 1);
            } else {
                if (!(Boolean) facts.get("isDirectory")) {
                    return entry;
                }
                checkMode(entry, (Integer) facts.get("mode"), (Integer) facts.get("gid"));
                at = entry;
            }
        }
        return at;
    }

    private void checkMode(Path entry, int mode, int group) throws Untrusted {
        boolean othersMay = (mode & WRITABLE_BY_OTHERS) != 0
                || (mode & WRITABLE_BY_GROUP) != 0 && group != 0 && group != sudoGroup;
        if (othersMay && (mode & STICKY) == 0) {
            throw new Untrusted(String.format(Locale.ROOT, "directory can be changed by others than root: directory=%s mode=%04o"
                    + "; give another place, or take their right to write: chmod go-w %s", entry, mode & PERMISSIONS, entry));
        }
    }

    private static final class Untrusted extends IOException {
        private static final long serialVersionUID = 1L;

        Untrusted(String message) {
            super(message);
        }
    }
}
