// SPDX-License-Identifier: Apache-2.0
// Reads the durations that options take, such as 10s.
package org.sysinspector.recorder.command;

import java.time.Duration;
import org.sysinspector.text.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations: from 1 ms to 365 days. */
public final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        try {
            return Durations.parse(value, Duration.ofMillis(1), Duration.ofDays(365));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
