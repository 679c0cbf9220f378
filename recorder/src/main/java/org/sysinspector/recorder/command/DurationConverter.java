// SPDX-License-Identifier: Apache-2.0
// Reads durations such as 500ms, 10s, 5m, 1h.
package org.sysinspector.recorder.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as 500ms, 10s, 5m, 1h: from 1 ms to 7 days. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofDays(7);

    @Override
    public Duration convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
            if (!duration.isZero() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        }
        throw new TypeConversionException("not a duration: '" + value + "'; give 1ms to 168h, such as 500ms, 10s, 5m, 1h");
    }
}
