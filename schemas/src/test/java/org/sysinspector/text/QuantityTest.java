// SPDX-License-Identifier: Apache-2.0
// Sizes and lengths of time are read as written, up to their bounds; figures have units and few digits.
package org.sysinspector.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantityTest {
    private static long size(String text) {
        return Sizes.parse(text, 0, Sizes.MOST);
    }

    private static long time(String text) {
        return Durations.parse(text, Duration.ZERO, Durations.MOST).toNanos();
    }

    @Test
    void sizesHaveUnits() {
        assertEquals(512L << 20, size("512MiB"));
        assertEquals(2L << 30, size("2g"));
        assertEquals(1536L << 20, size("1.5GiB"));
        assertEquals(64L << 40, size("64TiB"));
        assertEquals(Sizes.MOST, size("1024PiB"));
        for (String wrong : List.of("", "5", "MiB", "-1MiB", "1GB", "64 MiB", "1e3MiB", "1025PiB", "999999999999999999PiB")) {
            assertThrows(IllegalArgumentException.class, () -> size(wrong), wrong);
        }
    }

    @Test
    void durationsHaveUnits() {
        assertEquals(100_000_000L, time("100ms"));
        assertEquals(1_500_000_000L, time("1.5s"));
        assertEquals(7 * 86_400_000_000_000L, time("7d"));
        assertEquals(Durations.MOST.toNanos(), time("36500d"));
        for (String wrong : List.of("", "5", "ms", "-1s", "1e9s", "5 s", "1parsec", "36501d", "999999999999999999h")) {
            assertThrows(IllegalArgumentException.class, () -> time(wrong), wrong);
        }
    }

    @Test
    void whatIsWrongIsSaidWithWhatMayBeGiven() {
        assertEquals("not a size: 'much'; give 64KiB to 16GiB, such as 64MiB", assertThrows(
                IllegalArgumentException.class, () -> Sizes.parse("much", 64L << 10, 16L << 30)).getMessage());
        assertEquals("size out of range: '17GiB'; give 64KiB to 16GiB, such as 64MiB", assertThrows(
                IllegalArgumentException.class, () -> Sizes.parse("17GiB", 64L << 10, 16L << 30)).getMessage());
        assertEquals("duration out of range: '0s'; give 1ms to 168h, such as 500ms, 10s, 5m, 1h", assertThrows(
                IllegalArgumentException.class,
                () -> Durations.parse("0s", Duration.ofMillis(1), Duration.ofDays(7))).getMessage());
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        for (long bytes : List.of(1L << 10, 1L << 16, 192L << 20, 3L << 30, (1L << 30) + 1024, Sizes.MOST / 2)) {
            assertEquals(bytes, size(Sizes.text(bytes)), Sizes.text(bytes));
        }
        for (long ns : List.of(0L, 1L, 100_000_000L, 90_000_000_000L, 3_600_000_000_000L, 86_400_000_000_000L)) {
            assertEquals(ns, time(Durations.text(Duration.ofNanos(ns))));
        }
        assertEquals("64MiB", Sizes.text(64L << 20));
        assertEquals("90s", Durations.text(Duration.ofSeconds(90)));
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertTrue(Version.TEXT.matches("[0-9]+(\\.[0-9]+)+.*"), Version.TEXT);
        assertEquals("sys-inspector " + Version.TEXT, Version.LINE);
    }

    @Test
    void figuresHaveUnitsAndFewDigits() {
        assertEquals("0 B", Units.bytes(0));
        assertEquals("999 B", Units.bytes(999));
        assertEquals("1.0 KiB", Units.bytes(1000));
        assertEquals("1.5 MiB", Units.bytes(1_572_864));
        assertEquals("412 MiB", Units.bytes(412 * 1048576.0));
        assertEquals("-", Units.bytesOrDash(0));
        assertEquals("950 ns", Units.time(950));
        assertEquals("1.5 us", Units.time(1500));
        assertEquals("840 ms", Units.time(840e6));
        assertEquals("1.0 s", Units.time(999.9e6));
        assertEquals("30.0 s", Units.time(30e9));
        assertEquals("2 min 5 s", Units.time(125e9));
        assertEquals("3 h 25 min", Units.time(12300e9));
        assertEquals("4,960", Units.count(4960));
        assertEquals("39 M", Units.count(38_914_220));
        assertEquals("1 exec", Units.things(1, "exec", "execs"));
    }

    @Test
    void aShareIsNeverRoundedToNothingOrAll() {
        assertEquals("0 %", Units.percent(0));
        assertEquals("under 0.1 %", Units.percent(0.00001));
        assertEquals("0.3 %", Units.percent(0.003));
        assertEquals("91 %", Units.percent(0.9123));
        assertEquals("99.7 %", Units.percent(0.997));
        assertEquals("over 99.9 %", Units.percent(0.99999));
        assertEquals("100 %", Units.percent(1));
    }
}
