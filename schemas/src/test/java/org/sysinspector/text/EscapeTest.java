// SPDX-License-Identifier: Apache-2.0
// Hostile text is harmless wherever it is shown, and what cannot be shown is there byte by byte.
package org.sysinspector.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EscapeTest {
    @Test
    void aTerminalGetsNothingItWouldObey() {
        assertEquals("a\\x1B[31m\\x0A\\x07\\x7F\\xC2\\x9B\\xE2\\x80\\xAEb",
                Escape.terminal("a\u001b[31m\n\u0007\u007f\u009b\u202eb"));
        assertEquals("\u00e9\\x5C", Escape.terminal("\u00e9\\x5C"));
    }

    @Test
    void fieldsOfCsvAreQuotedAndNeverFormulas() {
        assertEquals("\"a,\"\"b\"\"\"", Escape.csv("a,\"b\""));
        assertEquals("\\x3Dcmd()", Escape.csv("=cmd()"));
        assertEquals("-bash", Escape.csv("-bash"));
    }

    @Test
    void markUpIsText() {
        assertEquals("\\<i\\>\\|\\*", Escape.markdown("<i>|*"));
        assertEquals("&lt;a href=&quot;&#39;&amp;", Escape.html("<a href=\"'&"));
    }
}
