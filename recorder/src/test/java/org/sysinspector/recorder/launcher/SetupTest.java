// SPDX-License-Identifier: Apache-2.0
// Does the set-up install what is missing, with the package manager that is there, and nothing else?
package org.sysinspector.recorder.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the set-up with a PATH on which Maven is missing and the package managers are scripts that note how they are called. */
class SetupTest {
    @TempDir
    private Path directory;

    private Path bin;

    private record Result(int status, String out, String err, List<String> calls) {}

    @BeforeEach
    void layOutAPathWithoutMaven() throws IOException {
        bin = Files.createDirectories(directory.resolve("bin"));
        Files.createDirectories(directory.resolve("tree/packaging"));
        Files.copy(Path.of("../packaging/setup.sh"), directory.resolve("tree/packaging/setup.sh"));
        for (String tool : List.of("sh", "cat", "chmod", "dirname", "env", "id", "mkdir", "readlink", "sed", "tail", "tr", "uname")) {
            tool(tool, "exec " + find(tool) + " \"$@\"\n");
        }
        for (String tool : List.of("clang", "bpftool")) {
            tool(tool, "");
        }
        tool("sudo", "exec \"$@\"\n");
    }

    private static Path find(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(d -> Path.of(d, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private void tool(String name, String text) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A package manager that notes its call and, told to install, puts Maven in place. */
    private void manager(String name) throws IOException {
        tool(name, "echo \"" + name + " $*\" >>'" + directory + "/calls'\n"
                + "case \" $* \" in *\" install \"*) : >'" + bin + "/mvn'; chmod +x '" + bin + "/mvn' ;; esac\n");
    }

    private Result setUp() throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(find("sh").toString(), directory.resolve("tree/packaging/setup.sh").toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int status = builder.start().waitFor();
        Path calls = directory.resolve("calls");
        return new Result(
                status, Files.readString(out), Files.readString(err), Files.exists(calls) ? Files.readAllLines(calls) : List.of());
    }

    @Test
    void aMachineThatHasEverythingIsLeftAlone() throws Exception {
        tool("mvn", "");
        manager("apt-get");

        assertEquals(new Result(0, "", "", List.of()), setUp());
    }

    @Test
    void aptIsUpdatedThenAskedForWhatIsMissingAlone() throws Exception {
        manager("apt-get");

        List<String> expected = List.of("apt-get -q update", "apt-get -q -y install --no-install-recommends --no-upgrade maven");
        assertEquals(new Result(0, "setup: installing maven\n", "", expected), setUp());
        assertEquals(new Result(0, "", "", expected), setUp(), "a second run does nothing");
    }

    @Test
    void dnfAndZypperAreUsedWhereTheyAreThePackageManager() throws Exception {
        manager("dnf");
        assertEquals(List.of("dnf -q -y install maven"), setUp().calls());

        Files.delete(bin.resolve("dnf"));
        Files.delete(bin.resolve("mvn"));
        Files.delete(directory.resolve("calls"));
        manager("zypper");
        assertEquals(List.of("zypper -nq install --no-recommends maven"), setUp().calls());
    }

    @Test
    void aFailedInstallationShowsWhatThePackageManagerSaid() throws Exception {
        tool("dnf", "echo 'no such mirror'\nexit 9\n");

        Result result = setUp();

        assertEquals(3, result.status());
        assertTrue(result.err().matches("(?s)no such mirror\nsetup: installation failed: manager=dnf status=9 log=.*setup.log\n"), result.err());
    }

    @Test
    void anInstallationThatBringsNothingIsNotTakenForSuccess() throws Exception {
        tool("dnf", "exit 0\n");

        Result result = setUp();

        assertEquals(3, result.status());
        assertTrue(result.err().startsWith("setup: still missing after the installation: maven log="), result.err());
    }

    @Test
    void aMachineWithoutAKnownPackageManagerIsToldWhatToInstall() throws Exception {
        Result result = setUp();

        assertEquals(3, result.status());
        assertTrue(result.err().startsWith("setup: no package manager that is known here: known=apt,dnf,zypper; install by hand: maven"));
    }
}
