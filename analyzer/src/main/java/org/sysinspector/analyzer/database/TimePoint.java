// SPDX-License-Identifier: Apache-2.0
// A moment as the user names it: +5s, 12:03:14.2 or a full ISO time.
package org.sysinspector.analyzer.database;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sysinspector.text.Durations;

/**
 * A moment as the user names it: an offset from the start ({@code +5s}, {@code +200ms}, {@code +1.5m}), a time of day in
 * UTC ({@code 12:03:14.2}; the first after the start that is not more than the window's length before it) or an ISO
 * time ({@code 2026-11-21T12:03:14.2Z}, UTC where no offset stands).
 *
 * @param text as given
 */
public record TimePoint(String text) {
    private static final Pattern OFFSET = Pattern.compile("\\+([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|m|h|d)?");

    /**
     * Checks that it is one of the forms.
     *
     * @throws IllegalArgumentException if it is not
     */
    public TimePoint {
        Matcher offset = OFFSET.matcher(text);
        if (offset.matches()) {
            offset(offset);
        } else {
            try {
                wallTime(text, Instant.EPOCH);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "not a time: '" + text + "'; use 12:03:14.2, 2026-11-21T12:03:14.2Z or +5s", e);
            }
        }
    }

    /**
     * Returns the moment on the boot clock.
     *
     * @param startNs start of the window (boot clock)
     * @param startWall the same moment in wall time
     */
    public long bootNs(long startNs, Instant startWall) {
        Matcher offset = OFFSET.matcher(text);
        if (offset.matches()) {
            return startNs + offset(offset).toNanos();
        }
        return startNs + Duration.between(startWall, wallTime(text, startWall)).toNanos();
    }

    private static Duration offset(Matcher offset) {
        return Durations.parse(offset.group(1) + (offset.group(2) == null ? "s" : offset.group(2)), Duration.ZERO,
                Durations.MOST);
    }

    private static Instant wallTime(String text, Instant startWall) {
        if (text.indexOf('T') < 0 && text.indexOf('-') < 0) {
            LocalDateTime start = LocalDateTime.ofInstant(startWall, ZoneOffset.UTC);
            LocalDateTime that = start.toLocalDate().atTime(LocalTime.parse(text));
            // A window over midnight: a time of day well before the start is one of the next day.
            if (that.isBefore(start.minusHours(12))) {
                that = that.plusDays(1);
            }
            return that.toInstant(ZoneOffset.UTC);
        }
        String iso = text.replace(' ', 'T');
        if (iso.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})$") && iso.indexOf('T') > 0) {
            return OffsetDateTime.parse(iso).toInstant();
        }
        return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
}
