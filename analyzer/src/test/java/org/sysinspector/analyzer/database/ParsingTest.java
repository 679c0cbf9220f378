// SPDX-License-Identifier: Apache-2.0
// SQL text is cut where statements end; moments are read as written.
package org.sysinspector.analyzer.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParsingTest {
    private static final Instant WALL = Instant.parse("2026-11-21T12:03:01Z");

    @Test
    void statementsEndAtSemicolonsOutsideOfQuotesAndComments() {
        assertEquals(List.of("SELECT ';'", "SELECT \";\" -- ; no\n, 1", "SELECT $$;$$ /* ; */"),
                SqlScript.split("SELECT ';';SELECT \";\" -- ; no\n, 1;\n\n;SELECT $$;$$ /* ; */"));
        assertEquals(List.of(), SqlScript.split(" -- only this\n/* and this */ ; "));
        assertEquals(List.of("SELECT 'open"), SqlScript.split("SELECT 'open"));
        assertEquals(List.of("SELECT 4-1/2"), SqlScript.split("SELECT 4-1/2;"));
    }

    @Test
    void aPromptKnowsWhenAStatementIsFinished() {
        assertTrue(SqlScript.isFinished("SELECT 1;"));
        assertTrue(SqlScript.isFinished("SELECT 1; -- done"));
        assertFalse(SqlScript.isFinished("SELECT 1"));
        assertFalse(SqlScript.isFinished("SELECT ';"));
        assertFalse(SqlScript.isFinished("SELECT 1 -- ;"));
    }

    @Test
    void momentsAreOffsetsTimesOfDayOrIsoTimes() {
        for (String text : List.of("+13.2s", "+13200ms", "12:03:14.2", "2026-11-21T12:03:14.2Z", "2026-11-21 12:03:14.2",
                "2026-11-21T13:03:14.2+01:00")) {
            assertEquals(1_000 + 13_200_000_000L, new TimePoint(text).bootNs(1_000, WALL), text);
        }
        assertEquals(5_000_000_000L, new TimePoint("+5").bootNs(0, WALL));
        assertEquals(120_000_000_000L, new TimePoint("00:01:00").bootNs(0, Instant.parse("2026-11-21T23:59:00Z")));
        for (String wrong : List.of("", "noon", "+", "+5parsec", "25:00:00", "2026-11-21", "2026-13-01T00:00:00Z",
                "+99999999999999999999s", "+40000d")) {
            assertThrows(IllegalArgumentException.class, () -> new TimePoint(wrong), wrong);
        }
    }
}
