// SPDX-License-Identifier: Apache-2.0
// What the world of whoever started the recorder was like.
package org.sysinspector.recorder.system;

import java.util.Arrays;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the world of whoever started the recorder was like, as far as the launcher or the JVM hide or change it. The launcher tells it
 * in system properties; where it does not, nothing was open, ignored or blocked. Immutable.
 *
 * @param descriptors that were open
 * @param ignored signals that were ignored: bit n - 1 for signal n
 * @param blocked signals that were blocked
 * @param isLocaleChanged whether the launcher set LC_ALL
 * @param locale what LC_ALL was before; null if it was not set
 */
public record Caller(SortedSet<Integer> descriptors, long ignored, long blocked, boolean isLocaleChanged, String locale) {
    private static final String PREFIX = "sys-inspector.caller.";

    /** Returns what the launcher said. */
    public static Caller ofThisProcess() {
        return of(System.getProperties());
    }

    static Caller of(Properties told) {
        String descriptors = told.getProperty(PREFIX + "descriptors", "0,1,2");
        String locale = told.getProperty(PREFIX + "lc_all");
        boolean wasSet = !told.getProperty(PREFIX + "lc_all_set", "").isEmpty();
        return new Caller(
                Arrays.stream(descriptors.split(",")).filter(d -> !d.isEmpty()).map(Integer::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new)),
                Long.parseUnsignedLong(told.getProperty(PREFIX + "ignored", "0"), 16),
                Long.parseUnsignedLong(told.getProperty(PREFIX + "blocked", "0"), 16),
                locale != null, wasSet ? locale : null);
    }
}
