// SPDX-License-Identifier: Apache-2.0
// What record tells its user: progress, and a summary at the end.
package org.sysinspector.recorder.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.RolledSegments;
import org.sysinspector.recorder.window.WindowListener;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;
import org.sysinspector.text.Units;

/** What record tells its user, on standard error: progress on a terminal, and a summary at the end. */
final class RecordReport implements WindowListener {
    private static final double NS = 1e9;

    private final Messages messages;
    private final CaptureDirectory capture;
    private final boolean quiet;
    private String ended;
    private long lastRecords;
    private long lastNs;

    RecordReport(Messages messages, CaptureDirectory capture, boolean quiet) {
        this.messages = messages;
        this.capture = capture;
        this.quiet = quiet;
    }

    @Override
    public void started() {
        say("recording to " + capture.root() + "  (Ctrl-C ends)");
    }

    @Override
    public void progress(Progress progress) {
        double seconds = (progress.elapsedNs() - lastNs) / NS;
        double rate = (progress.records() - lastRecords) / Math.max(seconds, 1e-3);
        lastRecords = progress.records();
        lastNs = progress.elapsedNs();
        long elapsed = Math.round(progress.elapsedNs() / NS);
        show(String.format(Locale.ROOT, "%02d:%02d  %s records/s  %s records  lost %,d  log %s%s", elapsed / 60, elapsed % 60,
                Units.count(rate), Units.count(progress.records()), progress.lost(), Units.bytes(progress.logBytes()),
                progress.rolledSegments() == 0 ? "" : "  rolled " + progress.rolledSegments() + " of "
                        + progress.segments() + " segments"));
    }

    @Override
    public void ended(String why, boolean commandGoesOn) {
        ended = "recording ended: " + why + (commandGoesOn ? "; the command goes on, unrecorded" : "");
        say(ended);
    }

    @Override
    public void rolling() {
        show("rolling the log into Parquet");
    }

    private void say(String line) {
        if (!quiet) {
            messages.say(line);
        }
    }

    private void show(String line) {
        if (!quiet) {
            messages.show(line);
        }
    }

    void end(Manifest manifest, RolledSegments rolled) {
        if (quiet && isCutShort(manifest)) {
            problem(ended);
        }
        long lost = manifest.lost();
        double seconds = (manifest.window().endNs() - manifest.window().startNs()) / NS;
        boolean isComplete = manifest.state() == Manifest.State.COMPLETE;
        long events = events(rolled);
        long records = manifest.counts().stream().mapToLong(Manifest.Count::recorded).sum();
        say(String.format(Locale.ROOT, "%.1f s  %s  lost %,d  %s", seconds, isComplete ? Units.things(events, "event", "events")
                : Units.things(records, "record", "records") + " in the log", lost, rows(rolled)).stripTrailing());
        long parquet = rolled.allTables().bytes();
        Manifest.Cost cost = manifest.cost();
        String size = parquet == 0 ? "" : String.format(Locale.ROOT, "  Parquet %s (%.1f bytes/event)",
                Units.bytes(parquet), (double) parquet / Math.max(events, 1));
        say(String.format(Locale.ROOT, "log %s%s  recorder used %.2f s CPU, %s memory", Units.bytes(cost.logBytes()),
                size, cost.cpuNs() / NS, Units.bytes(cost.maxRssAnonBytes())));
        if (lost > 0) {
            say("events were lost: " + reasons(manifest));
        }
        say((isComplete ? "next: sys-inspector analyze report " : "next: sys-inspector roll ") + capture.root());
    }

    /** Returns whether the window ended before it was to, for want of room. */
    static boolean isCutShort(Manifest manifest) {
        return "disk_full".equals(manifest.window().endedBy());
    }

    /** Why events were lost, and what helps: by reason, most of them first. */
    private static String reasons(Manifest manifest) {
        Map<String, Long> lost = new TreeMap<>();
        manifest.losses().forEach(l -> lost.merge(l.reason(), l.atLeast(), Long::sum));
        StringBuilder text = new StringBuilder();
        lost.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).forEach(e ->
                text.append(e.getKey()).append('=').append(String.format(Locale.ROOT, "%,d ", e.getValue())));
        return text.toString().strip() + (lost.containsKey("disk") ? "; make room, or give another directory (-o)" : "")
                + (lost.containsKey("ring_full") ? "; give the rings more memory (--ring-memory)" : "") + "; see table loss";
    }

    /** Tells why the recording failed. */
    void problem(String line) {
        messages.say("sys-inspector record: " + line);
    }

    /** Returns the rows of all tables whose rows are events: what the analyzer calls events. */
    private static long events(RolledSegments rolled) {
        return SchemaCatalog.get().tables().stream().filter(TableSchema::events).mapToLong(t -> rolled.table(t.name()).rows()).sum();
    }

    private static String rows(RolledSegments rolled) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (TableSchema table : SchemaCatalog.get().tables()) {
            long count = rolled.table(table.name()).rows();
            if (table.events() && count > 0) {
                rows.put(table.name(), count);
            }
        }
        StringBuilder text = new StringBuilder();
        rows.forEach((table, count) -> text.append(text.length() == 0 ? "(" : "  ")
                .append(table).append(' ').append(String.format(Locale.ROOT, "%,d", count)));
        return text.length() == 0 ? "" : text.append(')').toString();
    }
}
