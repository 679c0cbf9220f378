// SPDX-License-Identifier: Apache-2.0
// What record refuses, on the running kernel: one line, the right status, nothing left behind.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What record refuses. Needs root. The directory to make is two deep, and neither may be there afterwards. */
class RecordRefusalsTest {
    @TempDir
    private Path directory;

    private String capture;

    @BeforeEach
    void nameACaptureTwoDirectoriesDeep() {
        capture = directory.resolve("new/capture").toString();
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        assertFalse(Files.exists(directory.resolve("new"), LinkOption.NOFOLLOW_LINKS), "a directory is left");
        Programs.assertNoneLeft();
    }

    private static void assertRefused(int status, String line, Runs.Result result) {
        assertEquals(List.of(), result.out());
        assertEquals(1, result.err().size(), result.err().toString());
        assertTrue(result.err().get(0).matches(line), result.err().get(0));
        assertEquals(status, result.status(), result.err().get(0));
    }

    @Test
    void anybodyButRootIsToldToUseSudo() throws Exception {
        Path tree = BuiltTree.copy(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertRefused(3, "sys-inspector record: loading BPF programs needs root: euid=65534; run it with sudo: .*",
                Runs.run(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                        tree.resolve("sys-inspector").toString(), "record", "-o", capture)));
    }

    @Test
    void aKernelWithoutTypeInformationIsNamed() throws Exception {
        assertRefused(3, "sys-inspector record: this kernel has no type information: .*CONFIG_DEBUG_INFO_BTF",
                Runs.run(Runs.afterMounts("mount -t tmpfs none /sys/kernel/btf", Runs.recorder("record", "-o", capture))));
    }

    @Test
    void aKernelThatRefusesBpfIsNamed() throws Exception {
        for (String dropped : List.of("-sys_admin,-bpf,-perfmon", "-sys_admin,-perfmon", "-sys_admin,-bpf")) {
            assertRefused(3, "sys-inspector record: this root may not use BPF: .*errno=1 CapEff=.*; run it outside of .*",
                    Runs.run(Runs.under(List.of("setpriv", "--bounding-set=" + dropped),
                            Runs.recorder("record", "-o", capture, "--", "touch", directory.resolve("ran").toString()))));
        }
        assertFalse(Files.exists(directory.resolve("ran")), "the command ran although it could not be recorded");
    }

    @Test
    void wantOfDescriptorsIsNotTakenForAnOldKernel() throws Exception {
        for (int limit = 40; limit <= 56; limit += 4) {
            assertRefused(3, "sys-inspector record: too many files are open in this process: .* limit=" + limit
                    + " kernel=.*; raise the limit: ulimit -n 4096",
                    Runs.run(Runs.under(List.of("prlimit", "--nofile=" + limit + ":" + limit), Runs.recorder("record", "-o", capture))));
        }
    }

    @Test
    void libbpfMissingIsSaidWithThePackagesToInstall() throws Exception {
        Runs.Result cache = Runs.run(List.of("sh", "-c", "PATH=$PATH:/sbin:/usr/sbin; ldconfig -p"));
        String hide = String.join("\n", cache.out().stream().filter(l -> l.contains("libbpf.so.1 "))
                .map(l -> "mount --bind /dev/null " + l.substring(l.indexOf("=> ") + 3)).toList());
        assertTrue(hide.contains("libbpf"), "no libbpf to hide");
        assertRefused(3, "sys-inspector record: libbpf is missing: library=libbpf.so.1; install it: .*",
                Runs.run(Runs.afterMounts(hide, Runs.recorder("record", "-o", capture))));
    }

