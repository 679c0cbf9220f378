// SPDX-License-Identifier: Apache-2.0
// The directory that a capture goes to: made, and removed again if nothing came of it.
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.capture.CaptureTrust;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.text.IoProblem;

/** The directory that a capture goes to: made, and removed again if nothing came of it. Belongs to one thread. */
final class OutputDirectory {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final List<Path> missing = new ArrayList<>();

    private OutputDirectory(Path directory) {
        this.directory = directory;
        for (Path at = directory.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
            missing.add(at);
        }
    }

    /**
     * Makes a directory, and those above it that are missing, or takes an empty one that is there.
     *
     * @param mayBeThere whether one that is there may be taken; its mode and owner stay as they are
     * @throws IllegalArgumentException if something else is there, or others may look into it; says what
     * @throws SystemRefusal if it cannot be made or written to, or others could change the way there; nothing is left then
     */
    static OutputDirectory make(Path directory, boolean mayBeThere) throws SystemRefusal {
        OutputDirectory output = new OutputDirectory(directory);
        try {
            Optional<String> problem = CaptureTrust.ofThisProcess().problem(directory);
            if (problem.isPresent()) {
                throw new SystemRefusal(problem.get());
            }
            if (!output.missing.isEmpty()) {
                PrivateFiles.makeDirectory(directory);
            } else if (mayBeThere) {
                requireEmpty(directory);
                requirePrivate(directory);
            } else {
                throw new IllegalArgumentException("already there: " + directory + "; give another: -o DIR");
            }
            return output;
        } catch (IOException e) {
            output.remove();
            throw unwritable(directory, e);
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("not a directory: " + directory + "; give another -o");
        }
        try (Stream<Path> content = Files.list(directory)) {
            if (content.findAny().isPresent()) {
                throw new IllegalArgumentException("directory is not empty: " + directory + "; give another -o");
            }
        }
    }

    private static void requirePrivate(Path directory) throws IOException {
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(directory);
        if (!PRIVATE.containsAll(found)) {
            throw new IllegalArgumentException("directory is open to others: " + directory + " mode="
                    + PosixFilePermissions.toString(found) + "; make it private: chmod 700 " + directory
                    + " or give one that is not there yet");
        }
    }

    /** Explains why a capture cannot be written there. */
    static SystemRefusal unwritable(Path directory, IOException cause) {
        return new SystemRefusal("cannot write the capture: directory=" + directory + " cause=" + IoProblem.reason(cause)
                + "; give a directory on a writable file system with room: -o DIR", cause);
    }

    /** Removes what a recording that never began has made. What cannot be removed stays: the refusal matters more. */
    void remove() {
        CaptureDirectory capture = new CaptureDirectory(directory);
        List<Path> made = new ArrayList<>(List.of(PrivateFiles.temporary(capture.manifest()), capture.manifest(),
                capture.segment(1), capture.log()));
        made.addAll(missing);
        for (Path path : made) {
            try {
                PrivateFiles.deleteIfExists(path);
            } catch (IOException e) {
                continue;
            }
        }
    }
}
