// SPDX-License-Identifier: Apache-2.0
// Where the maps of a recorder stay while it records, whatever becomes of it.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sysinspector.recorder.system.LibC;

/**
 * Where the maps of a recorder stay while it records, whatever becomes of it: {@code /sys/fs/bpf/sys-inspector/CAPTURE-ID}, or below
 * a BPF file system of our own where none is mounted there. Mode 0700; beside the maps stand links that say which capture it is and
 * who records. Nothing of it outlives the machine's boot.
 */
final class PinDirectory {
    private static final Path SYSTEM = Path.of("/sys/fs/bpf");
    private static final Path OWN = Path.of("/run/sys-inspector/bpf");
    private static final String ROOM = "sys-inspector";
    private static final int ROOT = 0;
    private static final long NEW_MS = 10_000;
    private static final long NOSUID_NODEV_NOEXEC = 2 | 4 | 8;

    private final Path path;

    private PinDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @throws IOException if there is no BPF file system, and none can be mounted
     */
    static PinDirectory make(String captureId) throws IOException {
        Path room = isBpf(SYSTEM) ? SYSTEM.resolve(ROOM) : own().resolve(ROOM);
        makePrivate(room);
        Path path = room.resolve(captureId);
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new PinDirectory(path);
    }

    /** Returns that of a capture, null if there is none. */
    static PinDirectory find(String captureId) {
        return all().stream().filter(p -> p.captureId().equals(captureId)).findFirst().orElse(null);
    }

    /** Returns all there are. */
    static List<PinDirectory> all() {
        List<PinDirectory> all = new ArrayList<>();
        for (Path root : List.of(SYSTEM, OWN)) {
            Path room = root.resolve(ROOM);
            if (isBpf(root) && isPrivate(room)) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(room)) {
                    found.forEach(p -> all.add(new PinDirectory(p)));
                } catch (IOException e) {
                    // It went meanwhile.
                }
            }
        }
        return all;
    }

    private static boolean isBpf(Path at) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1).stream()
                    .map(l -> l.split(" ")).anyMatch(f -> f.length > 2 && f[1].equals(at.toString()) && f[2].equals("bpf"));
        } catch (IOException e) {
            return false;
        }
    }

    private static Path own() throws IOException {
        makePrivate(OWN.getParent());
        makePrivate(OWN);
        if (!isBpf(OWN)) {
            try {
                LibC.mount("bpf", OWN.toString(), "bpf", NOSUID_NODEV_NOEXEC, "mode=0700");
            } catch (LastErrorException e) {
                throw new IOException("cannot mount a BPF file system: at=" + OWN + " errno=" + e.getErrorCode(), e);
            }
        }
        return OWN;
    }

    private static void makePrivate(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!isPrivate(directory)) {
                throw new IOException("not a directory of root's own: " + directory, e);
            }
        }
    }

    private static boolean isPrivate(Path directory) {
        try {
            Map<String, Object> facts = Files.readAttributes(directory, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
            return facts.get("uid").equals(ROOT) && facts.get("isDirectory").equals(true) && ((Integer) facts.get("mode") & 077) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the capture's id. */
    String captureId() {
        return path.getFileName().toString();
    }

    /** Returns whether it was made a moment ago. */
    boolean isNew() {
        try {
            return System.currentTimeMillis() - Files.getLastModifiedTime(path).toMillis() < NEW_MS;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the path of a pin. */
    String pin(String map) {
        return path.resolve(map).toString();
    }

    /** Notes a fact. */
    void note(String name, String fact) throws IOException {
        Files.createSymbolicLink(path.resolve(name), Path.of(fact));
    }

    /** Returns a fact, null if it was not noted. */
    String fact(String name) {
        try {
            return Files.readSymbolicLink(path.resolve(name)).toString();
        } catch (IOException e) {
            return null;
        }
    }

    /** Takes all pins away; the kernel frees the maps once nobody has them. */
    void remove() {
        try (DirectoryStream<Path> pins = Files.newDirectoryStream(path)) {
            for (Path pin : pins) {
                Files.delete(pin);
            }
            Files.delete(path);
        } catch (IOException e) {
            return; // it is gone
        }
        Path room = path.getParent();
        if (room.startsWith(OWN)) {
            try {
                Files.delete(room); // only if no other recorder has pins in it
                LibC.umount2(OWN.toString(), 0);
                Files.delete(OWN);
                Files.delete(OWN.getParent());
            } catch (IOException | LastErrorException e) {
                // It is in use.
            }
        }
    }
}
