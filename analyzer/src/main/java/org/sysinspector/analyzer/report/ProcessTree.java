// SPDX-License-Identifier: Apache-2.0
// Builds the process tree by birth and folds siblings that are alike.
package org.sysinspector.analyzer.report;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.sysinspector.analyzer.database.CaptureDatabase;

/**
 * The process tree by birth. Siblings with the same command are folded into one place, and so are four or more with the
 * same name; what they started is folded likewise, level by level.
 */
public final class ProcessTree {
    private static final int FOLD_BY_NAME = 4;
    /** Generations to keep apart; all that descends from there stands flat below it. */
    private static final int MAX_DEPTH = 200;

    private final Map<Long, ProcessRow> byKey = new LinkedHashMap<>();
    private final Map<Long, List<ProcessRow>> children = new HashMap<>();
    private final double allBytes;
    private final double allCpu;
    private final double allOps;
    private final double allBorn;

    /**
     * Reads the processes.
     *
     * @throws SQLException if they cannot be read
     */
    public ProcessTree(CaptureDatabase database) throws SQLException {
        this(ProcessRow.load(database));
    }

    ProcessTree(List<ProcessRow> processes) {
        processes.forEach(p -> byKey.put(p.key(), p));
        for (ProcessRow process : processes) {
            if (process.parentKey() != null) {
                children.computeIfAbsent(process.parentKey(), k -> new ArrayList<>()).add(process);
            }
        }
        allBytes = Math.max(1, processes.stream().mapToDouble(p -> p.readBytes() + p.writtenBytes()).sum());
        allCpu = Math.max(1, processes.stream().mapToDouble(ProcessRow::cpuNs).sum());
        allOps = Math.max(1, processes.stream().mapToDouble(ProcessRow::ops).sum());
        allBorn = Math.max(1, processes.stream().filter(ProcessRow::born).count());
    }

    /** Returns the trees of all processes without a known parent. */
    public List<Node> roots() {
        return fold(byKey.values().stream().filter(p -> !byKey.containsKey(orZero(p.parentKey()))).toList(), 0);
    }

    /** Returns the trees of every process that had this pid. */
    public List<Node> ofPid(int pid) {
        return byKey.values().stream().filter(p -> p.pid() == pid).map(p -> fold(List.of(p), 0).get(0)).toList();
    }

    /** Returns this tree with only the processes that were alive at a moment. */
    public ProcessTree aliveAt(long ns) {
        return only(p -> p.startNs() <= ns && (p.endNs() == null || p.endNs() > ns));
    }

    private ProcessTree only(Predicate<ProcessRow> wanted) {
        return new ProcessTree(byKey.values().stream().filter(wanted).toList());
    }

    /** Returns the names from the oldest ancestor below init down to the process; its own last. */
    public List<String> chain(long key) {
        List<String> chain = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        ProcessRow process = byKey.get(key);
        while (process != null && seen.add(process.key())) {
            if (process.pid() != 1 || chain.isEmpty()) {
                chain.add(0, process.name());
            }
            process = byKey.get(orZero(process.parentKey()));
        }
        return chain.isEmpty() ? List.of("?") : chain;
    }

    private static long orZero(Long key) {
        return key == null ? 0 : key;
    }

    private List<Node> fold(Collection<ProcessRow> siblings, int depth) {
        Map<String, List<ProcessRow>> byCommand = new LinkedHashMap<>();
        siblings.forEach(p -> byCommand.computeIfAbsent(p.command(), c -> new ArrayList<>()).add(p));
        Map<String, List<List<ProcessRow>>> byName = new LinkedHashMap<>();
        byCommand.values().forEach(g -> byName.computeIfAbsent(g.get(0).name(), c -> new ArrayList<>()).add(g));
        List<Node> nodes = new ArrayList<>();
        for (List<List<ProcessRow>> groups : byName.values()) {
            if (groups.size() >= FOLD_BY_NAME) {
                List<ProcessRow> all = groups.stream().flatMap(List::stream).toList();
                List<String> commands = groups.stream().map(g -> g.get(0).command()).toList();
                nodes.add(node(CommandName.common(all.get(0).name(), commands), all, depth));
            } else {
                groups.forEach(g -> nodes.add(node(CommandName.plain(g.get(0).command()), g, depth)));
            }
        }
        nodes.sort(Comparator.comparingDouble(Node::weight).reversed()
                .thenComparing(Node::startNs).thenComparing(Node::procKey));
        return nodes;
    }

