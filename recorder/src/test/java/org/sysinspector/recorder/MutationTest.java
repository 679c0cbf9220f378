// SPDX-License-Identifier: Apache-2.0
// A damaged capture is rolled and verified with every event accounted for, or refused in a line: never a trace, never silence.
package org.sysinspector.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureMutator;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.roll.SmallCaptures;
import org.sysinspector.recorder.roll.SmallCaptures.Kind;

/**
 * More of it: {@code -Dmutations=10000 -Dmutations.from=1}; a seed that fails is told with what it did and what repeats it.
 */
class MutationTest {
    private static final int MUTATIONS = Integer.getInteger("mutations", 100);
    private static final long FROM = Long.getLong("mutations.from", 1);
    private static final Long ONE = Long.getLong("mutations.seed");
    /** Seeds that found something. */
    private static final List<Long> KEPT = List.of(4888662680621983462L);
    private static final Duration HANGS = Duration.ofSeconds(60);
    private static final Pattern TRACE =
            Pattern.compile("Exception|Error:|\\tat |\\bjava\\.|\\borg\\.[a-z]+\\.|\\bsun\\.|unexpected error|Caused by|heap space");

    @TempDir
    private Path temporary;

    private record Said(int status, String out, String err) {}

    /** What a capture answers once it is rolled. */
    private record Answer(long accounted, List<Manifest.Loss> losses, boolean isDamaged, Map<String, List<String>> rows) {
        static Answer of(Path root) throws Exception {
            Manifest manifest = new CaptureDirectory(root).readManifest();
            long recorded = manifest.counts().stream().mapToLong(Manifest.Count::recorded).sum();
            return new Answer(recorded + manifest.losses().stream().mapToLong(Manifest.Loss::atLeast).sum(),
                    manifest.losses(),
                    manifest.segments().stream().anyMatch(s -> s.damage() != null), SmallCaptures.rows(root));
        }

        boolean isBounded() {
            return losses.stream().allMatch(l -> l.atMost() != null);
        }

        /** Returns the rows of events; what is damaged gets a row in table loss. */
        long rowCount() {
            return rows.entrySet().stream().filter(t -> !t.getKey().equals("loss")).mapToLong(t -> t.getValue().size()).sum();
        }
    }

    @Test
    void noEventGoesWithoutAWord() throws Exception {
        Map<Kind, Path> intact = new EnumMap<>(Kind.class);
        Map<Kind, Answer> right = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Path root = temporary.resolve(kind.name());
            SmallCaptures.write(root, kind);
            intact.put(kind, root);
            Path rolled = temporary.resolve(kind + "-rolled");
            copy(root, rolled);
            assertClean(kind, run("verify", "--quiet", rolled.toString()));
            assertClean(kind, run("roll", "--quiet", rolled.toString()));
            assertClean(kind, run("verify", "--quiet", rolled.toString()));
            right.put(kind, Answer.of(rolled));
        }
        assertEquals(right.get(Kind.COMPLETE), right.get(Kind.RECORDED));
        assertEquals(right.get(Kind.COMPLETE), right.get(Kind.PARTLY_ROLLED));
        assertEquals(right.get(Kind.COMPLETE).accounted(), right.get(Kind.KILLED).accounted());
        List<Long> seeds = new ArrayList<>(KEPT);
        seeds.addAll(ONE == null ? CaptureMutator.seeds(FROM, MUTATIONS) : List.of(ONE));
        List<String> faults = new ArrayList<>();
        for (long seed : seeds) {
            Kind kind = Kind.values()[(int) Math.floorMod(seed, (long) Kind.values().length)];
            Path copy = temporary.resolve("mutated-" + seed);
            copy(intact.get(kind), copy);
            String did = CaptureMutator.mutate(copy, seed);
            String fault = assertTimeoutPreemptively(HANGS, () -> fault(copy, kind, right.get(kind), did.contains("sealed anew")),
                    "seed=" + seed + " " + did);
            if (!fault.isEmpty()) {
                faults.add("seed=" + seed + " " + kind + " (" + did + "): " + fault + "; to repeat: mvn verify -pl recorder -am"
                        + " -Dtest=MutationTest -Dsurefire.failIfNoSpecifiedTests=false -Dmutations.seed=" + seed);
            }
            delete(copy);
        }
        assertEquals("", String.join("\n", faults));
    }

    private static void assertClean(Kind kind, Said said) {
        assertEquals(new Said(0, "", ""), said, kind + " as it was written");
    }

    /** A manifest that was sealed anew is another one: what it may say is answered. */
    private static String fault(Path copy, Kind kind, Answer right, boolean forged) throws Exception {
        Said before = run("verify", copy.toString());
        Said roll = run("roll", copy.toString());
        Said after = run("verify", copy.toString());
        for (Said said : List.of(before, roll, after)) {
            if (TRACE.matcher(said.out() + said.err()).find()) {
                return "a trace: " + said;
            }
            boolean isRefused = said.status() == 1 && said.err().lines().count() <= 1;
            if (said.status() != 0 && !isRefused || said.status() == 0 && !said.err().isEmpty()) {
                return "not one line: " + said;
            }
        }
        boolean isTold = after.status() != 0 || roll.status() != 0;
        if (isTold && roll.status() != 0 && roll.err().isEmpty()) {
            return "refused without a word: " + roll;
        }
        if (isTold || forged) {
            return "";
        }
        Answer answer = Answer.of(copy);
        if (answer.accounted() != right.accounted() && answer.isBounded()) {
            return "events=" + right.accounted() + " accounted=" + answer.accounted() + " " + roll.out();
        }
        if (answer.accounted() > right.accounted()) {
            return "more events than there were: " + answer.accounted();
        }
        if (answer.rowCount() > right.rowCount()) {
            return "more rows than there were: " + answer.rows();
        }
        boolean isSame = answer.rows().equals(right.rows()) && answer.losses().equals(right.losses());
        boolean isMissingTold = answer.isDamaged() || !answer.losses().equals(right.losses()) || !answer.isBounded();
        return isSame || isMissingTold ? "" : kind + ": other rows: " + answer.rows();
    }

    private static void copy(Path from, Path to) throws Exception {
        CaptureMutator.copy(from, to);
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }

    /** Runs a command as its user does, but for the process. */
    private static Said run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int status = Main.run(arguments);
            return new Said(status, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static void delete(Path copy) throws Exception {
        try (Stream<Path> walk = Files.walk(copy)) {
            for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
