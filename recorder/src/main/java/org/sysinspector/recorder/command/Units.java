// SPDX-License-Identifier: Apache-2.0
// Writes figures as people read them.
package org.sysinspector.recorder.command;

import java.util.Locale;

/** Writes figures as people read them. */
final class Units {
    private static final String[] BINARY = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    private static final String[] DECIMAL = {"", " k", " M", " G"};

    private Units() {}

    /** Returns bytes with a binary unit, such as 15.2 MiB. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, BINARY[unit]);
    }

    /** Returns a count with a decimal unit, such as 1.31 M. */
    static String count(double count) {
        double value = count;
        int unit = 0;
        while (value >= 1000 && unit < DECIMAL.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f%s" : "%.2f%s", value, DECIMAL[unit]);
    }
}
