// SPDX-License-Identifier: Apache-2.0
// A length of time or memory as the user writes it: 100ms, 1GiB.
package org.sysinspector.analyzer.database;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lengths of time ({@code 100ms}, {@code 1.5s}) and sizes of memory ({@code 512MiB}, {@code 2G}). */
public final class Quantity {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)([A-Za-z]+)");

    private Quantity() {}

    /**
     * Returns a length of time in ns; units are ns, us, ms, s, m and h.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static long parseDuration(String text) {
        long unit = switch (unit(text)) {
            case "ns" -> 1L;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw new IllegalArgumentException("not a length of time: '" + text + "'; use 100ms or 2s");
        };
        return number(text, unit);
    }

    /**
     * Returns a size in bytes; units are KiB, MiB, GiB, TiB and their first letters.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static long parseBytes(String text) {
        long unit = switch (unit(text).toLowerCase(Locale.ROOT)) {
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            case "t", "tib" -> 1L << 40;
            default -> throw new IllegalArgumentException("not a size: '" + text + "'; use 512MiB or 2GiB");
        };
        return number(text, unit);
    }

    private static String unit(String text) {
        Matcher quantity = QUANTITY.matcher(text);
        return quantity.matches() ? quantity.group(2) : "";
    }

    private static long number(String text, long unit) {
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            throw new IllegalArgumentException("not a quantity: '" + text + "'");
        }
        BigDecimal value = new BigDecimal(quantity.group(1)).multiply(BigDecimal.valueOf(unit));
        if (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 4)) > 0) {
            throw new IllegalArgumentException("out of range: '" + text + "'");
        }
        return value.longValue();
    }
}