    @Test
    void nothingIsUnpackedToTheDirectoryForTemporaryFiles() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("noexec"));
        List<String> line = Runs.withVariable("SYS_INSPECTOR_OPTS=-Djava.io.tmpdir=" + temporary,
                Runs.recorder("record", "-q", "-o", directory + "/elsewhere", "--", "true"));
        for (String option : List.of("noexec", "ro")) {
            assertEquals(new Runs.Result(0, List.of(), List.of()), Runs.run(Runs.afterMounts(
                    "rm -rf " + directory + "/elsewhere; mount -t tmpfs -o " + option + " none " + temporary, line)), option);
        }
    }

    @Test
    void anOutputThatCannotBeWrittenIsNamedWithTheCause() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Path file = Files.createFile(directory.resolve("file"));
        String at = mount.toString();
        Map<String, Runs.Running> runs = new TreeMap<>();
        runs.put("Read-only file system", output("mount -t tmpfs -o ro none " + at, at + "/new/capture"));
        runs.put("Read-only file system ", output("mount -t tmpfs none " + at + "; mkdir -m 700 " + at
                + "/there; mount -o remount,ro " + at, at + "/there"));
        runs.put("File exists", output("true", file + "/new/capture"));
        runs.put("File name too long", output("true", directory + "/new/" + "a".repeat(256)));
        for (Map.Entry<String, Runs.Running> run : runs.entrySet()) {
            assertRefused(3, "sys-inspector record: cannot write the capture: directory=/.* cause=.*" + run.getKey().strip()
                    + "; give a directory on a writable file system with room: -o DIR", run.getValue().finish());
        }
        assertEquals(0, Files.size(file));
    }

    @Test
    void anOutputWithoutRoomIsRefusedWithTheFigures() throws Exception {
        String at = Files.createDirectory(directory.resolve("mount")).toString();
        String list = "\nset +e; \"$@\"; status=$?; find " + at + " ! -name fill -mindepth 1; exit $status";
        Runs.Running full = output("mount -t tmpfs -o size=64k none " + at
                + "; head -c 100k /dev/zero >" + at + "/fill 2>/dev/null || true" + list, at + "/new/capture");
        assertRefused(3, "sys-inspector record: not enough room to record: directory=/.* free=0 B needed=.*; make room, .* -o, .*",
                full.finish());
        Runs.Running crowded = output("mount -t tmpfs -o nr_inodes=4 none " + at + list, at + "/new/capture");
        assertRefused(3, "sys-inspector record: not enough inodes to record: directory=/.* free=1 needed=.*; remove files, .* -o",
                crowded.finish());
    }

    private static Runs.Running output(String setup, String directory) throws IOException {
        return Runs.start(new ProcessBuilder(Runs.afterMounts(setup, Runs.recorder("record", "-o", directory, "-d", "1s"))));
    }

    @Test
    void whatIsThereAlreadyIsLeftAlone() throws Exception {
        Path full = Files.createDirectory(directory.resolve("full"));
        Files.createFile(full.resolve("precious"));
        Files.setPosixFilePermissions(full, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertRefused(2, "sys-inspector record: directory is not empty: " + full + "; give another -o; see .*",
                Runs.run("record", "-o", full.toString()));
        assertRefused(2, "sys-inspector record: not a directory: " + file + "; give another -o; see .*",
                Runs.run("record", "-o", file.toString()));
        assertEquals("precious", Files.readString(file));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(full)));
        try (Stream<Path> content = Files.list(full)) {
            assertEquals(List.of(full.resolve("precious")), content.toList());
        }
    }

    @Test
    void nonsenseOnTheCommandLineIsWrongUsage() throws Exception {
        String help = "; see sys-inspector record --help";
        Map<List<String>, String> refusals = new LinkedHashMap<>();
        for (String duration : List.of("0s", "0ms", "10", "-5s", "abc", "9999h", "", "1e3s", "99999999999999999999s")) {
            refusals.put(List.of("--duration=" + duration), ".*: (not a duration|duration out of range): '" + duration + "'; give 1ms to 8760h, .*");
        }
        for (String size : List.of("0", "10", "1KiB", "17GiB", "-1MiB", "64MB")) {
            refusals.put(List.of("--segment-size=" + size), ".*: (not a size|size out of range): '" + size + "'; give 64KiB to 16GiB, .*");
        }
        refusals.put(List.of("--duration"), "Missing required parameter for option '--duration' .*");
        refusals.put(List.of("--all"), "--all is for a COMMAND: without one everything is recorded");
        refusals.put(List.of("--frobnicate"), "Unknown option: '--frobnicate'");
        List<Runs.Running> runs = new ArrayList<>();
        for (List<String> arguments : refusals.keySet()) {
            runs.add(Runs.start(new ProcessBuilder(
                    Runs.recorder(Stream.concat(Stream.of("record", "-o", capture), arguments.stream()).toArray(String[]::new)))));
        }
        int run = 0;
        for (String message : refusals.values()) {
            assertRefused(2, "sys-inspector record: " + message + help, runs.get(run++).finish());
        }
    }

    @Test
    void aCommandOfOursThatIsNoneIsWrongUsage() throws Exception {
        assertRefused(2, "sys-inspector: no such command: frob\\\\x1B\\[31m; see sys-inspector --help", Runs.run("frob\u001b[31m"));
    }
}
