// SPDX-License-Identifier: Apache-2.0
// Hostile names and texts stay harmless in every form of output.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.EntityResolver;
import org.xml.sax.InputSource;

class HostileNamesTest {
    /** ESC, line feed, bell, mark-up, quotes, a formula, C1 control, right-to-left override, DEL. */
    private static final String SQL = "'a' || chr(27) || '[31m' || chr(10) || chr(7) || '<script>alert(1)</script>''\"&' "
            + "|| chr(155) || chr(8238) || chr(127)";

    @TempDir
    Path temp;

    private Path capture;

    @BeforeEach
    void writeCapture() throws Exception {
        // What the roller would never let through, to see that the analyzer does not rely on it.
        String io = "SELECT 4000000000 AS ts_ns, (200 << 22) | 200 AS proc_key, 200 AS pid, 1 AS exec_no, 200 AS tid, "
                + "'write' AS op, 'w' AS dir, 3 AS fd, 1 AS dev, 5 AS ino, 1 AS generation, 'file' AS file_type, "
                + "50000000 AS bytes, 0 AS ret, 1 AS ops";
        String exec = "SELECT 2000000000 AS ts_ns, (200 << 22) | 200 AS proc_key, 200 AS pid, 200 AS tid, 1 AS exec_no, "
                + "NAME AS path, NAME AS exe, ['=cmd()', NAME, NAME] AS argv, NAME AS cwd, NAME AS comm, 0 AS uid, "
                + "0 AS ret UNION ALL SELECT 2500000000, (200 << 22) | 200, 200, 200, 0, NAME, NULL, [], NAME, NAME, 0, -2";
        String file = "SELECT 1 AS dev, 5 AS ino, 1 AS generation, NAME AS path, 'file' AS file_type, "
                + "1000000000 AS since_ns, 'open' AS cause, 'event' AS source";
        capture = new Fixture().query("io", io).query("exec", exec.replace("NAME", SQL))
                .query("file", file.replace("NAME", SQL)).write(temp.resolve("capture"));
    }

    @Test
    void nothingThatATerminalObeysIsPrinted() {
        for (List<Object> command : List.<List<Object>>of(List.of("report"), List.of("tree"), List.of("files"),
                List.of("spikes"), List.of("report", "--format", "json"), List.of("report", "--format", "html"),
                List.of("tree", "--format", "json"))) {
            Object[] args = new Object[command.size() + 1];
            args[0] = command.get(0);
            args[1] = capture;
            for (int i = 1; i < command.size(); i++) {
                args[i + 1] = command.get(i);
            }
            harmless(Cli.run(args), command.toString());
        }
        for (String format : List.of("table", "csv", "json", "ndjson", "markdown")) {
            harmless(Cli.run("sql", capture, "SELECT path, argv, comm FROM exec", "--format", format), format);
        }
        Cli error = Cli.run("sql", capture, "SELECT \"a\u001b[31mb\" FROM exec");
        assertEquals(1, error.code());
        assertFalse(error.err().contains("\u001b"), error.err());
    }

    @Test
    void aNameIsShownWithItsBytesInHex() {
        String line = Cli.run("files", capture).out().lines().skip(2).findFirst().orElseThrow();
        assertTrue(line.length() <= 100 && line.contains("a\\x1B[31m\\x0A"), line);
    }

    @Test
    void csvKeepsToRfc4180AndDefusesFormulas() {
        Cli cli = Cli.run("sql", capture, "SELECT '=cmd()' AS a, '-bash' AS b, '-1+2' AS c, 'x,\"y\"' AS d, NULL AS e, "
                + "'' AS f, chr(10) || 'z' AS g, -5 AS h, '@x' AS i, '+1' AS j", "--format", "csv");
        assertEquals("a,b,c,d,e,f,g,h,i,j\n\\x3Dcmd(),-bash,\\x2D1+2,\"x,\"\"y\"\"\",,\"\",\"\nz\",-5,\\x40x,\\x2B1\n",
                cli.out());
    }

    @Test
    void markdownKeepsItsColumns() {
        Cli cli = Cli.run("sql", capture, "SELECT 'a|b<i>*c*' AS \"x|y\", 1 AS n", "--format", "markdown");
        assertEquals("| x\\|y | n |\n| --- | --- |\n| a\\|b\\<i\\>\\*c\\* | 1 |\n", cli.out());
    }

    @Test
    void jsonGivesTheTextBackUnchanged() throws Exception {
        Cli cli = Cli.run("sql", capture, "SELECT path, argv, NULL AS n FROM exec WHERE ret = 0", "--format", "json");
        JsonNode row = new ObjectMapper().readTree(cli.out()).get(0);
        assertEquals("a\u001b[31m\n\u0007<script>alert(1)</script>'\"&\u009b\u202e\u007f", row.get("path").asText());
        assertEquals("=cmd()", row.get("argv").get(0).asText());
        assertTrue(row.get("n").isNull());
    }

    @Test
    void theHtmlPageIsWellFormedAndHoldsNoScript() throws Exception {
        Path page = temp.resolve("report.html");
        assertEquals(0, Cli.run("report", capture, "--format", "html", "-o", page).code());
        String html = Files.readString(page);
        assertTrue(html.contains("Content-Security-Policy\" content=\"default-src 'none'"), html);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        var builder = factory.newDocumentBuilder();
        EntityResolver nothing = (publicId, systemId) -> new InputSource(new StringReader(""));
        builder.setEntityResolver(nothing);
        Document document = builder.parse(new InputSource(new StringReader(html)));
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertEquals(0, document.getElementsByTagName("i").getLength());
        assertTrue(document.getDocumentElement().getTextContent().contains("<script>alert(1)</script>'\"&"));
        assertTrue(document.getElementsByTagName("section").getLength() >= 6);
    }

    private static void harmless(Cli cli, String what) {
        assertEquals(0, cli.code(), what + cli.err());
        assertFalse(cli.out().isBlank(), what);
        for (char c : cli.out().toCharArray()) {
            assertTrue(c == '\n' || (c >= 0x20 && c < 0x7f), what + ": " + (int) c);
        }
    }
}
