// SPDX-License-Identifier: Apache-2.0
// Puts the figures of a report into words.
package org.sysinspector.analyzer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.sysinspector.analyzer.report.Report.BusyFile;
import org.sysinspector.analyzer.report.Report.Failure;
import org.sysinspector.analyzer.report.Report.Happening;
import org.sysinspector.analyzer.report.Report.Window;
import org.sysinspector.analyzer.report.Section.Column;
import org.sysinspector.analyzer.report.Section.Detail;
import org.sysinspector.analyzer.report.Section.Item;
import org.sysinspector.analyzer.report.Section.Row;
import org.sysinspector.text.Units;

/** Puts the figures of a report into words. */
final class ReportSections {
    private static final int MOST_HAPPENINGS = 8;

    private ReportSections() {}

    /** Returns the one line that comes first. */
    static String headline(Report report) {
        Window window = report.window();
        boolean lossy = report.loss().any();
        String figures = Units.count(window.events()) + " events  lost " + LossText.count(report.loss())
                + (lossy ? " (see LOST)" : "");
        String time = window.fromWall() + " UTC +" + Units.time(window.toNs() - window.fromNs())
                + (window.cut() ? " (cut)" : "");
        String kernel = "kernel " + window.kernel() + "  ";
        int room = TextPage.WIDTH - time.length() - figures.length() - 4;
        // What was lost must not fall off the end of the line.
        String host = Fit.middle(window.host(), Math.max(8, room));
        String line = host + "  " + time + "  " + (host.length() + kernel.length() <= room ? kernel : "") + figures;
        String explained = "  " + Units.percent(report.coverage().explained()) + " of bytes seen";
        boolean known = report.coverage().countedBytes() > 0 && !window.cut();
        return known && line.length() + explained.length() <= TextPage.WIDTH ? line + explained : line;
    }

    static List<Section> of(Report report) {
        return Stream.of(happenings(report), LossText.section(report.loss()), who(report),
                files("FILES", report.files(), report.loss()), shortLived(report), failed(report), notSeen(report),
                recorder(report)).filter(Objects::nonNull).toList();
    }

    private static Section happenings(Report report) {
        List<Item> items = new ArrayList<>();
        List<Happening> all = report.happenings();
        for (Happening one : all.subList(0, Math.min(MOST_HAPPENINGS, all.size()))) {
            items.add(new Item(String.valueOf(items.size() + 1), SpikeText.headline(one), SpikeText.details(one)));
        }
        if (all.size() > MOST_HAPPENINGS) {
            items.add(Item.of(all.size() - MOST_HAPPENINGS
                    + " lesser ones: sys-inspector analyze spikes CAPTURE"));
        }
        if (all.isEmpty()) {
            items.add(Item.of(report.window().buckets() < 10
                    ? "The window is too short to say what is normal in it (under ten buckets of "
                            + Units.time(report.window().bucketNs()) + ")."
                    : "Nothing stands out against the window's own normal."
                            + (report.loss().any() ? " What was lost may hide it." : "")));
        }
        return Section.of("WHAT HAPPENED", items);
    }

    private static Section who(Report report) {
        boolean exact = report.processes().stream().anyMatch(Node::differs);
        List<Row> rows = TreeRows.of(report.processes(), 30, exact);
        List<Item> bounds = LossText.lowerBounds(report.loss(), "lifecycle");
        if (exact) {
            List<Item> items = new ArrayList<>(bounds);
            items.add(Item.of("exact: the kernel's own count, right whatever was lost; = as seen, ? not known of all. "
                    + "How they ended: sys-inspector analyze tree CAPTURE"));
            return new Section("WHO (by birth, with descendants)", "process",
                    List.of(Column.figure("read", 8), Column.figure("exact", 8), Column.figure("written", 8),
                            Column.figure("exact", 8), Column.figure("CPU", 7), Column.figure("procs", 6)),
                    rows, items);
        }
        return new Section("WHO (by birth, with descendants)", "process",
                List.of(Column.figure("read", 8), Column.figure("written", 8), Column.figure("device", 8),
                        Column.figure("CPU", 7), Column.figure("procs", 6), Column.figure("life", 7),
                        new Column("ended", 8, false)),
                rows, bounds);
    }

    /** Returns the table of files. */
    static Section files(String title, List<BusyFile> files, Loss loss) {
        List<Row> rows = new ArrayList<>();
        for (BusyFile file : files) {
            String name = file.path().equals("?") && file.ino() != null
                    ? "? (device " + file.dev() + " inode " + file.ino() + ")" : file.path();
            rows.add(new Row(0, name, "", List.of(Units.bytesOrDash(file.readBytes()),
                    Units.bytesOrDash(file.writtenBytes()), Units.count(file.ops()),
                    file.users() == null ? "" : file.users())));
        }
        List<Item> items = new ArrayList<>();
        if (rows.isEmpty()) {
            items.add(Item.of("No operation on a file in this window."));
        }
        items.addAll(LossText.lowerBounds(loss, "io"));
        return new Section(title, "file", List.of(Column.figure("read", 8), Column.figure("written", 8),
                Column.figure("ops", 8), new Column("by", 26, false)), rows, items);
    }

    private static Section shortLived(Report report) {
        Report.ShortLived lived = report.shortLived();
        List<Item> items = new ArrayList<>();
        if (lived.processes() == 0) {
            items.add(Item.of("No process lived under 100 ms; " + Units.things(lived.born(), "was", "were")
                    + " born in the window."));
        } else {
            items.add(shortLived(lived));
        }
        items.addAll(LossText.lowerBounds(report.loss(), "lifecycle"));
        return Section.of("SHORT-LIVED", items);
    }

