// SPDX-License-Identifier: Apache-2.0
// Text cut to a width.
package org.sysinspector.analyzer.report;

import java.util.List;

/** Text cut to a width, so that both ends stay. */
public final class Fit {
    private static final String GAP = "...";

    private Fit() {}

    /** Returns the text, or its two ends with dots between them; at least four wide. */
    public static String middle(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int head = (width - GAP.length()) / 3;
        int tail = width - GAP.length() - head;
        return text.substring(0, head) + GAP + text.substring(text.length() - tail);
    }

    /** Returns the text, or its beginning with dots after it. */
    public static String end(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - GAP.length())) + GAP;
    }

    /** Returns a chain {@code a > b > c}; from the oldest on links are left out until it fits. */
    public static String chain(List<String> links, int width) {
        String all = String.join(" > ", links);
        for (int from = 1; all.length() > width && from < links.size(); from++) {
            all = GAP + " > " + String.join(" > ", links.subList(from, links.size()));
        }
        return end(all, width);
    }

    /** Returns the text with spaces after it up to the width. */
    public static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** Returns the text with spaces before it up to the width. */
    public static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
