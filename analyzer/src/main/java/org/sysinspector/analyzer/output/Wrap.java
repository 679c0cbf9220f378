// SPDX-License-Identifier: Apache-2.0
// Running text within a width.
package org.sysinspector.analyzer.output;

/** Running text within a width. */
public final class Wrap {
    private Wrap() {}

    /** Returns the text behind a head, wrapped between words, further lines indented to the head's width. */
    public static String text(String head, String text, int width) {
        StringBuilder out = new StringBuilder();
        StringBuilder line = new StringBuilder(head);
        boolean fresh = true;
        for (String word : text.split(" ")) {
            if (!fresh && line.length() + 1 + word.length() > width) {
                out.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                fresh = true;
            }
            line.append(fresh ? "" : " ").append(word);
            fresh = false;
        }
        return out.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
