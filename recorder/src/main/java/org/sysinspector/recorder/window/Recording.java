// SPDX-License-Identifier: Apache-2.0
// One window: starts, ends, and leaves a capture.
package org.sysinspector.recorder.window;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.Problem;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.ProbeSet;
import org.sysinspector.recorder.bpf.ProbeSettings;
import org.sysinspector.recorder.capture.CaptureLock;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.capture.RolledSegments;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.log.Storage;
import org.sysinspector.recorder.rescue.TailRescue;
import org.sysinspector.recorder.roll.Roller;
import org.sysinspector.recorder.sample.Clock;
import org.sysinspector.recorder.sample.OwnProcess;
import org.sysinspector.recorder.sample.Sampler;
import org.sysinspector.text.Version;

/**
 * One window: starts, ends, and leaves a capture. The main thread runs it; {@link #end} may be called by any (a signal, a
 * timer, the command's end). The threads beside it share a queue of ended segments and a few counters, no more.
 */
public final class Recording {
    private static final int CAPTURE_ID_BYTES = 16;
    private static final long SAMPLE_NS = 1_000_000_000;
    /** Counting the programs' runs slows them by a quarter, and switching it on and off takes 0.3 ms of a CPU. */
    private static final long SLICE_NS = 10_000_000;
    /** The first seconds have a slice each, later ones one in so many. */
    private static final int SLICED_SECONDS = 4;
    private static final double GOLDEN_RATIO = 0.618_033_988_75;
    private static final long TERMINATION_MS = 1000;
    private static final String BY_COMMAND = "command";

    private final WindowOptions options;
    private final CaptureDirectory capture;
    private final WindowListener listener;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<String> endedBy = new AtomicReference<>();
    private ManifestStore manifest;
    private TracedCommand command;
    private Thread waiter;
    private volatile int commandStatus;

    /**
     * Makes a window.
     *
     * @param capture an empty directory, to be filled
     * @param listener is told of progress
     */
    public Recording(WindowOptions options, CaptureDirectory capture, WindowListener listener) {
        this.options = options;
        this.capture = capture;
        this.listener = listener;
    }

    /** Asks the window to end; the first reason counts. Any thread may call it. */
    public void end(String reason) {
        endedBy.compareAndSet(null, reason);
        ended.countDown();
    }

    /**
     * Records the window, from loading the probes to the finished capture.
     *
     * @return the manifest at the end
     * @throws SystemRefusal if the kernel refuses; nothing is attached then
     * @throws IOException if the disk did not take the capture; what is in the log can be rolled
     */
    public Manifest run() throws SystemRefusal, IOException, InterruptedException {
        byte[] id = new byte[CAPTURE_ID_BYTES];
        new SecureRandom().nextBytes(id);
        String captureId = HexFormat.of().formatHex(id);
        ProbeSettings settings = ProbeSettings.of(options.commandOnly(), options.ringBytes(),
                options.coalesce(), options.latency());
        TailRescue.saveAll();
        CaptureLock lock = CaptureLock.take(capture);
        try (ProbeSet probes = new ProbeSet(settings)) {
            SegmentWriter writer = new SegmentWriter(capture, captureId, options.segmentBytes(), Storage.DISK);
            try {
                probes.pin(captureId, capture.root());
                probes.attach();
                Manifest.Anchor start = Clock.anchor();
                record(probes, writer, captureId, start, start.boottimeNs() - OwnProcess.startNs());
            } catch (IOException e) {
                closeAfter(e, writer);
                throw manifest == null ? e : cutShort(e);
            } finally {
                probes.detach();
                if (manifest == null) {
                    probes.unpin(); // nothing was recorded
                }
                writer.close();
            }
        } finally {
            lock.close();
        }
        return manifest.current();
    }

    private void record(ProbeSet probes, SegmentWriter writer, String captureId, Manifest.Anchor start, long attachNs)
            throws SystemRefusal, IOException, InterruptedException {
        Sampler sampler = new Sampler(probes, writer, start.boottimeNs());
        ManifestStore store = new ManifestStore(capture, firstManifest(captureId, probes, start));
        RollerThread roller = new RollerThread(new Roller(capture, store, options.keepLog()));
        RingDrainer drainer = new RingDrainer(
                probes.rings(), writer, sampler::latest, options.roll() ? roller::add : segment -> { });
        Thread reader = new Thread(drainer, "reader");
        roller.start();
        reader.start(); // before anything that takes its time: the rings are filling
        try {
            store.update(m -> m);
            manifest = store;
            sampler.sample();
            if (!options.commandOnly()) {
                probes.snapshot();
            }
            listener.started();
            startCommand();
            await(start.boottimeNs(), sampler, writer, drainer, roller);
        } finally {
            endCommand();
            probes.detach();
            drainer.stop();
            reader.join();
        }
        Manifest.Anchor end = Clock.anchor();
        sampler.sample();
        sampler.leftovers();
        writer.close();
        finish(probes, sampler, writer, drainer, new Manifest.Window(start.boottimeNs(), end.boottimeNs(), endedBy.get()),
                List.of(start, end), attachNs);
        probes.unpin();
        if (options.roll()) {
            roll(roller, writer, sampler);
        }
        if (drainer.problem() != null) {
            throw drainer.problem();
        }
    }

