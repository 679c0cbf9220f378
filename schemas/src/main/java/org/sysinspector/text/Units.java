// SPDX-License-Identifier: Apache-2.0
// Figures with their units, for people.
package org.sysinspector.text;

import java.util.Locale;

/** Figures with their units, for people: at most four digits, three of them significant. */
public final class Units {
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {}

    /** Returns a number of bytes, such as {@code 1.5 MiB}. */
    public static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < BYTES.length - 1) {
            value /= 1024;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", value) : digits(value)) + " " + BYTES[unit];
    }

    /** Returns the same, or a dash for nothing. */
    public static String bytesOrDash(long bytes) {
        return bytes == 0 ? "-" : bytes(bytes);
    }

    /** Returns a length of time, such as {@code 840 ms}. */
    public static String time(double ns) {
        if (ns < 999.5) {
            return String.format(Locale.ROOT, "%.0f ns", ns);
        }
        if (ns < 999.5e3) {
            return digits(ns / 1e3) + " us";
        }
        if (ns < 999.5e6) {
            return digits(ns / 1e6) + " ms";
        }
        if (ns < 120e9) {
            return String.format(Locale.ROOT, "%.1f s", ns / 1e9);
        }
        long seconds = Math.round(ns / 1e9);
        return seconds < 7200 ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    /** Returns a count, such as {@code 4,960} or {@code 38.9 M}. */
    public static String count(double count) {
        if (count < 999_999.5) {
            return String.format(Locale.ROOT, "%,.0f", count);
        }
        return count < 999.95e6 ? digits(count / 1e6) + " M" : digits(count / 1e9) + " G";
    }

    /** Returns a part of a whole in percent; a small part is not rounded to nothing, nor almost all to all. */
    public static String percent(double share) {
        double percent = share * 100;
        if (percent <= 0 || percent >= 100) {
            return String.format(Locale.ROOT, "%.0f %%", percent);
        }
        if (percent < 0.1) {
            return "under 0.1 %";
        }
        if (percent > 99.9) {
            return "over 99.9 %";
        }
        return percent < 10 || percent > 99 ? String.format(Locale.ROOT, "%.1f %%", percent)
                : String.format(Locale.ROOT, "%.0f %%", percent);
    }

    /** Returns a number of things with the right word: {@code 1 exec}, {@code 3 execs}. */
    public static String things(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : value < 999.5 ? "%.0f" : "%,.0f", value);
    }
}
