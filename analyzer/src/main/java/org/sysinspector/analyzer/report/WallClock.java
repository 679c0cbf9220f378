// SPDX-License-Identifier: Apache-2.0
// From the boot clock to wall time, as macro wall does it.
package org.sysinspector.analyzer.report;

import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.sysinspector.analyzer.database.CaptureDatabase;

/** From the boot clock to wall time (UTC), as the macro {@code wall} does it. */
public final class WallClock {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TENTHS =
            DateTimeFormatter.ofPattern("HH:mm:ss.S", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final TreeMap<Long, Long> anchors = new TreeMap<>();

    /**
     * Reads the anchors.
     *
     * @throws SQLException if they cannot be read
     */
    public WallClock(CaptureDatabase database) throws SQLException {
        Rows.of(database, "SELECT * FROM clock UNION ALL SELECT * FROM manifest_clock",
                row -> anchors.put(row.getLong(1), row.getLong(2)));
    }

    /** Returns the wall time of a moment; the boot clock's own reading if there is no anchor at all. */
    public Instant at(long boottimeNs) {
        Map.Entry<Long, Long> anchor = anchors.floorEntry(boottimeNs);
        if (anchor == null) {
            anchor = anchors.firstEntry();
        }
        long ns = anchor == null ? boottimeNs : anchor.getValue() + (boottimeNs - anchor.getKey());
        return Instant.ofEpochSecond(0, ns);
    }

    /** Returns day and time to the second. */
    public String day(long boottimeNs) {
        return DAY.format(at(boottimeNs));
    }

    /** Returns the time of day to a tenth of a second. */
    public String time(long boottimeNs) {
        return TENTHS.format(at(boottimeNs));
    }
}
