// SPDX-License-Identifier: Apache-2.0
// Does root work only where nobody else can change the way, and give away only what it has just made?
package org.sysinspector.recorder.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTrustTest {
    private static final int SUDO = 4711;
    private static final int STRANGER = 4712;

    @TempDir
    private Path directory;

    private final CaptureTrust root = new CaptureTrust(0, SUDO, SUDO);
    private Path capture;

    @BeforeEach
    void make() throws IOException {
        capture = Files.createDirectories(directory.resolve("home/capture"));
        set(capture, SUDO, SUDO, "rwx------");
        set(capture.getParent(), SUDO, SUDO, "rwxrwxr-x");
    }

    private static void set(Path path, int uid, int gid, String mode) throws IOException {
        Files.setAttribute(path, "unix:uid", uid);
        Files.setAttribute(path, "unix:gid", gid);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whatIsRootsOrTheUsersBehindSudoIsTrusted() throws IOException {
        assertEquals(Optional.empty(), root.problem(capture));
        assertEquals(Optional.empty(), root.problem(capture.resolve("not/there/yet")));
        assertEquals(Optional.empty(), new CaptureTrust(0, -1, -1).problem(directory));
        assertEquals(Optional.empty(), root.problem(Path.of("/tmp/not-there-yet")), "a sticky directory");
    }

    @Test
    void aDirectoryOfAnotherUserIsNot() throws IOException {
        String expected = "directory belongs to another user, who could change what root writes there: directory=";
        assertTrue(new CaptureTrust(0, -1, -1).problem(capture).orElseThrow().startsWith(
                expected + capture.getParent() + " owner=" + SUDO + "; "));
        set(capture, STRANGER, STRANGER, "rwx------");
        assertTrue(root.problem(capture).orElseThrow().startsWith(expected + capture + " owner=" + STRANGER + "; "));
        assertTrue(root.problem(capture.resolve("below")).orElseThrow().startsWith(expected + capture));
    }

    @Test
    void aDirectoryThatOthersCanWriteToIsNot() throws IOException {
        set(capture.getParent(), 0, STRANGER, "rwxrwx---");
        assertEquals("directory can be changed by others than root: directory=" + capture.getParent() + " mode=0770; give another "
                + "place, or take their right to write: chmod go-w " + capture.getParent(), root.problem(capture).orElseThrow());
        set(capture.getParent(), 0, 0, "rwxrwxrwx");
        assertTrue(root.problem(capture).isPresent());
        Files.setAttribute(capture.getParent(), "unix:mode", 01777);
        assertEquals(Optional.empty(), root.problem(capture));
    }

    @Test
    void aLinkIsFollowedOnlyIfAllItLeadsThroughIsTrusted() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), capture);
        assertEquals(Optional.empty(), root.problem(link));
        set(capture.getParent(), STRANGER, STRANGER, "rwxr-xr-x");
        assertTrue(root.problem(link).orElseThrow().contains("directory=" + capture.getParent() + " "));
        Files.setAttribute(link, "unix:uid", STRANGER, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        assertTrue(root.problem(link).orElseThrow().contains("directory=" + link + " "));
        Path circle = directory.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        assertThrows(IOException.class, () -> root.problem(circle));
    }

    @Test
    void whoIsNotRootNeedsNoCheck() throws IOException {
        set(capture, STRANGER, STRANGER, "rwxrwxrwx");
        assertEquals(Optional.empty(), new CaptureTrust(SUDO, -1, -1).problem(capture));
    }

    @Test
    void onlyWhatIsEmptyAndHasOneNameIsGivenAway() throws IOException {
        Path made = Files.createFile(directory.resolve("made"));
        CaptureOwner.give(made, SUDO, SUDO);
        assertEquals(SUDO, Files.getAttribute(made, "unix:uid"));
        Path empty = Files.createDirectory(directory.resolve("empty"));
        CaptureOwner.give(empty, SUDO, SUDO);
        assertEquals(SUDO, Files.getAttribute(empty, "unix:uid"));

        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Path full = Files.createDirectory(directory.resolve("full"));
        Files.createFile(full.resolve("file"));
        Path blank = Files.createFile(directory.resolve("blank"));
        Path name = Files.createLink(directory.resolve("name"), blank);
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("secret"));
        for (Path path : new Path[] {secret, full, name, link}) {
            assertThrows(FileSystemException.class, () -> CaptureOwner.give(path, SUDO, SUDO), path.toString());
        }
        for (Path path : new Path[] {secret, full, blank}) {
            assertEquals(0, Files.getAttribute(path, "unix:uid"), path.toString());
        }
    }

    @Test
    void whatIsInPlaceOfAFileIsNeverWrittenThrough() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Path link = Files.createSymbolicLink(directory.resolve("link"), secret);
        Path name = Files.createLink(directory.resolve("name"), secret);
        assertThrows(IOException.class, () -> PrivateFiles.open(link));
        assertThrows(IOException.class, () -> PrivateFiles.openOrCreate(link));
        PrivateFiles.create(link).close();
        PrivateFiles.create(name).close();
        assertEquals("secret", Files.readString(secret));
        Path elsewhere = Files.createSymbolicLink(directory.resolve("log"), Files.createDirectory(directory.resolve("other")));
        assertThrows(IOException.class, () -> PrivateFiles.makeDirectory(elsewhere));
    }
}
