// SPDX-License-Identifier: Apache-2.0
// Once a second: clock anchor, losses, and what the recorder itself uses.
package org.sysinspector.recorder.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.OpenRun;
import org.sysinspector.recorder.bpf.ProbeSet;
import org.sysinspector.recorder.bpf.ProgramCost;
import org.sysinspector.recorder.bpf.RunCounter;
import org.sysinspector.recorder.bpf.ThreadTotal;
import org.sysinspector.recorder.bpf.ToldLosses;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.system.LibC;

/**
 * Once a second: clock anchor, losses, and what the recorder itself uses. One thread samples at a time (the sampler's
 * thread, then the main thread for the last time); {@link #latest} and the other getters are for any.
 */
public final class Sampler {
    /** Memory that malloc may hold in vain. */
    private static final long TRIM_BYTES = 2 << 20;
    /** A run to which nothing was added for so long is taken from its thread. */
    private static final long IDLE_RUN_NS = 100_000_000;

    private final ProbeSet probes;
    private final SegmentWriter writer;
    private final RunCounter runCounter;
    private final SampleBlock block = new SampleBlock("sample");
    private final SampleBlock runs = new SampleBlock("io");
    private ToldLosses told;
    private long previousNs;
    private long rssAnonBytes;
    private long trimmedBytes;
    private volatile Counters latest;
    private volatile long maxRssAnonBytes;

    /**
     * Makes a sampler; what is lost from {@code startNs} on is told.
     *
     * @param startNs start of the window
     */
    public Sampler(ProbeSet probes, SegmentWriter writer, long startNs) throws IOException, SystemRefusal {
        this.probes = probes;
        this.writer = writer;
        this.runCounter = probes.runCounter();
        this.previousNs = startNs;
        this.latest = probes.counters();
        this.told = ToldLosses.nothing(startNs, latest.cpus());
        probes.tell(told, true);
    }

    /** Takes a sample and appends it to the log. */
    public synchronized void sample() throws IOException, SystemRefusal {
        long beforeNs = Clock.boottimeNs();
        Counters now = probes.counters();
        Manifest.Anchor moment = Clock.anchor();
        block.begin("clock").set("boottime_ns", moment.boottimeNs()).set("realtime_ns", moment.realtimeNs());
        block.addLosses(now, told, previousNs, moment.boottimeNs());
        costs(moment.boottimeNs());
        told = ToldLosses.all(moment.boottimeNs(), now);
        probes.tell(told, false);
        block.appendTo(writer);
        probes.tell(told, true);
        openRuns(beforeNs - IDLE_RUN_NS);
        previousNs = beforeNs; // intervals overlap by the time it takes to count, so that each loss is in its own
        latest = now;
        block.check();
        runs.check();
    }

    /** Appends what threads did and moved that was not told yet. To be called once, after the programs are detached. */
    public synchronized void leftovers() throws IOException, SystemRefusal {
        openRuns(Long.MAX_VALUE);
        long ns = Clock.boottimeNs();
        List<ThreadTotal> totals = new ArrayList<>();
        probes.totals(totals::add);
        for (ThreadTotal total : totals) {
            block.addTotal(total, ns);
            if (block.isFull()) {
                block.appendTo(writer);
            }
        }
        block.appendTo(writer);
        block.check();
        runs.check();
    }

    /**
     * Appends the operations put together under pressure that their threads left unwritten.
     *
     * @param beforeNs those to which nothing was added since; Long.MAX_VALUE once the programs are detached
     */
    private void openRuns(long beforeNs) {
        if (probes.openRuns() == null) {
            return;
        }
        List<OpenRun> taken = new ArrayList<>();
        probes.openRuns().take(beforeNs, taken::add);
        for (OpenRun run : taken) {
            runs.addRun(run);
            if (runs.isFull()) {
                runs.appendTo(writer);
            }
        }
        runs.appendTo(writer);
    }

    /** Notes how much memory the recorder takes, which includes a compiler that needs much for a moment. */
    public synchronized void noteMemory() {
        rssAnonBytes = OwnProcess.rssAnonBytes();
        if (rssAnonBytes > trimmedBytes + TRIM_BYTES) {
            // The JVM's compilers and the compression take and free native memory that malloc would keep for ever.
            LibC.malloc_trim(0);
            rssAnonBytes = OwnProcess.rssAnonBytes();
            trimmedBytes = rssAnonBytes;
        }
        trimmedBytes = Math.min(trimmedBytes, rssAnonBytes);
        maxRssAnonBytes = Math.max(maxRssAnonBytes, rssAnonBytes);
    }

    private void costs(long ns) {
        noteMemory();
        block.begin("recorder").set("ts_ns", ns).set("cpu_ns", Clock.cpuNs()).set("rss_bytes", rssAnonBytes)
                .set("log_bytes", writer.bytesWritten()).set("program", "recorder");
        for (Map.Entry<String, ProgramCost> entry : runCounter.costs().entrySet()) {
            ProgramCost cost = entry.getValue();
            block.begin("recorder").set("ts_ns", ns).set("run_count", cost.runCount()).set("run_ns", cost.runNs())
                    .set("counted_ns", cost.countedNs()).set("rss_bytes", cost.memoryBytes())
                    .set("program", entry.getKey());
        }
    }

    /** Counts the runs of the programs from now on, until {@link #endCounting}. */
    public synchronized void beginCounting() {
        runCounter.begin();
    }

    /** Counts them no more. */
    public synchronized void endCounting() {
        runCounter.end();
    }

    /** Returns the counters of the last sample. */
    public Counters latest() {
        return latest;
    }

    /** Returns the recorder's own records: those that there were (seen), and those that are in the log. */
    public synchronized Manifest.Count samples() {
        return count("sample", block);
    }

    /** Returns the io operations that no ring carried ({@link OpenRun}): those that there were, and those that are in the log. */
    public synchronized Manifest.Count operations() {
        return count("io", runs);
    }

    private static Manifest.Count count(String ringClass, SampleBlock of) {
        return new Manifest.Count(ringClass, of.offered(), of.appended(), of.offered() - of.appended());
    }

    /** Returns the largest anonymous memory of the recorder that a sample saw, in bytes. */
    public long maxRssAnonBytes() {
        return maxRssAnonBytes;
    }
}
