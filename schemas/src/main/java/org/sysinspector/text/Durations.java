// SPDX-License-Identifier: Apache-2.0
// Lengths of time as a user writes them: 500ms, 10s, 5m, 1h.
package org.sysinspector.text;

import java.time.Duration;
import java.util.Map;

/** Lengths of time as a user writes them: a number and one of ns, us, ms, s, m, h, d, such as 500ms, 1.5s, 10m. */
public final class Durations {
    /** The longest that can be given: a hundred years of 365 days. In nanoseconds it fits a long, added to a time as well. */
    public static final Duration MOST = Duration.ofDays(36_500);

    private static final Map<String, Long> NANOSECONDS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L,
            "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L, "d", 86_400_000_000_000L);
    private static final String[] UNITS = {"ns", "us", "ms", "s", "m", "h"};
    private static final long[] NEXT = {1000, 1000, 1000, 60, 60};

    private Durations() {}

    /**
     * Reads a length of time.
     *
     * @param text as given
     * @param least shortest that is taken
     * @param most longest that is taken, up to {@link #MOST}
     * @throws IllegalArgumentException with a line that says what to give
     */
    public static Duration parse(String text, Duration least, Duration most) {
        Quantity length = Quantity.parse(text, NANOSECONDS);
        Long ns = length == null ? null : length.within(least.toNanos(), most.toNanos());
        if (ns == null) {
            throw new IllegalArgumentException((length == null ? "not a duration: '" : "duration out of range: '") + text
                    + "'; give " + text(least) + " to " + text(most) + ", such as 500ms, 10s, 5m, 1h");
        }
        return Duration.ofNanos(ns);
    }

    /** Returns a length of time as {@link #parse} reads it, exactly, in the largest unit that keeps it whole: {@code 90s}. */
    public static String text(Duration duration) {
        long value = duration.toNanos();
        int unit = 0;
        while (value != 0 && unit < NEXT.length && value % NEXT[unit] == 0) {
            value /= NEXT[unit];
            unit++;
        }
        return value + UNITS[unit];
    }
}
