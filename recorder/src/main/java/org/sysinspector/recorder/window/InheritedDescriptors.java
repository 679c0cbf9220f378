// SPDX-License-Identifier: Apache-2.0
// Which descriptors the command finds: its caller's, none of ours.
package org.sysinspector.recorder.window;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import org.sysinspector.recorder.system.LibC;

/**
 * Which descriptors the command finds: its caller's, none of ours. They are closed in the child, between its birth and its exec,
 * since the recorder's other threads go on opening files that would else slip through. Has no state, so any thread may use it.
 */
final class InheritedDescriptors {
    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
    private static final Path OPEN = Path.of("/proc/self/fd");

    private InheritedDescriptors() {}

    /** Lets posix_spawn close all descriptors but some. */
    static void addTo(Pointer actions, SortedSet<Integer> kept) {
        int above = kept.isEmpty() ? 0 : kept.last() + 1;
        for (int fd = 0; fd < above; fd++) {
            if (!kept.contains(fd)) {
                LibC.posix_spawn_file_actions_addclose(actions, fd);
            }
        }
        try {
            Function closeFrom = NativeLibrary.getInstance(LibC.LIBRARY).getFunction(CLOSE_FROM);
            closeFrom.invokeInt(new Object[] {actions, above});
        } catch (UnsatisfiedLinkError e) {
            markOpenOnes(above); // before glibc 2.34; what another thread opens just now slips through
        }
    }

    private static void markOpenOnes(int from) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN)) {
            for (Path path : open) {
                int fd = Integer.parseInt(path.getFileName().toString());
                if (fd >= from) {
                    mark(fd);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("/proc is not mounted", e);
        }
    }

    private static void mark(int fd) {
        try {
            LibC.fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC);
        } catch (LastErrorException e) {
            // closed meanwhile
        }
    }
}