    private static Item shortLived(Report.ShortLived lived) {
        List<Detail> most = lived.most().stream().map(c -> new Detail(Units.count(c.processes()) + " x",
                List.of(), null, c.command() + ", median lifetime " + Units.time(c.medianLifetimeNs())))
                .toList();
        return new Item("", Units.count(lived.processes()) + " of " + Units.things(lived.born(), "process", "processes")
                + " born in the window lived under 100 ms; polling once a second would have seen "
                + Units.count(lived.polled()) + " of them.", most);
    }

    private static Section failed(Report report) {
        Report.Failures failures = report.failures();
        List<Item> items = new ArrayList<>();
        if (failures.execs() > 0) {
            items.add(new Item("", Units.things(failures.execs(), "exec", "execs"), details(failures.mostExecs())));
        }
        if (failures.opens() > 0) {
            items.add(new Item("", Units.things(failures.opens(), "open", "opens"), details(failures.mostOpens())));
        }
        if (items.isEmpty()) {
            items.add(Item.of("No open and no exec failed."));
        }
        items.addAll(LossText.lowerBounds(report.loss(), "names", "lifecycle"));
        return Section.of("FAILED", items);
    }

    private static List<Detail> details(List<Failure> failures) {
        return failures.stream().map(f -> new Detail(Units.count(f.failures()) + " x " + f.errno(), List.of(),
                f.path(), (f.names() == 1 ? "" : Units.count(f.names()) + " names, ") + "by " + f.comm())).toList();
    }

    private static Section notSeen(Report report) {
        Report.Coverage coverage = report.coverage();
        List<Item> items = new ArrayList<>();
        if (report.window().cut()) {
            items.add(Item.of("The window is cut by --from or --to: bytes cannot be compared with the kernel's count."));
        } else if (coverage.countedBytes() == 0) {
            items.add(Item.of("No process lived wholly within the window: nothing to compare with the kernel's count."));
        } else if (coverage.missedBytes() == 0) {
            items.add(Item.of("All of the " + Units.bytes(coverage.countedBytes())
                    + " that the kernel counted for processes born and ended in the window were seen."));
        } else if (coverage.unexplainedBytes() == 0) {
            items.add(Item.of("All bytes that the kernel counted for processes born and ended in the window were seen, "
                    + "but for " + Units.bytes(coverage.missedBytes()) + " ("
                    + Units.percent(1 - coverage.explained()) + "): about "
                    + Units.bytes((double) coverage.missedBytes() / coverage.execs())
                    + " an exec, as much as the kernel itself reads of a program that it starts."));
        } else {
            items.add(Item.of(Units.bytes(coverage.missedBytes()) + " ("
                    + Units.percent(1 - coverage.explained()) + ") of the bytes that the kernel counted for processes "
                    + "born and ended in the window were not seen, mostly of " + String.join(", ", coverage.mostly())
                    + "; " + Units.things(coverage.execs(), "exec", "execs")
                    + " are part of it (the kernel reads programs' headers itself)."));
        }
        if (report.loss().any()) {
            items.add(Item.of("Events were lost: " + LossText.count(report.loss())
                    + ". Figures are lower bounds; when and where: LOST."));
        } else if (report.loss().exact() != null) {
            items.add(Item.of(LossText.exact(report.loss().exact())));
        }
        if (report.pressure() != null) {
            items.add(Item.of(pressure(report.pressure())));
        }
        if (!report.window().probesRefused().isEmpty()) {
            items.add(Item.of("Not attached: " + String.join("; ", report.window().probesRefused()) + "."));
        }
        items.add(Item.of("Not covered: memory-mapped files and io_uring."));
        return Section.of("NOT SEEN", items);
    }

    /** Returns since when, how long and where operations were put together, and how many. */
    private static String pressure(Pressure pressure) {
        List<String> cpus = pressure.cpus();
        return "Under pressure from " + pressure.wall() + " UTC on, for " + Units.time(pressure.lengthNs()) + " in all ("
                + (cpus.size() == 1 ? "CPU " : "CPUs ") + String.join(", ", cpus) + "), "
                + (pressure.rows() == 0 ? "operations could be put together; none were."
                        : Units.count(pressure.ops()) + " operations were put together in "
                                + Units.things(pressure.rows(), "row", "rows")
                                + ": counts and sums hold, of the time of each only the mean is known.");
    }

    private static Section recorder(Report report) {
        Report.RecorderCost cost = report.recorder();
        double millions = report.window().events() / 1e6;
        String each = millions < 0.1 ? "" : " (" + Units.time(cost.cpuNs() / millions) + " per million events)";
        List<Item> items = new ArrayList<>();
        items.add(Item.of("Its own cost: CPU " + Units.time(cost.cpuNs()) + each + ", memory "
                + Units.bytes(cost.rssBytes()) + ", log " + Units.bytes(cost.logBytes()) + "."));
        Report.ProgramCost programs = cost.programs();
        if (programs != null) {
            items.add(Item.of("Its BPF programs took about " + Units.percent(programs.cpuShare()) + " of a CPU, "
                    + Units.time(programs.nsPerEvent()) + " an event (estimated from "
                    + Units.things(programs.slices(), "slice", "slices") + " of the time, " + Units.time(programs.countedNs())
                    + " together)."));
        }
        return Section.of("RECORDER", items);
    }
}
