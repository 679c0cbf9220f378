// SPDX-License-Identifier: Apache-2.0
// Do arguments and paths keep their bytes, whatever they are?
package org.sysinspector.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawArgumentsTest {
    @TempDir
    private Path directory;

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void textThatIsUtf8IsThatText() {
        for (String text : List.of("", "plain", "gr\u00fcn \u20ac", "\ud83d\udc1f")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(text, RawArguments.text(bytes));
            assertArrayEquals(bytes, RawArguments.bytes(text));
        }
    }

    @Test
    void whateverTheBytesTheyComeBack() {
        Random random = new Random(20261126);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, RawArguments.bytes(RawArguments.text(bytes)), i + ": " + java.util.Arrays.toString(bytes));
        }
        for (String odd : List.of("\u00e2\u0082", "\u00ff", "\u00ed\u00a0\u0080", "\u00ed\u00b3\u00bf", "\u00f0\u009f", "a\u00c3", "\u0080\u00bf")) {
            assertArrayEquals(latin1(odd), RawArguments.bytes(RawArguments.text(latin1(odd))));
        }
    }

    @Test
    void aByteThatIsNoTextIsShownAsItself() {
        assertEquals("a\\xFFb\\xC3", Escape.terminal(RawArguments.text(latin1("a\u00ffb\u00c3"))));
    }

    @Test
    void aPathHasTheVeryBytesOfItsNameRelativeOrNot() throws Exception {
        String name = RawArguments.text(latin1("no utf-8: \u00ff %41 #?"));
        Path file = directory.resolve(RawArguments.path(name));
        Files.createFile(file);
        assertTrue(file.toUri().toString().endsWith("no%20utf-8:%20%FF%20%2541%20%23%3F"), file.toUri().toString());
        assertFalse(RawArguments.path(name).isAbsolute());
        assertTrue(Files.exists(RawArguments.path(directory + "/" + name)));
        assertEquals(Path.of("a/b"), RawArguments.path("a/b"));
        assertEquals(directory.resolve("x"), RawArguments.path(directory + "/x"));
    }

    @Test
    void argumentsThatTheSystemTellsAreThoseOfTheJvm() {
        String[] arguments = ProcessHandle.current().info().arguments().orElse(new String[0]);
        assertTrue(arguments.length > 0);
        String last = arguments[arguments.length - 1];
        assertArrayEquals(new String[] {last}, RawArguments.of("whatever the locale made of it"));
    }
}
