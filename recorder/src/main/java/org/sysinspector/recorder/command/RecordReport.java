// SPDX-License-Identifier: Apache-2.0
// What record tells its user: progress, and a summary at the end.
package org.sysinspector.recorder.command;

import java.io.PrintWriter;
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
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintWriter out;
    private final CaptureDirectory capture;
    private final boolean quiet;
    private final boolean terminal;
    private long lastEvents;
    private long lastNs;

    RecordReport(PrintWriter out, CaptureDirectory capture, boolean quiet, boolean terminal) {
        this.out = out;
        this.capture = capture;
        this.quiet = quiet;
        this.terminal = terminal && !quiet;
    }

    @Override
    public void started() {
        if (!quiet) {
            out.println("recording to " + capture.root() + "  (Ctrl-C ends)");
            out.flush();
        }
    }

    @Override
    public void progress(Progress progress) {
        if (!terminal) {
            return;
        }
        double seconds = (progress.elapsedNs() - lastNs) / NS;
        double rate = (progress.events() - lastEvents) / Math.max(seconds, 1e-3);
        lastEvents = progress.events();
        lastNs = progress.elapsedNs();
        long elapsed = Math.round(progress.elapsedNs() / NS);
        line(String.format(Locale.ROOT, "%02d:%02d  %s ev/s  %s events  lost %,d  log %s%s", elapsed / 60, elapsed % 60,
                Units.count(rate), Units.count(progress.events()), progress.lost(), Units.bytes(progress.logBytes()),
                progress.rolledSegments() == 0 ? "" : "  rolled " + progress.rolledSegments() + " of "
                        + progress.segments() + " segments"));
    }

    @Override
    public void rolling() {
        if (terminal) {
            line("rolling the log into Parquet");
        }
    }

    private void line(String text) {
        out.print(CLEAR_LINE + text);
        out.flush();
    }

    void end(Manifest manifest, RolledSegments rolled) {
        if (quiet) {
            return;
        }
        if (terminal) {
            out.print(CLEAR_LINE);
        }
        long events = manifest.counts().stream().filter(c -> !c.ringClass().equals("sample"))
                .mapToLong(Manifest.Count::recorded).sum();
        long lost = manifest.lost();
        double seconds = (manifest.window().endNs() - manifest.window().startNs()) / NS;
        out.println(String.format(Locale.ROOT, "%.1f s  %,d events  lost %,d  %s", seconds, events, lost, rows(rolled)));
        long parquet = rolled.allTables().bytes();
        Manifest.Cost cost = manifest.cost();
        String size = parquet == 0 ? "" : String.format(Locale.ROOT, "  Parquet %s (%.1f bytes/event)",
                Units.bytes(parquet), (double) parquet / Math.max(events, 1));
        out.println(String.format(Locale.ROOT, "log %s%s  recorder used %.2f s CPU, %s memory", Units.bytes(cost.logBytes()),
                size, cost.cpuNs() / NS, Units.bytes(cost.maxRssAnonBytes())));
        if (lost > 0) {
            out.println("events were lost: " + reasons(manifest) + "see table loss");
        }
        out.println(manifest.state() == Manifest.State.COMPLETE
                ? "next: sys-inspector analyze report " + capture.root()
                : "next: sys-inspector roll " + capture.root());
        out.flush();
    }

    /** Why events were lost, and what helps: by reason, most of them first. */
    private static String reasons(Manifest manifest) {
        Map<String, Long> lost = new TreeMap<>();
        manifest.losses().forEach(l -> lost.merge(l.reason(), l.atLeast(), Long::sum));
        StringBuilder text = new StringBuilder();
        lost.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).forEach(e ->
                text.append(e.getKey()).append('=').append(String.format(Locale.ROOT, "%,d ", e.getValue())));
        return text.toString().strip() + "; " + (lost.containsKey("ring_full") ? "give the rings more memory (--ring-memory), and " : "");
    }

    /** Tells why the recording failed. */
    void problem(String line) {
        out.println((terminal ? CLEAR_LINE : "") + "sys-inspector record: " + line);
        out.flush();
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
