// SPDX-License-Identifier: Apache-2.0
// Sizes as a user writes them: 64MiB, 1.5GiB.
package org.sysinspector.text;

import java.util.Map;

/** Sizes as a user writes them: a number and one of KiB, MiB, GiB, TiB, PiB or its first letter, such as 64MiB, 1.5GiB, 2g. */
public final class Sizes {
    /** The largest size that can be given: 1 EiB. Sums of some of them do not overflow. */
    public static final long MOST = 1L << 60;

    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("KiB", 1L << 10), Map.entry("MiB", 1L << 20), Map.entry("GiB", 1L << 30),
            Map.entry("TiB", 1L << 40), Map.entry("PiB", 1L << 50),
            Map.entry("K", 1L << 10), Map.entry("M", 1L << 20), Map.entry("G", 1L << 30), Map.entry("T", 1L << 40),
            Map.entry("P", 1L << 50), Map.entry("k", 1L << 10), Map.entry("m", 1L << 20), Map.entry("g", 1L << 30),
            Map.entry("t", 1L << 40), Map.entry("p", 1L << 50));

    private Sizes() {}

    /**
     * Reads a size.
     *
     * @param text as given
     * @param least smallest that is taken, in bytes
     * @param most largest that is taken, in bytes, up to {@link #MOST}
     * @return bytes
     * @throws IllegalArgumentException with a line that says what to give
     */
    public static long parse(String text, long least, long most) {
        Quantity size = Quantity.parse(text, BYTES);
        Long bytes = size == null ? null : size.within(least, most);
        if (bytes == null) {
            throw new IllegalArgumentException((size == null ? "not a size: '" : "size out of range: '") + text
                    + "'; give " + text(least) + " to " + text(most) + ", such as "
                    + text(Math.min(Math.max(64L << 20, least), most)));
        }
        return bytes;
    }

    /** Returns a size as {@link #parse} reads it, exactly, in the largest unit that keeps it whole: {@code 64MiB}. */
    public static String text(long bytes) {
        int unit = 0;
        long value = bytes;
        while (value != 0 && value % 1024 == 0 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return value + UNITS[unit];
    }
}
