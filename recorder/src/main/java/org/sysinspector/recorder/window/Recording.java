// SPDX-License-Identifier: Apache-2.0
// One window: starts, ends, and leaves a capture.
package org.sysinspector.recorder.window;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.security.SecureRandom;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.Problem;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.MappedRing;
import org.sysinspector.recorder.bpf.ProbeSet;
import org.sysinspector.recorder.bpf.ProbeSettings;
import org.sysinspector.recorder.capture.CaptureLock;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.capture.RolledSegments;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.log.Storage;
import org.sysinspector.recorder.rescue.TailRescue;
import org.sysinspector.recorder.roll.Completion;
import org.sysinspector.recorder.roll.Roller;
import org.sysinspector.recorder.sample.Clock;
import org.sysinspector.recorder.sample.OwnProcess;
import org.sysinspector.recorder.sample.Sampler;
import org.sysinspector.text.Escape;
import org.sysinspector.text.IoProblem;
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
    private static final String BY_COMMAND = "command";
    private static final String BY_DURATION = "duration";
    /** What {@link #end} is told where a signal came: the command ends with the window then, or after it. */
    public static final String BY_SIGNAL = "signal";
    static final String BY_ERROR = "error";

    private final WindowOptions options;
    private final CaptureDirectory capture;
    private final WindowListener listener;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<String> endedBy = new AtomicReference<>();
    private final CommandRun command = new CommandRun();
    private final DiskBounds bounds;
    private ManifestStore manifest;
    private IOException problem;
    private long startNs;

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
        this.bounds = new DiskBounds(options, capture.root());
    }

    /** Asks the window to end; the first reason counts. Any thread may call it. */
    public void end(String reason) {
        endedBy.compareAndSet(null, reason);
        ended.countDown();
        if (BY_SIGNAL.equals(reason)) {
            command.leave();
        }
    }

    /**
     * Records the window, from loading the probes to the finished capture. A disk that fails ends the recording, not the command.
     *
     * @return the manifest at the end
     * @throws SystemRefusal if the kernel refuses, or there is no room; nothing is attached then
     * @throws CommandRefusal if the kernel does not start the command: nothing is worth keeping then
     * @throws IOException if the disk did not take the capture, or not all of it; what is in the log can be rolled
     */
    public Manifest run() throws SystemRefusal, CommandRefusal, IOException, InterruptedException {
        bounds.requireRoom();
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
            } finally {
                probes.detach();
                if (manifest == null) {
                    probes.unpin(); // nothing was recorded
                }
                attempt(writer::close);
            }
        } catch (IOException | UncheckedIOException e) {
            failed(e);
        } finally {
            attempt(lock::close);
        }
        if (problem != null) {
            throw manifest == null ? problem : cutShort(problem);
        }
        return manifest.current();
    }

    private void record(ProbeSet probes, SegmentWriter writer, String captureId, Manifest.Anchor start, long attachNs)
            throws SystemRefusal, CommandRefusal, IOException, InterruptedException {
        Sampler sampler = new Sampler(probes, writer, start.boottimeNs());
        ManifestStore store = new ManifestStore(capture, firstManifest(captureId, probes, start));
        RollerThread roller = new RollerThread(capture, new Roller(capture, store, options.keepLog()));
        bounds.begin(writer, roller, probes.rings().stream().mapToLong(MappedRing::bytes).sum());
        RingDrainer drainer = new RingDrainer(probes.rings(), writer, sampler::latest,
                options.roll() ? roller::add : segment -> { }, bounds, this::end);
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
            startNs = start.boottimeNs();
            startCommand();
            await(sampler, writer, roller);
        } catch (CommandRefusal e) {
            manifest = null;
            throw e;
        } catch (IOException e) {
            failed(e);
            end(BY_ERROR);
        } finally {
            if (endsCommand()) {
                command.terminate();
            }
            probes.detach();
            drainer.stop();
            reader.join();
        }
        failed(drainer.problem());
        if (manifest == null) {
            return;
        }
        Manifest.Anchor end = Clock.anchor();
        attempt(sampler::sample);
        attempt(sampler::leftovers);
        attempt(writer::close);
        tellEnd();
        finish(probes, sampler, writer, drainer, new Manifest.Window(start.boottimeNs(), end.boottimeNs(), endedBy()),
                List.of(start, end), attachNs);
        probes.unpin();
        if (options.roll()) {
            roll(roller, writer, sampler);
        }
    }

    /** Something that the disk may refuse. */
    private interface Write {
        void run() throws IOException, SystemRefusal;
    }

    /** Does what is worth doing even on a disk that has failed. */
    private void attempt(Write write) throws SystemRefusal {
        try {
            write.run();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Keeps what failed first. */
    private void failed(Exception e) {
        IOException found = e instanceof UncheckedIOException wrapped ? wrapped.getCause() : (IOException) e;
        if (problem == null) {
            problem = found;
        } else if (found != null && found != problem) {
            problem.addSuppressed(found);
        }
    }

    /** Returns what ended the window: a disk without room has a name of its own among the errors. */
    private String endedBy() {
        String by = endedBy.get();
        return problem != null && BY_ERROR.equals(by) && DiskBounds.isForWantOfRoom(problem, capture.root())
                ? DiskBounds.DISK_FULL : by;
    }

    private void tellEnd() {
        if (problem != null || DiskBounds.DISK_FULL.equals(endedBy.get()) || DiskBounds.MAX_SIZE.equals(endedBy.get())) {
            listener.ended(problem == null ? bounds.why() : IoProblem.facts(problem), command.goesOn());
        }
    }

    /** Says why a capture is not as it should be, and what is left of it. */
    private IOException cutShort(IOException cause) {
        boolean isComplete = manifest.current().state() == Manifest.State.COMPLETE;
        boolean needsRoom = DiskBounds.isForWantOfRoom(cause, capture.root());
        return new IOException("the capture is " + (isComplete ? "cut short: " : "not finished: ") + IoProblem.facts(cause)
                + (needsRoom && !isComplete ? bounds.left() : "") + "; what was recorded is kept"
                + (isComplete ? ": sys-inspector analyze report " : (needsRoom ? "; make room, then: " : "; to finish it: ")
                + "sys-inspector roll ") + capture.root(), cause);
    }

    private void startCommand() throws CommandRefusal {
        if (!options.command().isEmpty()) {
            command.start(options.program(), options.command(), () -> end(BY_COMMAND));
        }
    }

    /** Returns whether what ended the window ends the command too. */
    private boolean endsCommand() {
        return BY_DURATION.equals(endedBy.get()) || BY_SIGNAL.equals(endedBy.get());
    }

    /**
     * Waits for a command that goes on after its recording. It is ended when the duration is over or a signal came, as it would
     * have been with its window.
     *
     * @return its exit status, if it ended by itself
     */
    public OptionalInt awaitCommand() throws InterruptedException {
        long limitNs = options.duration() == null ? Long.MAX_VALUE : options.duration().toNanos();
        command.awaitEnd(limitNs == Long.MAX_VALUE ? limitNs : Math.max(0, limitNs - (Clock.boottimeNs() - startNs)));
        return command.status();
    }

    /** Samples once a second until the window ends, and counts the runs of the programs for a slice of some seconds. */
    private void await(Sampler sampler, SegmentWriter writer, RollerThread roller)
            throws IOException, SystemRefusal, InterruptedException {
        for (long second = 0; ; second = Math.max(second + 1, (Clock.boottimeNs() - startNs) / SAMPLE_NS)) {
            if (second < SLICED_SECONDS || second % SLICED_SECONDS == 0) {
                // At another place in each second, so that what comes round with the seconds is met as often as all else.
                long sliceNs = second * SAMPLE_NS + (long) (second * GOLDEN_RATIO % 1 * (SAMPLE_NS - SLICE_NS));
                if (endsBefore(sliceNs)) {
                    return;
                }
                sampler.beginCounting();
                try {
                    endsBefore(Clock.boottimeNs() - startNs + SLICE_NS);
                } finally {
                    sampler.endCounting();
                }
            }
            if (endsBefore((second + 1) * SAMPLE_NS)) {
                return;
            }
            sampler.sample();
            listener.progress(new WindowListener.Progress(Clock.boottimeNs() - startNs, writer.events(),
                    sampler.latest().lost(), writer.bytesWritten(), roller.rolled(), writer.segmentNumber()));
        }
    }

    /** Waits for a moment of the window, counted from its start. Returns whether the window has ended. */
    private boolean endsBefore(long momentNs) throws InterruptedException {
        long limitNs = options.duration() == null ? Long.MAX_VALUE : options.duration().toNanos();
        long waitNs = Math.min(limitNs, momentNs) - (Clock.boottimeNs() - startNs);
        boolean over = ended.await(Math.max(waitNs, 0), TimeUnit.NANOSECONDS);
        if (!over && Clock.boottimeNs() - startNs >= limitNs) {
            end(BY_DURATION);
            over = true;
        }
        return over;
    }

    private void finish(ProbeSet probes, Sampler sampler, SegmentWriter writer, RingDrainer drainer, Manifest.Window window,
            List<Manifest.Anchor> anchors, long attachNs) throws IOException {
        Counters counters = sampler.latest();
        List<Manifest.Count> counts = WindowLedger.counts(counters, drainer, sampler.operations(), sampler.samples());
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
                    : new IOException("rolling stopped: " + Problem.line(roller.problem()), roller.problem());
        }
        manifest.complete(m -> Completion.of(m, manifest.rolled()).withCost(new Manifest.Cost(
                Clock.cpuNs(), sampler.maxRssAnonBytes(), m.cost().logBytes(), m.cost().attachNs())));
    }

    private Manifest firstManifest(String captureId, ProbeSet probes, Manifest.Anchor start) {
        return new Manifest(Manifest.FORMAT_VERSION, captureId, Version.TEXT, Manifest.State.RECORDING,
                HostFacts.read(), new Manifest.Window(start.boottimeNs(), 0, null), probes.told(),
                new Manifest.Filter(options.command().stream().map(Escape::terminal).toList(), !options.commandOnly(), probes.selfPid()),
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
}
