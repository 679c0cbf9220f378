// SPDX-License-Identifier: Apache-2.0
// A damaged capture gives the answer of the intact one, or says what does not fit: never another answer, never a trace.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureMutator;
import org.sysinspector.capture.Manifest;

/**
 * More of it: {@code -Dmutations=10000 -Dmutations.from=1}; a seed that fails is told with what it did, and repeated by
 * {@code -Dmutations.seed=SEED}.
 */
class MutationTest {
    private static final int MUTATIONS = Integer.getInteger("mutations", 120);
    private static final long FROM = Long.getLong("mutations.from", 1);
    private static final Long ONE = Long.getLong("mutations.seed");
    /** Seeds that found something. */
    private static final List<Long> KEPT = List.of(10535L);
    private static final String QUERY = "SELECT (SELECT sum(bytes) FROM io) AS a, (SELECT count(*) FROM exec) AS b, "
            + "(SELECT string_agg(path, ',' ORDER BY path, since_ns) FROM file) AS c, (SELECT sum(start_ns) FROM snapshot) AS d, "
            + "(SELECT sum(exit_code) FROM exit) AS e, (SELECT count(*) FROM fork) AS f, (SELECT count(*) FROM open) AS g, "
            + "(SELECT sum(realtime_ns) FROM clock) AS h, to_ns, from_ns, host, events, lost FROM capture";

    @TempDir
    Path temp;

    @Test
    void noAnswerIsAnotherOneWithoutAWord() throws Exception {
        Map<String, Path> intact = new LinkedHashMap<>();
        intact.put("complete", Fixture.of("build").write(temp.resolve("complete")));
        intact.put("killed", Fixture.of("lossy").endedBy("killed").missing("io", "killed", 0, 500L).write(temp.resolve("killed")));
        Path recorded = Fixture.of("build").state(Manifest.State.RECORDED).write(temp.resolve("recorded"));
        Files.createDirectories(recorded.resolve("log"));
        Files.write(recorded.resolve("log/000001.silog"), new byte[100]);
        Files.write(recorded.resolve("log/000002.silog"), new byte[100]);
        intact.put("recorded", recorded);
        Map<String, Cli> right = new LinkedHashMap<>();
        for (Map.Entry<String, Path> one : intact.entrySet()) {
            right.put(one.getKey(), ask(one.getValue()));
            assertEquals(0, right.get(one.getKey()).code(), right.get(one.getKey()).err());
        }
        List<String> kinds = List.copyOf(intact.keySet());
        List<String> faults = new ArrayList<>();
        List<Long> seeds = new ArrayList<>(KEPT);
        seeds.addAll(ONE == null ? CaptureMutator.seeds(FROM, MUTATIONS) : List.of(ONE));
        for (long seed : seeds) {
            String kind = kinds.get((int) Math.floorMod(seed, (long) kinds.size()));
            Path copy = temp.resolve("mutated-" + seed);
            CaptureMutator.copy(intact.get(kind), copy);
            String did = CaptureMutator.mutate(copy, seed);
            String fault = fault(ask(copy), right.get(kind), did.contains("sealed anew"));
            if (!fault.isEmpty()) {
                faults.add("seed=" + seed + " " + kind + " (" + did + "): " + fault);
            }
            delete(copy);
        }
        assertEquals("", String.join("\n", faults));
    }

    private static Cli ask(Path capture) {
        return Cli.run("sql", capture, QUERY, "--format", "csv");
    }

    /** A manifest that was sealed anew is another one: what it may say is answered. */
    private static String fault(Cli got, Cli right, boolean forged) {
        if ((got.out() + got.err()).matches("(?s).*(Exception|Error:|\\tat |java\\.|unexpected error).*")) {
            return "a trace: " + got.err();
        }
        if (got.code() == 0) {
            return forged || got.out().equals(right.out()) ? "" : "another answer: " + got.out() + got.err();
        }
        return got.code() == 1 && got.out().isEmpty() && got.err().lines().count() == 1 ? "" : "not one line: " + got.err();
    }

    private void delete(Path copy) throws Exception {
        try (var walk = Files.walk(copy)) {
            for (Path file : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
