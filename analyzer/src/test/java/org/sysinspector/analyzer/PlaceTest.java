// SPDX-License-Identifier: Apache-2.0
// Where a capture lies, and what the directories above it are called, never changes an answer.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
    private static final List<List<String>> COMMANDS = List.of(List.of("report", "--format", "json"),
            List.of("sql", "SELECT io.pid, io.comm, file.path, io.bytes FROM io LEFT JOIN file USING (dev, ino) ORDER BY ALL"),
            List.of("sql", "SELECT pid, comm, uid, command, written_bytes FROM process ORDER BY ALL"), List.of("tables"));

    /** Names that the locale of the tests has no bytes for cannot be made, nor given. */
    private static final CharsetEncoder NAMES = Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder();

    @TempDir
    Path temp;

    private Path plain;
    private List<String> expected;

    @BeforeEach
    void writeCapture() throws Exception {
        plain = Fixture.of("build").write(temp.resolve("plain"));
        expected = answers(plain);
    }

    @Test
    void namesOfDirectoriesAreNotData() throws Exception {
        for (String place : List.of("pid=7/comm=evil/c", "host=H/capture=ID", "ts_ns=x/c", "bytes=1/dev=0/uid=3/ops=9/c", "op=a%2Fb/c",
                "a[1]*'b?/{a,b}/c", "a b\"c\\d`$(e)/~/c", "100%25/%41/#frag?query/c", "line\nfeed/\ttab/c",
                "\u00e4\u00f6\u20ac\ud83d\ude00/e\u0301/c", "c.parquet", "file:/x/c", "s3:/b/c", "x;y,z|w/c", " /  /c ")) {
            if (NAMES.canEncode(place)) {
                assertEquals(expected, answers(copy(temp.resolve(place))), place);
            }
        }
    }

    @Test
    void aVeryLongPathAndARelativeOneAreRead() throws Exception {
        Path deep = temp;
        while (deep.toString().length() < 3700) {
            deep = deep.resolve("d".repeat(Math.min(200, 3800 - deep.toString().length())));
        }
        assertEquals(expected, answers(copy(deep.resolve("c"))));
        Path here = Path.of("").toAbsolutePath();
        assertEquals(expected, answers(here.relativize(plain)));
        assertEquals(expected, answers(Path.of(plain + "/./../plain/")));
        assertEquals(expected, answers(Files.createSymbolicLink(temp.resolve("latest"), plain)));
    }

    @Test
    void anOutputInTheCaptureIsRefused() throws Exception {
        Files.createSymbolicLink(temp.resolve("link"), plain.resolve("tables"));
        for (String file : List.of("plain/report.txt", "plain/tables/io/000001.parquet", "link/x", "plain/../plain/log.txt")) {
            for (List<Object> command : List.<List<Object>>of(List.of("report", plain), List.of("sql", plain, "SELECT 1"))) {
                List<Object> args = new ArrayList<>(command);
                args.addAll(List.of("-o", temp.resolve(file)));
                Cli cli = Cli.run(args.toArray());
                assertEquals(2, cli.code(), cli.err());
                assertEquals("sys-inspector analyze " + command.get(0) + ": -o lies in the capture, which is never written to: file="
                        + temp.resolve(file) + "; name a file elsewhere; see: sys-inspector analyze " + command.get(0)
                        + " --help\n", cli.err());
            }
        }
        assertEquals(expected, answers(plain));
    }

    private static List<String> answers(Path capture) {
        List<String> answers = new ArrayList<>();
        for (List<String> command : COMMANDS) {
            List<Object> args = new ArrayList<>(command);
            args.add(1, capture);
            Cli cli = Cli.run(args.toArray());
            assertEquals(0, cli.code(), cli.err());
            answers.add(cli.out());
        }
        return answers;
    }

    private Path copy(Path to) throws IOException {
        try (var walk = Files.walk(plain)) {
            for (Path file : walk.toList()) {
                Path target = to.resolve(plain.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }
}
