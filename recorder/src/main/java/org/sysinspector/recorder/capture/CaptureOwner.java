// SPDX-License-Identifier: Apache-2.0
// Gives what root wrote to the user behind sudo.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Gives what root wrote to the user behind sudo (SUDO_UID and SUDO_GID), so that the rest needs no root. Has no state, so any
 * thread may use it.
 */
public final class CaptureOwner {
    private static final int UID = number(System.getenv(), "SUDO_UID");
    private static final int GID = number(System.getenv(), "SUDO_GID");

    private CaptureOwner() {}

    /**
     * Gives a file or directory that this process has just made to the user behind sudo; does nothing if there is none.
     *
     * @throws IOException if the file system refuses
     */
    public static void give(Path path) throws IOException {
        if (UID > 0 && GID >= 0 && !Integer.valueOf(UID).equals(uidOf(path))) {
            Files.setAttribute(path, "unix:gid", GID, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:uid", UID, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static Object uidOf(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    static int number(Map<String, String> environment, String name) {
        try {
            return Integer.parseInt(environment.getOrDefault(name, "-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
