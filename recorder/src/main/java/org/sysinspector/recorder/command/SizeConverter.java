// SPDX-License-Identifier: Apache-2.0
// Reads sizes such as 64MiB.
package org.sysinspector.recorder.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes such as 512KiB, 64MiB, 1GiB, in bytes: from 64 KiB to 16 GiB. */
public final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,7})(KiB|MiB|GiB)");
    private static final long SMALLEST = 64L << 10;
    private static final long LARGEST = 16L << 30;

    @Override
    public Long convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (matcher.matches()) {
            int shift = switch (matcher.group(2)) {
                case "KiB" -> 10;
                case "MiB" -> 20;
                default -> 30;
            };
            long bytes = Long.parseLong(matcher.group(1)) << shift;
            if (bytes >= SMALLEST && bytes <= LARGEST) {
                return bytes;
            }
        }
        throw new TypeConversionException("not a size: '" + value + "'; give 64KiB to 16GiB, such as 64MiB");
    }
}
