// SPDX-License-Identifier: Apache-2.0
// A number with a unit as a user writes it: 100ms, 1.5GiB.
package org.sysinspector.text;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with a unit as a user writes it.
 *
 * @param value in the smallest unit of its kind, never negative, rounded down
 */
record Quantity(BigDecimal value) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([A-Za-z]+)");

    /** Reads one; returns null if it is not one in these units. */
    static Quantity parse(String text, Map<String, Long> units) {
        Matcher form = FORM.matcher(text);
        Long unit = form.matches() ? units.get(form.group(2)) : null;
        return unit == null ? null : new Quantity(new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit)));
    }

    /** Returns the value if it is one of these, both included, else null. */
    Long within(long least, long most) {
        boolean fits = value.compareTo(BigDecimal.valueOf(least)) >= 0 && value.compareTo(BigDecimal.valueOf(most)) <= 0;
        return fits ? value.longValue() : null;
    }
}
