// SPDX-License-Identifier: Apache-2.0
// Puts a spike and its cause into words.
package org.sysinspector.analyzer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sysinspector.analyzer.report.Report.Happening;
import org.sysinspector.analyzer.report.Section.Detail;
import org.sysinspector.text.Units;

/** Puts a spike and its cause into words. */
final class SpikeText {
    private SpikeText() {}

    /** Returns when, what and how much. */
    static String headline(Happening h) {
        return h.wall() + " +" + Units.time(h.toNs() - h.fromNs()) + "  " + what(h)
                + normal(h.ratio()) + (isBound(h) ? ", " + bound(h) : "")
                + (h.alike() == 0 ? "" : "; " + h.alike() + " more like it");
    }

    /** Returns whether events were lost meanwhile, so that the figure is a lower bound. */
    private static boolean isBound(Happening h) {
        return h.lost() == null || h.lost() > 0;
    }

    private static String bound(Happening h) {
        return switch (h.metric()) {
            case "failed_opens" -> LossText.bound(h.lost(), "names");
            case "process_starts", "failed_execs" -> LossText.bound(h.lost(), "lifecycle");
            default -> LossText.bound(h.lost(), "io");
        };
    }

    private static String what(Happening h) {
        double seconds = (h.toNs() - h.fromNs()) / 1e9;
        String least = isBound(h) ? "at least " : "";
        return switch (h.metric()) {
            case "read_bytes" -> "read burst  " + least + Units.bytes(h.value() / seconds) + "/s, "
                    + Units.bytes(h.value()) + " in all";
            case "written_bytes" -> "write burst  " + least + Units.bytes(h.value() / seconds) + "/s, "
                    + Units.bytes(h.value()) + " in all";
            case "ops" -> "burst of operations  " + least + Units.count(h.value() / seconds) + "/s, "
                    + Units.count(h.value()) + " in all";
            case "fsync_time" -> "slow fsync  " + least + Units.time(h.value()) + " spent in it"
                    + (h.longestNs() == null ? "" : ", the longest took " + Units.time(h.longestNs()));
            case "process_starts" -> least + Units.count(h.value()) + " processes started";
            case "failed_opens" -> least + Units.count(h.value()) + " opens failed";
            case "failed_execs" -> least + Units.count(h.value()) + " execs failed";
            default -> h.metric() + " " + least + Units.count(h.value());
        };
    }

    /** Returns who and which file. */
    static List<Detail> details(Happening h) {
        List<Detail> details = new ArrayList<>();
        details.add(cause(h));
        for (Happening other : h.also()) {
            details.add(new Detail("also " + what(other), List.of(), other.path(), ""));
        }
        return details;
    }

    private static Detail cause(Happening h) {
        if (h.metric().equals("process_starts")) {
            List<String> chain = new ArrayList<>(h.ancestor());
            chain.add(Fit.end(h.command(), 40) + " x " + Units.count(h.commandCount()));
            String lived = h.medianLifetimeNs() == null || h.medianLifetimeNs() == 0 ? ""
                    : "each lived about " + Units.time(h.medianLifetimeNs());
            return new Detail(h.ancestor().isEmpty() ? "" : Units.percent(h.ancestorShare()), chain, null, lived);
        }
        String note = "";
        if (h.path() != null && h.ops() > 0) {
            String call = h.unit().equals("bytes") ? h.op() + ", " + Units.bytes((double) h.pathValue() / h.ops())
                    + (h.ops() == 1 ? "" : " each") : h.op() + " x " + Units.count(h.ops());
            note = call + (h.pathShare() < 0.995 ? ", " + Units.percent(h.pathShare()) : "");
        }
        String lead = h.ancestor().isEmpty() ? "several at once, first" : Units.percent(h.ancestorShare());
        List<String> chain = h.ancestor().isEmpty() ? List.of(Fit.end(h.command() == null ? "?" : h.command(), 40))
                : h.ancestor();
        return new Detail(lead, chain, h.path(), note);
    }

    private static String normal(Double ratio) {
        if (ratio == null) {
            return " (normal: none)";
        }
        // A multiple of next to nothing says nothing.
        return ratio >= 1000 ? " (normal: next to none)" : " (x "
                + (ratio < 10 ? String.format(Locale.ROOT, "%.1f", ratio) : Units.count(ratio)) + " of normal)";
    }
}
