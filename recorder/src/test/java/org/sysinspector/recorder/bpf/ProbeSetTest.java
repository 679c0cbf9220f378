// SPDX-License-Identifier: Apache-2.0
// Do BPF objects load and fail apart, and is what has no place counted by its reason?
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.schema.SchemaCatalog;

/** Loads the programs into the running kernel, from this JVM. Needs root and BPF, and fails where it has not got them. */
class ProbeSetTest {
    private static final int COPIES = 10_007;
    private static final int IO = code("ring_class", "io");
    private static final int NAMES = code("ring_class", "names");
    private static final int SOME_SLOTS = 1000;

    @TempDir
    private Path directory;

    private static int code(String enumeration, String name) {
        return SchemaCatalog.get().enumeration(enumeration).code(name);
    }

    private static ProbeSettings settings(long ringBytes, int cpus, int slots) {
        return new ProbeSettings(true, ringBytes, false, true, cpus, slots);
    }

    private static ProbeSettings usual() {
        return settings(16 << 20, new KernelSupport().cpus(), SOME_SLOTS);
    }

    /** Compiles an object of the tests to where those of the product are. */
    private static Probe refusedProbe(boolean isRequired) throws Exception {
        Path classes = Path.of(ProbeSetTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path object = Files.createDirectories(classes.resolve("org/sysinspector/bpf")).resolve("refused.bpf.o");
        run("clang", "-g", "-O2", "-target", "bpf", "-I/usr/include/x86_64-linux-gnu", "-c", "src/test/c/refused.bpf.c", "-o",
                object.toString());
        return new Probe("refused", Map.of("si_refused", "tp_btf/si_no_such_tracepoint"), isRequired);
    }

    private static void run(String... line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static Counters countersOf(ProbeSettings settings, String... line) throws Exception {
        try (ProbeSet probes = new ProbeSet(settings)) {
            probes.attach();
            run(line);
            probes.detach();
            return probes.counters();
        }
    }

    /** A flood of reads and writes on one CPU. */
    private static String[] flood(int cpu) {
        return new String[] {"taskset", "-c", String.valueOf(cpu), "dd", "if=/dev/zero", "of=/dev/null", "bs=1", "status=none",
            "count=" + COPIES};
    }

    @Test
    void anObjectThatIsRefusedStaysOutWithItsReasonAndTheRestRecords() throws Exception {
        try (ProbeSet probes = new ProbeSet(usual(), List.of(Probe.CORE, refusedProbe(false)))) {
            probes.attach();
            run("true");
            probes.detach();
            Manifest.Probe refused = probes.told().get(Probe.CORE.hooks().size());
            assertEquals("si_refused", refused.name());
            assertFalse(refused.attached());
            assertTrue(refused.note().contains("missing=si_no_such_tracepoint"), refused.note());
            assertTrue(probes.told().subList(0, Probe.CORE.hooks().size()).stream().allMatch(Manifest.Probe::attached));
            assertTrue(probes.counters().seen(code("ring_class", "lifecycle")) > 0, "an exec and an exit");
        }
    }

    private static void prepare(BpfObject core) {
        usual().write(core.initialValue(".rodata.settings"));
        Rings.size(core, usual());
    }

    @Test
    void theKernelWaitsForProgramsThatRunAsOftenAsItIsAsked() throws Exception {
        ProbeSet.loadLibraries();
        try (BpfObject core = BpfObject.load("core", new KernelSupport(), ProbeSetTest::prepare)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(RunningPrograms.await(core), "round " + i);
            }
        }
    }

    @Test
    void nothingIsWrittenOnceTheProgramsAreDetached() throws Exception {
        try (ProbeSet probes = new ProbeSet(new ProbeSettings(false, 16 << 20, false, true, new KernelSupport().cpus(), SOME_SLOTS))) {
            probes.attach();
            Process process = new ProcessBuilder("timeout", "5", "dd", "if=/dev/zero", "of=/dev/null", "bs=1", "status=none").start();
            while (probes.counters().seen(IO) < COPIES) {
                Thread.onSpinWait();
            }
            probes.detach();
            long seen = probes.counters().seen(IO);
            process.destroy();
            process.waitFor();
            assertEquals(seen, probes.counters().seen(IO));
        }
    }

    @Test
    void anObjectThatIsRequiredRefusesAll() throws Exception {
        Probe required = refusedProbe(true);
        String refusal = assertThrows(SystemRefusal.class,
                () -> new ProbeSet(usual(), List.of(Probe.CORE, required))).getMessage();
        assertTrue(refusal.contains("missing=si_no_such_tracepoint"), refusal);
        assertFalse(refusal.contains("6.2"), refusal);
    }

    @Test
    void whatHappensOnACpuWithoutARingIsLostForThatReason() throws Exception {
        int last = new KernelSupport().cpus() - 1;
        assertTrue(last > 0, "this test needs two CPUs");
        Counters counters = countersOf(settings(1 << 20, last, SOME_SLOTS), flood(last));

        int reason = code("loss_reason", "no_ring");
        assertTrue(counters.lostFor(IO, reason, last) >= 2 * COPIES, "lost=" + counters.lostFor(IO, reason, last));
        assertEquals(counters.seen(IO, last), counters.lost(IO, last));
        assertEquals(counters.lostFor(IO, reason), counters.lost(IO), "for no other reason");
    }

    @Test
    void whatAThreadWithoutASlotDoesIsLostForThatReasonInItsOwnClass() throws Exception {
        // There is one slot, and the shell is there as long as dd is: one of the two has none, as others of the system may have it.
        Counters counters = countersOf(settings(16 << 20, new KernelSupport().cpus(), 1), "sh", "-c",
                String.join(" ", flood(0)) + "; :");

        int reason = code("loss_reason", "no_slot");
        assertTrue(counters.lostFor(IO, reason) > 0, "reads of its library");
        assertTrue(counters.lostFor(NAMES, reason) > 0, "opens are no operations");
        assertEquals(counters.lost(IO), counters.lostFor(IO, reason), "for no other reason");
    }

    @Test
    void whatFindsItsRingFullIsLostForThatReason() throws Exception {
        Counters counters = countersOf(settings(64 << 10, new KernelSupport().cpus(), SOME_SLOTS), flood(0));

        long lost = counters.lostFor(IO, code("loss_reason", "ring_full"));
        assertTrue(lost > 0 && lost == counters.lost(IO), "lost=" + lost + " of " + counters.lost(IO));
        assertTrue(counters.seen(IO) >= 2 * COPIES && counters.seen(IO) > lost, "seen=" + counters.seen(IO));
    }

    @Test
    void moreThanAMillionOpenDescriptorsAreWalkedToTheEnd() throws Exception {
        Path program = directory.resolve("descriptors");
        run("clang", "-O1", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), "src/test/c/descriptors.c");
        Process holder = new ProcessBuilder(program.toString(), "1100000").start();
        try (ProbeSet probes = new ProbeSet(usual())) {
            InputStream said = holder.getInputStream();
            assertEquals("ready", new String(said.readNBytes(5), java.nio.charset.StandardCharsets.US_ASCII));
            probes.snapshot();
            assertTrue(probes.counters().seen(NAMES) > 0, "files are told");
        } finally {
            holder.getOutputStream().close();
            holder.waitFor();
        }
    }
}