    private Node node(String name, List<ProcessRow> group, int depth) {
        List<ProcessRow> below = depth < MAX_DEPTH ? childrenOf(group) : depth == MAX_DEPTH ? descendants(group) : List.of();
        List<Node> nodes = fold(below, depth + 1);
        long read = group.stream().mapToLong(ProcessRow::readBytes).sum();
        long written = group.stream().mapToLong(ProcessRow::writtenBytes).sum();
        long ops = group.stream().mapToLong(ProcessRow::ops).sum();
        long cpu = group.stream().mapToLong(ProcessRow::cpuNs).sum();
        long born = group.stream().filter(ProcessRow::born).count();
        double weight = (read + written) / allBytes + cpu / allCpu + ops / allOps + born / allBorn
                + nodes.stream().mapToDouble(Node::weight).sum();
        ProcessRow first = group.stream().min(Comparator.comparingLong(ProcessRow::startNs)).orElseThrow();
        boolean allEnded = group.stream().allMatch(p -> p.endNs() != null);
        List<ProcessRow> ended = group.stream().filter(p -> p.endNs() != null).toList();
        return new Node(name, first.name(), group.size(), first.pid(), first.key(), first.startNs(),
                allEnded ? ended.stream().mapToLong(ProcessRow::endNs).max().orElseThrow() : null,
                ended.isEmpty() ? null : (long) ended.stream().mapToLong(p -> p.endNs() - p.startNs()).average()
                        .orElseThrow(),
                exits(ended), read + nodes.stream().mapToLong(Node::readBytes).sum(),
                written + nodes.stream().mapToLong(Node::writtenBytes).sum(),
                group.stream().mapToLong(ProcessRow::deviceBytes).sum()
                        + nodes.stream().mapToLong(Node::deviceBytes).sum(),
                ops + nodes.stream().mapToLong(Node::ops).sum(), cpu + nodes.stream().mapToLong(Node::cpuNs).sum(),
                group.size() + nodes.stream().mapToInt(Node::processes).sum(), ops + cpu + born > 0, weight, nodes);
    }

    private List<ProcessRow> childrenOf(List<ProcessRow> parents) {
        List<ProcessRow> below = new ArrayList<>();
        parents.forEach(p -> below.addAll(children.getOrDefault(p.key(), List.of())));
        return below;
    }

    private List<ProcessRow> descendants(List<ProcessRow> parents) {
        Set<ProcessRow> all = new LinkedHashSet<>();
        for (List<ProcessRow> next = childrenOf(parents); !next.isEmpty(); ) {
            next = childrenOf(next.stream().filter(all::add).toList());
        }
        return List.copyOf(all);
    }

    /** Returns how processes ended, the most frequent way first; null if none did. */
    private static String exits(List<ProcessRow> ended) {
        Map<String, Integer> ways = new TreeMap<>();
        for (ProcessRow process : ended) {
            boolean killed = process.signal() != null && process.signal() != 0;
            ways.merge(killed ? "signal " + process.signal() : "exit " + process.exitCode(), 1, Integer::sum);
        }
        List<String> texts = ways.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(e -> ways.size() == 1 ? e.getKey() : e.getKey() + " x " + e.getValue()).toList();
        return texts.isEmpty() ? null : String.join(", ", texts.subList(0, Math.min(3, texts.size())));
    }
}
