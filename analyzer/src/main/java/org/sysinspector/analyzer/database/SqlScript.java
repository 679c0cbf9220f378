// SPDX-License-Identifier: Apache-2.0
// Cuts SQL text into statements.
package org.sysinspector.analyzer.database;

import java.util.ArrayList;
import java.util.List;

/** Cuts SQL text into statements at the semicolons that stand outside quotes and comments. */
public final class SqlScript {
    private SqlScript() {}

    /** Returns the statements, stripped, without their semicolons; empty ones and mere comments are left out. */
    public static List<String> split(String text) {
        List<String> statements = new ArrayList<>();
        int start = 0;
        boolean content = false;
        int i = 0;
        while (i < text.length()) {
            int end = skip(text, i);
            if (end > i) {
                content |= text.charAt(i) != '-' && text.charAt(i) != '/';
                i = end;
                continue;
            }
            char c = text.charAt(i++);
            if (c == ';') {
                if (content) {
                    statements.add(text.substring(start, i - 1).strip());
                }
                start = i;
                content = false;
            } else if (!Character.isWhitespace(c)) {
                content = true;
            }
        }
        if (content) {
            statements.add(text.substring(start).strip());
        }
        return statements;
    }

    /** Tells whether the text ends with a finished statement, so that a prompt need not ask for more. */
    public static boolean isFinished(String text) {
        boolean finished = false;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end = skip(text, i);
            if (end > i) {
                finished &= c == '-' || c == '/';
                i = end;
            } else {
                finished = c == ';' || (finished && Character.isWhitespace(c));
                i++;
            }
        }
        return finished;
    }

    /** Returns the end of the quoted text or comment that begins here, or {@code at} if none does. */
    private static int skip(String text, int at) {
        return switch (text.charAt(at)) {
            case '\'', '"' -> after(text, String.valueOf(text.charAt(at)), at + 1);
            case '-' -> text.startsWith("--", at) ? endOfLine(text, at + 2) : at;
            case '/' -> text.startsWith("/*", at) ? after(text, "*/", at + 2) : at;
            case '$' -> text.startsWith("$$", at) ? after(text, "$$", at + 2) : at;
            default -> at;
        };
    }

    private static int endOfLine(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return Math.min(end + 1, text.length());
    }

    private static int after(String text, String mark, int from) {
        int found = text.indexOf(mark, from);
        return found < 0 ? text.length() : found + mark.length();
    }
}
