// SPDX-License-Identifier: Apache-2.0
// The small pages: files and spikes on their own.
package org.sysinspector.analyzer.report;

import java.io.IOException;
import java.util.List;
import org.sysinspector.analyzer.report.Report.BusyFile;
import org.sysinspector.analyzer.report.Report.Happening;
import org.sysinspector.analyzer.report.Section.Item;
import org.sysinspector.text.Escape;

/** The small pages: files and spikes on their own, as text. */
public final class Pages {
    private Pages() {}

    /**
     * Writes the table of files.
     *
     * @throws IOException if it cannot be written
     */
    public static void files(List<BusyFile> files, Loss loss, Appendable out) throws IOException {
        firstLine(loss, out);
        new TextPage(out).write(ReportSections.files("FILES", files, loss));
    }

    /**
     * Writes spikes in the order given.
     *
     * @throws IOException if it cannot be written
     */
    public static void spikes(List<Happening> spikes, Loss loss, Appendable out) throws IOException {
        firstLine(loss, out);
        List<Item> items = spikes.isEmpty() ? List.of(Item.of("No spike: nothing stands out against the window's own "
                + "normal (or the window has fewer than ten buckets)."))
                : spikes.stream().map(h -> new Item(String.valueOf(h.spikeNo()), SpikeText.headline(h),
                        SpikeText.details(h))).toList();
        new TextPage(out).write(Section.of("SPIKES", items));
    }

    /** Says first how the window ended and what is missing; then that events were lost, if they were. */
    static void firstLine(Loss loss, Appendable out) throws IOException {
        out.append(Escape.terminal(loss.completeness().line())).append('\n');
        if (loss.any()) {
            out.append(LossText.firstLine(loss)).append('\n');
        }
    }
}
