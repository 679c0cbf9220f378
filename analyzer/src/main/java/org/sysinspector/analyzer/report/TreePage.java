// SPDX-License-Identifier: Apache-2.0
// Draws the process tree with bars of time.
package org.sysinspector.analyzer.report;

import java.io.IOException;
import java.util.List;
import org.sysinspector.text.Units;

/** Draws the process tree with bars of time, in at most {@value TextPage#WIDTH} columns. */
public final class TreePage {
    private static final int LABEL = 42;
    private static final int BAR = 24;
    private static final int LIFE = 9;
    private static final int EXIT = 10;
    private static final int MOST_INDENT = 10;

    private final Appendable out;
    private final long fromNs;
    private final long toNs;
    private final double least;

    /**
     * Makes one.
     *
     * @param fromNs start of the window (boot clock)
     * @param toNs its end
     * @param least places of less weight are summed up in a line
     */
    private TreePage(Appendable out, long fromNs, long toNs, double least) {
        this.out = out;
        this.fromNs = fromNs;
        this.toNs = toNs;
        this.least = least;
    }

    /**
     * Draws trees.
     *
     * @param limit places to show; 0 for all
     * @throws IOException if it cannot be written
     */
    public static void write(List<Node> roots, Report.Window window, Loss loss, int limit, Appendable out)
            throws IOException {
        Pages.firstLine(loss, out);
        boolean exact = roots.stream().anyMatch(Node::differs);
        double least = limit == 0 ? 0 : TreeRows.least(roots, limit);
        TreePage page = new TreePage(out, window.fromNs(), window.toNs(), least);
        out.append(Fit.left("", LABEL + 1)).append(Fit.left(Units.time(window.toNs() - window.fromNs())
                + " from " + window.fromWall(), BAR)).append('\n');
        boolean any = false;
        for (Node root : roots) {
            if (root.weight() >= least) {
                page.draw(root, "", "", 0);
                any = true;
            }
        }
        if (!any) {
            out.append("no process\n");
        }
        if (exact) {
            out.append("* the kernel's exact count, right whatever was lost; less of it was seen in events\n");
        }
    }

    private void draw(Node node, String branch, String below, int depth) throws IOException {
        line(branch, bar(node), node);
        List<Node> shown = node.children().stream().filter(c -> c.weight() >= least).toList();
        int hidden = node.children().stream().filter(c -> c.weight() < least).mapToInt(Node::processes).sum();
        boolean indent = depth < MOST_INDENT;
        for (int i = 0; i < shown.size(); i++) {
            boolean last = i == shown.size() - 1 && hidden == 0;
            draw(shown.get(i), indent ? below + "+- " : branch, indent ? below + (last ? "   " : "|  ") : below,
                    depth + 1);
        }
        if (hidden > 0) {
            out.append(Fit.end((indent ? below : "") + "+- and "
                    + Units.things(hidden, "lesser process", "lesser processes"), TextPage.WIDTH)).append('\n');
        }
    }

    private void line(String branch, String bar, Node node) throws IOException {
        String name = node.label(LABEL - branch.length());
        String life = node.meanLifetimeNs() == null ? "" : Units.time(node.meanLifetimeNs());
        String exit = node.exit() == null ? "" : Fit.end(node.exit(), EXIT);
        String written = moved("w ", node.writtenBytes(), node.exactWrittenBytes());
        String moved = written.isEmpty() ? moved("r ", node.readBytes(), node.exactReadBytes()) : written;
        String text = Fit.left(branch + name, LABEL) + " " + Fit.left(bar, BAR) + " " + Fit.right(life, LIFE) + " "
                + Fit.left(exit, EXIT) + " " + moved;
        out.append(Fit.end(text.stripTrailing(), TextPage.WIDTH)).append('\n');
    }

    private static String moved(String direction, long seen, Long exact) {
        boolean differs = exact != null && exact != seen;
        long bytes = differs ? exact : seen;
        return bytes == 0 ? "" : direction + Units.bytes(bytes) + (differs ? "*" : "");
    }

    /** Dots for what lasted beyond both ends of the window, strokes for siblings, a line for one life. */
    private String bar(Node node) {
        int first = column(node.startNs());
        int last = node.endNs() == null ? BAR - 1 : column(node.endNs());
        boolean outlasts = node.startNs() < fromNs && node.endNs() == null;
        char stroke = outlasts ? '.' : node.count() > 1 ? '|' : '=';
        return " ".repeat(first) + String.valueOf(stroke).repeat(Math.max(1, last - first + 1));
    }

    private int column(long ns) {
        double part = (double) (ns - fromNs) / Math.max(1, toNs - fromNs);
        return (int) Math.max(0, Math.min(BAR - 1, Math.floor(part * BAR)));
    }
}