    /** Closes the log, which may well fail for the same reason. */
    private static void closeAfter(IOException problem, SegmentWriter writer) {
        try {
            writer.close();
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
    }

    /** Says why a capture is not as it should be, and what is left of it. */
    private IOException cutShort(IOException problem) {
        boolean isComplete = manifest.current().state() == Manifest.State.COMPLETE;
        return new IOException("the capture is " + (isComplete ? "cut short: " : "not finished: ") + Problem.facts(problem)
                + "; what was recorded is kept" + (isComplete ? ": sys-inspector analyze report " : "; to finish it: "
                + "sys-inspector roll ") + capture.root(), problem);
    }

    private void startCommand() throws SystemRefusal {
        if (options.command().isEmpty()) {
            return;
        }
        command = TracedCommand.start(options.program(), options.command());
        waiter = new Thread(() -> {
            commandStatus = command.await();
            end(BY_COMMAND);
        }, "command");
        waiter.setDaemon(true);
        waiter.start();
    }

    /** Ends a command that outlives its window; its end is recorded too if it comes soon. */
    private void endCommand() throws InterruptedException {
        if (command != null && !BY_COMMAND.equals(endedBy.get())) {
            command.terminate();
            waiter.join(TERMINATION_MS);
        }
    }

    /** Samples once a second until the window ends, and counts the runs of the programs for a slice of some seconds. */
    private void await(long startNs, Sampler sampler, SegmentWriter writer, RingDrainer drainer, RollerThread roller)
            throws IOException, SystemRefusal, InterruptedException {
        for (long second = 0; ; second = Math.max(second + 1, (Clock.boottimeNs() - startNs) / SAMPLE_NS)) {
            if (second < SLICED_SECONDS || second % SLICED_SECONDS == 0) {
                // At another place in each second, so that what comes round with the seconds is met as often as all else.
                long sliceNs = second * SAMPLE_NS + (long) (second * GOLDEN_RATIO % 1 * (SAMPLE_NS - SLICE_NS));
                if (endsBefore(startNs, sliceNs, drainer)) {
                    return;
                }
                sampler.beginCounting();
                try {
                    endsBefore(startNs, Clock.boottimeNs() - startNs + SLICE_NS, drainer);
                } finally {
                    sampler.endCounting();
                }
            }
            if (endsBefore(startNs, (second + 1) * SAMPLE_NS, drainer)) {
                return;
            }
            sampler.sample();
            listener.progress(new WindowListener.Progress(Clock.boottimeNs() - startNs, writer.events(),
                    sampler.latest().lost(), writer.bytesWritten(), roller.rolled(), writer.segmentNumber()));
        }
    }

    /** Waits for a moment of the window, counted from its start. Returns whether the window has ended. */
    private boolean endsBefore(long startNs, long momentNs, RingDrainer drainer) throws InterruptedException {
        long limitNs = options.duration() == null ? Long.MAX_VALUE : options.duration().toNanos();
        long waitNs = Math.min(limitNs, momentNs) - (Clock.boottimeNs() - startNs);
        boolean over = ended.await(Math.max(waitNs, 0), TimeUnit.NANOSECONDS);
        if (!over && Clock.boottimeNs() - startNs >= limitNs) {
            end("duration");
            over = true;
        }
        if (drainer.problem() != null) {
            end("error");
            over = true;
        }
        return over;
    }

    private void finish(ProbeSet probes, Sampler sampler, SegmentWriter writer, RingDrainer drainer, Manifest.Window window,
            List<Manifest.Anchor> anchors, long attachNs) throws IOException {
        Counters counters = sampler.latest();
        List<Manifest.Count> counts = WindowLedger.counts(counters, drainer, sampler.operations());
        counts.add(new Manifest.Count("sample", sampler.appended(), sampler.appended(), 0));
        List<Manifest.Loss> losses = WindowLedger.losses(counters, counts);
        List<Manifest.Ring> rings = WindowLedger.rings(probes.rings(), counters);
        manifest.update(m -> m.withRings(rings).withEnd(window, anchors, counts, losses, new Manifest.Cost(
                Clock.cpuNs(), sampler.maxRssAnonBytes(), writer.bytesWritten(), attachNs)));
    }

    private void roll(RollerThread roller, SegmentWriter writer, Sampler sampler) throws IOException, InterruptedException {
        listener.rolling();
        roller.add(writer.segmentNumber());
        roller.finish(sampler::noteMemory);
        if (roller.problem() != null) {
            throw roller.problem() instanceof IOException io ? io
                    : new IOException("rolling stopped: " + roller.problem(), roller.problem());
        }
        manifest.complete(m -> m.withState(Manifest.State.COMPLETE).withCost(new Manifest.Cost(
                Clock.cpuNs(), sampler.maxRssAnonBytes(), m.cost().logBytes(), m.cost().attachNs())));
    }

    private Manifest firstManifest(String captureId, ProbeSet probes, Manifest.Anchor start) {
        return new Manifest(Manifest.FORMAT_VERSION, captureId, Version.TEXT, Manifest.State.RECORDING,
                HostFacts.read(), new Manifest.Window(start.boottimeNs(), 0, null), probes.told(),
                new Manifest.Filter(options.command(), !options.commandOnly(), probes.selfPid()),
                WindowLedger.rings(probes.rings(), null), List.of(start), null, List.of(), null, List.of(), List.of());
    }

    /** Returns what was rolled. To be asked by the thread that runs, once it has run. */
    public RolledSegments rolled() {
        return manifest.rolled();
    }

    /** Returns whether anything was recorded: from then on the capture is worth keeping. To be asked by the thread that runs. */
    public boolean hasBegun() {
        return manifest != null;
    }

    /** Returns the exit status of the command; 0 if there was none or the window ended before it. */
    public int commandStatus() {
        return BY_COMMAND.equals(endedBy.get()) ? commandStatus : 0;
    }
}
