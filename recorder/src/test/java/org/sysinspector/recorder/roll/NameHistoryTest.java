// SPDX-License-Identifier: Apache-2.0
// Names from when to when, within a segment and across two.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.sysinspector.recorder.roll.RecordBuilder.file;
import static org.sysinspector.recorder.roll.RecordBuilder.nameOp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameHistoryTest {
    private static final int DEV = 5;

    @TempDir
    private Path temporary;

    private TestCapture capture;

    @BeforeEach
    void begin() throws IOException {
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
    }

    @Test
    void aNameKnownAlreadyGivesNoRow() throws IOException {
        capture.block(-1, file(1, 10, DEV, 50, 1, "snapshot", "/a"), file(2, 20, DEV, 50, 1, "open", "/a"),
                file(3, 30, DEV, 50, 2, "open", "/a"));
        assertEquals(List.of(
                "dev=5 ino=50 generation=1 path=/a file_type=file since_ns=10 cause=snapshot proc_key=7 pid=7 exec_no=0"
                        + " source=snapshot",
                "dev=5 ino=50 generation=2 path=/a file_type=file since_ns=30 cause=open proc_key=7 pid=7 exec_no=0"
                        + " source=event"), roll(1));
    }

    @Test
    void aRenameEndsTheOldNameAndTheFileItReplaces() throws IOException {
        capture.block(-1, nameOp("rename", 30, 0, "/d", "a", "/d", "b"), file(1, 10, DEV, 50, 1, "create", "/d/a"),
                file(2, 20, DEV, 51, 1, "open", "/d/b"), nameOp("rename", 40, -2, "/", "d/b", "/", "x"));
        assertEquals(List.of(
                "ino=50 path=/d/a since=10 until=30 cause=create old=",
                "ino=51 path=/d/b since=20 until=30 cause=open old=",
                "ino=50 path=/d/b since=30 until= cause=rename old=/d/a"), brief(roll(1)));
    }

    @Test
    void anExchangeSwapsTwoNames() throws IOException {
        capture.block(-1, file(1, 10, DEV, 50, 1, "open", "/a"), file(2, 20, DEV, 51, 1, "open", "/b"),
                nameOp("rename", 30, 0, "/", "a", "/", "b").set("arg", 2), nameOp("unlink", 40, 0, "/", "a", null, null));
        assertEquals(List.of(
                "ino=50 path=/a since=10 until=30 cause=open old=",
                "ino=51 path=/b since=20 until=30 cause=open old=",
                "ino=50 path=/b since=30 until= cause=rename old=/a",
                "ino=51 path=/a since=30 until=40 cause=rename old=/b",
                "ino=51 path=/a since=40 until=40 cause=unlink old="), brief(roll(1)));
    }

    @Test
    void linksSymlinksAndUnlinksAreRows() throws IOException {
        capture.block(-1, file(1, 10, DEV, 50, 1, "open", "/a"), nameOp("link", 20, 0, "/", "a", "/", "hard"),
                nameOp("symlink", 30, 0, "", "../a/./b", "/", "soft"), nameOp("unlink", 40, 0, "/x", "../hard", null, null),
                nameOp("unlink", 50, 0, "/", "soft", null, null), nameOp("unlink", 60, 0, "/", "unknown", null, null),
                nameOp("truncate", 70, 0, "/", "a", null, null).set("arg", 9));
        assertEquals(List.of(
                "ino=50 path=/a since=10 until= cause=open old=",
                "ino=50 path=/hard since=20 until=40 cause=link old=/a",
                "ino= path=/soft since=30 until=50 cause=create old=",
                "ino=50 path=/hard since=40 until=40 cause=unlink old=",
                "ino= path=/soft since=50 until=50 cause=unlink old=",
                "ino= path=/unknown since=60 until=60 cause=unlink old="), brief(roll(1)));
        assertEquals(List.of("file", "file", "symlink", "file", "symlink", "NULL"), capture.column("file", 1, "file_type"));
        assertEquals(List.of("link", "symlink", "unlink", "unlink", "unlink", "truncate"),
                capture.column("name_op", 1, "op"));
        assertEquals(List.of("/a", "../a/./b", "/hard", "/soft", "/unknown", "/a"),
                capture.column("name_op", 1, "path"));
        assertEquals(List.of("/hard", "/soft", "NULL", "NULL", "NULL", "NULL"),
                capture.column("name_op", 1, "new_path"));
    }

    @Test
    void aRenamedNameLearnsItsFileLater() throws IOException {
        capture.block(-1, nameOp("rename", 10, 0, "/", "a", "/", "b"), file(1, 20, DEV, 50, 1, "open", "/b"),
                file(2, 30, DEV, 50, 1, "io", "/b").set("flags", 1));
        assertEquals(List.of(
                "ino=50 path=/b since=10 until= cause=rename old=/a",
                "ino=50 path=/b since=30 until= cause=io old="), brief(roll(1)));
    }

    @Test
    void renamingOneNameOfAFileToAnotherDoesNothing() throws IOException {
        capture.block(-1, file(1, 10, DEV, 50, 1, "open", "/a"), file(2, 11, DEV, 50, 1, "open", "/b"),
                nameOp("rename", 20, 0, "/", "a", "/", "b"));
        assertEquals(List.of(
                "ino=50 path=/a since=10 until= cause=open old=",
                "ino=50 path=/b since=11 until= cause=open old="), brief(roll(1)));
    }

    @Test
    void aNameLivesOnInTheNextSegment() throws IOException {
        capture.block(-1, file(1, 10, DEV, 50, 1, "open", "/t\n\\/\u00E9"), file(2, 11, DEV, 51, 1, "open", "/b"),
                file(3, 12, DEV, 52, 1, "open", "").set("fs_magic", 0x50495045).set("mode", 0x1000));
        roll(1);
        capture.begin(2);
        capture.block(-1, file(9, 20, DEV, 50, 1, "io", "/t\n\\/\u00E9"), file(8, 20, DEV, 52, 1, "open", "")
                .set("fs_magic", 0x50495045).set("mode", 0x1000), nameOp("rename", 30, 0, "/", "t\n\\/\u00E9", "/", "b"));
        assertEquals(List.of(
                "ino=50 path=/t\\x0A\\x5C/\\xE9 since=30 until=30 cause=rename old=",
                "ino=51 path=/b since=30 until=30 cause=rename old=",
                "ino=50 path=/b since=30 until= cause=rename old=/t\\x0A\\x5C/\\xE9"), brief(roll(2)));
    }

    @Test
    void filesWithoutAPathAreCalledWhatProcCallsThem() throws IOException {
        capture.block(-1,
                file(1, 1, DEV, 50, 1, "io", "").set("fs_magic", 0x50495045).set("mode", 0x1000),
                file(2, 2, DEV, 51, 1, "io", "").set("fs_magic", 0x534F434B).set("mode", 0xC000),
                file(3, 3, DEV, 52, 1, "io", "/[eventpoll]").set("fs_magic", 0x09041934).set("mode", 0),
                file(4, 4, DEV, 53, 1, "io", "/run/fifo").set("mode", 0x1000),
                file(5, 5, DEV, 54, 1, "io", "/dev/tty").set("mode", 0x2000),
                file(6, 6, DEV, 55, 1, "io", "/dev/sda").set("mode", 0x6000), file(7, 7, DEV, 2, 0, "io", "").set("mode", 0x4000));
        roll(1);
        assertEquals(List.of("pipe:[50]", "socket:[51]", "anon_inode:[eventpoll]", "/run/fifo", "/dev/tty", "/dev/sda", "/"),
                capture.column("file", 1, "path"));
        assertEquals(List.of("pipe", "socket", "anon", "pipe", "char", "block", "directory"),
                capture.column("file", 1, "file_type"));
    }

    private List<String> roll(int segment) throws IOException {
        capture.end();
        capture.roll(segment);
        return capture.rows("file", segment);
    }

    private static List<String> brief(List<String> rows) {
        return rows.stream().map(r -> "ino=" + field(r, "ino") + " path=" + field(r, "path") + " since="
                + field(r, "since_ns") + " until=" + field(r, "until_ns") + " cause=" + field(r, "cause") + " old="
                + field(r, "old_path")).toList();
    }

    private static String field(String row, String name) {
        String padded = " " + row + " ";
        int at = padded.indexOf(" " + name + "=");
        return at < 0 ? "" : padded.substring(at + name.length() + 2, padded.indexOf(' ', at + 1));
    }
}
