// SPDX-License-Identifier: Apache-2.0
// Does a recorded command find the world that it would find without us?
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.recorder.window.RecorderProcess;
import org.sysinspector.text.RawArguments;

/** Runs a program that tells the world it finds, recorded and not, through the launcher. Needs root and BPF. */
class CommandWorldTest {
    private static final Path WORLD = Path.of("src/test/c/world.c");
    private static final int STATUS = 7;
    /** Letters outside of ASCII, bytes that are not UTF-8, nothing, and what picocli or a shell would take for its own. */
    private static final String ARGUMENTS = "$'caf\\xc3\\xa9' $'bad\\xff\\xfe' '' 'two  words' @/etc/passwd -o --duration=1s '*' '\\'";

    @TempDir
    private Path directory;

    private List<String> world(String setup, String prefix, Path program) throws Exception {
        Runs.Result result = Runs.run(List.of("bash", "-c", setup + "; exec " + prefix + program + " " + ARGUMENTS));
        assertEquals(STATUS, result.status(), result.err().toString());
        List<String> told = new ArrayList<>(result.out());
        told.removeIf(l -> l.startsWith("descriptor 2 ")); // its own file for each run
        assertTrue(told.contains("argument 636166c3a9") && told.contains("argument 626164fffe"), told.toString());
        return told.stream().sorted().toList();
    }

    private static List<String> minus(List<String> lines, List<String> others) {
        return lines.stream().filter(l -> !others.contains(l)).toList();
    }

    private void assertSame(String setup) throws Exception {
        Path program = Runs.program(WORLD, directory);
        Path capture = directory.resolve("capture");
        String java = "export SYS_INSPECTOR_JAVA_HOME=" + System.getProperty("java.home") + "; ";
        String recorder = RecorderProcess.LAUNCHER + " record -q -o " + capture + " -- ";
        List<String> without = world(java + setup, "", program);
        List<String> with = world(java + setup, recorder, program);
        assertEquals(minus(without, with), minus(with, without), setup);
        assertEquals(List.of("caf\\xC3\\xA9|bad\\xFF\\xFE||two  words|@/etc/passwd|-o|--duration=1s|*|\\x5C"),
                Captures.ask(capture, "SELECT array_to_string(argv[2:], '|') FROM exec WHERE path LIKE '%/world'"));
    }

    @Test
    void descriptorsLimitsSignalsAndArgumentsAreTheCallers() throws Exception {
        assertSame("export LC_ALL=C.UTF-8; ulimit -n 700; ulimit -c 0; umask 027; exec 5</etc/passwd 9>/dev/null; trap '' PIPE USR1; cd /");
    }

    @Test
    void soItIsWithoutALocaleInTheBackgroundAndWithClosedStandardStreams() throws Exception {
        assertSame("export LC_ALL=C; trap '' INT QUIT HUP; exec 0<&- 7</etc/hostname; export ODD=$'\\xff\\n='");
    }

    @Test
    void soItIsWithNoLocaleAtAll() throws Exception {
        assertSame("unset LC_ALL LANG LC_CTYPE; trap '' XFSZ INT");
    }

    @Test
    void theExitStatusIsKnownWhereTheCallerIgnoresTheEndsOfItsChildren() throws Exception {
        String recorder = RecorderProcess.LAUNCHER + " record -q -o " + directory.resolve("capture") + " -- ";
        Runs.Result result = Runs.run(List.of("perl", "-e", "$SIG{CHLD} = 'IGNORE'; exec '/bin/bash', '-c', $ARGV[0]",
                "exec " + recorder + "sh -c 'exit 7'"));
        assertEquals(new Runs.Result(STATUS, List.of(), List.of()), result);
    }

    @Test
    void aPlaceThatCannotBeNamedIsRefusedAndNothingIsMadeElsewhere() throws Exception {
        Path odd = directory.resolve(RawArguments.path(RawArguments.text(new byte[] {'x', (byte) 0xFF})));
        Files.createDirectory(odd);
        for (String line : List.of("exec \"$0\" record -q -o \"$1\"/$'x\\xff/c' -- true", "exec \"$0\" roll \"$1\"/$'x\\xff'",
                "cd \"$1\"/$'x\\xff'; exec \"$0\" record -q -o c -- true", "cd \"$1\"/$'x\\xff'; exec \"$0\" verify .")) {
            Runs.Result result = Runs.run(List.of("bash", "-c", line, RecorderProcess.LAUNCHER.toString(), directory.toString()));
            assertEquals(1, result.err().size(), result.toString());
            assertTrue(result.err().get(0).contains("not UTF-8"), result.err().get(0));
            assertTrue(result.status() == 2 || result.status() == 3, result.toString());
        }
        try (Stream<Path> made = Files.list(directory)) {
            assertEquals(List.of(odd), made.toList());
        }
        try (Stream<Path> made = Files.list(odd)) {
            assertEquals(List.of(), made.toList());
        }
    }

    @Test
    void aCommandThatCannotBeExecutedLeavesNoHalfCapture() throws Exception {
        Path capture = directory.resolve("capture");
        Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
        Path lost = Files.writeString(directory.resolve("lost"), "#! /nowhere/sh -e\n");
        Path odd = Files.writeString(directory.resolve("odd"), "neither a program nor a script\n");
        for (Path file : List.of(lost, odd)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertRefused(126, "command cannot be executed: " + plain + " cause=Permission denied; make it executable .*", plain.toString());
        assertRefused(126, "command cannot be executed: " + lost + " cause=its interpreter is missing .*: /nowhere/sh; .*", lost.toString());
        assertRefused(126, "command cannot be executed: " + directory + " cause=Is a directory", directory.toString());
        assertRefused(126, "command cannot be executed: " + odd + " cause=Exec format error; .*", odd.toString());
        assertRefused(127, "command not found: no-such-program; check the name and the PATH", "no-such-program");
        assertRefused(127, "command not found: ./nowhere/true; .*", "./nowhere/true");
        assertRefused(127, "command not found: ; .*", "");
        assertFalse(Files.exists(capture, LinkOption.NOFOLLOW_LINKS));
        Programs.assertNoneLeft();
    }

    private void assertRefused(int status, String line, String command) throws Exception {
        Path capture = directory.resolve("capture");
        Runs.Result result = Runs.run("record", "-o", capture.toString(), "--all", "--", command);
        List<String> told = result.err().stream().filter(l -> !l.startsWith("recording to ")).toList();
        assertEquals(1, told.size(), result.err().toString());
        assertTrue(told.get(0).matches("sys-inspector record: " + line), told.get(0));
        assertEquals(status, result.status(), told.get(0));
        assertFalse(Files.exists(capture, LinkOption.NOFOLLOW_LINKS), "half a capture is left: " + command);
    }
}
