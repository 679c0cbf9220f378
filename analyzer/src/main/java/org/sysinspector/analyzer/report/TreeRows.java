// SPDX-License-Identifier: Apache-2.0
// Chooses what of a process tree to show.
package org.sysinspector.analyzer.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.sysinspector.analyzer.report.Section.Row;
import org.sysinspector.text.Units;

/** Chooses what of a process tree to show: the heaviest places, with all that stand above them. */
final class TreeRows {
    /** Places below this part of all activity are not worth a line. */
    private static final double LEAST_WEIGHT = 0.004;

    private final boolean exact;
    private final double least;
    private final List<Row> rows;

    private TreeRows(boolean exact, double least, List<Row> rows) {
        this.exact = exact;
        this.least = least;
        this.rows = rows;
    }

    /**
     * Returns the rows.
     *
     * @param exact whether the kernel's own count stands beside what was seen
     */
    static List<Row> of(List<Node> roots, int limit, boolean exact) {
        double least = least(roots, limit);
        List<Row> rows = new ArrayList<>();
        new TreeRows(exact, least, rows).add(roots, 0, "");
        return rows;
    }

    /** Returns the weight that the limit's heaviest places reach; a child never outweighs its parent. */
    static double least(List<Node> roots, int limit) {
        List<Double> weights = new ArrayList<>();
        collect(roots, weights);
        weights.sort(Comparator.reverseOrder());
        return Math.max(LEAST_WEIGHT, weights.size() <= limit ? 0 : weights.get(limit - 1));
    }

    private static void collect(List<Node> nodes, List<Double> weights) {
        for (Node node : nodes) {
            weights.add(node.weight());
            collect(node.children(), weights);
        }
    }

    private void add(List<Node> nodes, int depth, String above) {
        int hidden = 0;
        int hiddenProcesses = 0;
        for (Node node : nodes) {
            if (node.weight() < least) {
                hidden++;
                hiddenProcesses += node.processes();
                continue;
            }
            List<Node> shown = node.children().stream().filter(c -> c.weight() >= least).toList();
            boolean passive = !node.ownActivity() && shown.size() == 1 && node.count() == 1
                    && shown.get(0).weight() >= node.weight() - 1e-9;
            if (passive) {
                add(shown, depth, above + node.comm() + " > ");
                continue;
            }
            rows.add(new Row(depth, above + node.name(), node.suffix(), cells(node)));
            add(node.children(), depth + 1, "");
        }
        if (hidden > 0 && !nodes.isEmpty() && depth > 0 && hidden < nodes.size()) {
            rows.add(new Row(depth, "and " + Units.things(hiddenProcesses, "lesser process", "lesser processes"), "",
                    Collections.nCopies(exact ? 6 : 7, "")));
        }
    }

    private List<String> cells(Node node) {
        String cpu = node.cpuNs() == 0 ? "-" : Units.time(node.cpuNs());
        if (exact) {
            return List.of(Units.bytesOrDash(node.readBytes()), exact(node, node.exactReadBytes(), node.readBytes()),
                    Units.bytesOrDash(node.writtenBytes()),
                    exact(node, node.exactWrittenBytes(), node.writtenBytes()), cpu, Units.count(node.processes()));
        }
        return List.of(Units.bytesOrDash(node.readBytes()), Units.bytesOrDash(node.writtenBytes()),
                Units.bytesOrDash(node.deviceBytes()), cpu, Units.count(node.processes()),
                node.meanLifetimeNs() == null ? "-" : Units.time(node.meanLifetimeNs()),
                node.exit() == null ? "alive" : node.endNs() == null ? "some" : node.exit());
    }

    private static String exact(Node node, Long exact, long seen) {
        if (exact == null) {
            return node.ops() == 0 ? "-" : "?";
        }
        return exact == seen ? seen == 0 ? "-" : "=" : Units.bytes(exact);
    }
}
