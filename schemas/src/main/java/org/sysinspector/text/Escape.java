// SPDX-License-Identifier: Apache-2.0
// Makes hostile text harmless where it is shown.
package org.sysinspector.text;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes hostile text harmless where it is shown. Text of a capture holds printable US-ASCII only, but what SQL makes of
 * it can be anything. What cannot be shown becomes {@code \xHH}, byte by byte, as in the capture itself.
 */
public final class Escape {
    /** What begins a formula in spreadsheets; a dash before plain words (-bash, --flag) is left alone. */
    private static final Pattern FORMULA = Pattern.compile("[=+@].*|-(?![A-Za-z0-9_.-]*$).*", Pattern.DOTALL);

    private Escape() {}

    /** Returns the text in one line without anything a terminal would obey. */
    public static String terminal(String text) {
        return hex(text, false);
    }

    /**
     * Returns the text as a field of RFC 4180: quoted where it has to be, line feeds kept. A first character that makes
     * spreadsheets take it for a formula becomes {@code \xHH}.
     */
    public static String csv(String text) {
        String safe = hex(text, true);
        if (FORMULA.matcher(safe).matches()) {
            safe = String.format(Locale.ROOT, "\\x%02X", (int) safe.charAt(0)) + safe.substring(1);
        }
        boolean quote = safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0 || safe.indexOf('\n') >= 0;
        return quote ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** Returns the text as the cell of a Markdown table, without any mark-up or HTML of its own. */
    public static String markdown(String text) {
        return hex(text, false).replaceAll("[\\\\`*_\\[\\]<>|&~#!]", "\\\\$0");
    }

    /** Returns the text for HTML: between tags or in a quoted attribute. */
    public static String html(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        String safe = hex(text, false);
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static String hex(String text, boolean keepLineFeed) {
        StringBuilder out = null;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (isHarmless(c) || (keepLineFeed && c == '\n')) {
                if (out != null) {
                    out.appendCodePoint(c);
                }
            } else {
                if (out == null) {
                    out = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                for (byte b : RawArguments.bytes(text.substring(i, next))) {
                    out.append(String.format(Locale.ROOT, "\\x%02X", b & 0xff));
                }
            }
            i = next;
        }
        return out == null ? text : out.toString();
    }

    private static boolean isHarmless(int c) {
        if (c < 0x7f) {
            return c >= 0x20;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
