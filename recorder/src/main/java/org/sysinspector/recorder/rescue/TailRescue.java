// SPDX-License-Identifier: Apache-2.0
// Saves what a killed recorder had seen and not yet written.
package org.sysinspector.recorder.rescue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.LeftBehind;
import org.sysinspector.recorder.bpf.MappedRing;
import org.sysinspector.recorder.bpf.OpenRun;
import org.sysinspector.recorder.bpf.ThreadTotal;
import org.sysinspector.recorder.bpf.ToldLosses;
import org.sysinspector.recorder.capture.CaptureLock;
import org.sysinspector.recorder.capture.CaptureTrust;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.log.SegmentFile;
import org.sysinspector.recorder.sample.SampleBlock;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.recorder.window.WindowLedger;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Saves what a killed recorder had seen and not yet written, where the kernel still has it: the rings' records go to the log, as do
 * the losses and totals that were not told; the manifest then counts what the kernel counted. May be cut off itself at any moment:
 * the next one goes on.
 */
public final class TailRescue {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final int SPAN_BYTES = 2 << 20;
    private static final String KILLED = "killed";

    private final LogTail log;
    private final LeftBehind left;
    private final SegmentFile segment;
    private final long[] added = new long[Counters.CLASSES];
    private long lastNs;

    private TailRescue(LogTail log, LeftBehind left, SegmentFile segment) {
        this.log = log;
        this.left = left;
        this.segment = segment;
        this.lastNs = log.latestNs();
    }

    /**
     * Saves the tail of a capture that is still as its recorder left it. The caller has the capture's lock.
     *
     * @return whether the capture is whole now: it is in state recorded then, ended by killed. If not, what its rings held is not
     *     known: nothing is left of them (another boot, another machine, no root), or they cannot be read
     * @throws IOException if the disk does not take it; it may be tried again
     */
    public static boolean save(CaptureDirectory capture, ManifestStore manifest) throws IOException {
        if (manifest.current().state() != Manifest.State.RECORDING || LibC.geteuid() != 0) {
            return false;
        }
        try {
            return saveIfLeft(capture, manifest);
        } catch (SystemRefusal e) {
            return false;
        }
    }

    private static boolean saveIfLeft(CaptureDirectory capture, ManifestStore manifest) throws IOException, SystemRefusal {
        try (LeftBehind left = LeftBehind.open(manifest.current().captureId(), capture.root())) {
            if (left == null) {
                return false;
            }
            save(capture, manifest, left);
            left.remove();
            return true;
        }
    }

    /**
     * Saves all that dead recorders left into their captures, and frees its memory; what belongs to a capture that is gone, is another by
     * now, or lies where another user could change what root writes, is freed as it is. Where the disk does not take it, or it cannot be read just now (for want of memory, say), it stays.
     */
    public static void saveAll() {
        for (LeftBehind.Dead dead : LeftBehind.all()) {
            try {
                saveLocked(new CaptureDirectory(dead.capture()));
                dead.remove();
            } catch (CaptureException e) {
                dead.remove();
            } catch (IOException | SystemRefusal | RuntimeException e) {
                continue; // another time: what is removed cannot be saved any more
            }
        }
    }

    private static void saveLocked(CaptureDirectory capture) throws IOException, CaptureException, SystemRefusal {
        if (CaptureTrust.ofThisProcess().problem(capture.root()).isPresent()) {
            return;
        }
        capture.readHead(); // is it there at all
        CaptureLock lock = CaptureLock.take(capture);
        try {
            ManifestStore manifest = ManifestStore.open(capture);
            if (manifest.current().state() == Manifest.State.RECORDING) {
                saveIfLeft(capture, manifest);
            }
        } finally {
            lock.close();
        }
    }

    private static void save(CaptureDirectory capture, ManifestStore manifest, LeftBehind left) throws IOException, SystemRefusal {
        LogTail log = new LogTail(capture, manifest.current().captureId(), manifest.rolled());
        try (SegmentFile segment = log.open()) {
            TailRescue rescue = new TailRescue(log, left, segment);
            rescue.rings();
            rescue.samples(manifest.current().window().startNs());
            segment.end();
            segment.sync();
            List<Manifest.Count> counts = rescue.counts();
            List<Manifest.Loss> losses = WindowLedger.losses(left.counters(), counts);
            Manifest.Window window = new Manifest.Window(
                    manifest.current().window().startNs(), Math.max(rescue.lastNs, manifest.current().window().startNs()), KILLED);
            List<Manifest.Ring> rings = WindowLedger.rings(left.rings(), left.counters());
            manifest.update(m -> m.withRings(rings)
                    .withEnd(window, m.clock(), counts, losses, m.cost()));
        }
    }

    /** Appends what is in the rings, in the order in which the recorder would. */
    private void rings() throws IOException {
        for (MappedRing ring : left.rings()) {
            int bytes = log.lastBytes(ring.ringClass(), ring.cpu());
            if (bytes > 0) {
                // The recorder may have been killed between writing a block and telling the ring so: it begins with that block then.
                ring.reader().drain((records, events, firstNs, last) -> {
                    if (!log.isLast(ring.ringClass(), ring.cpu(), records)) {
                        append(ring, records, events, firstNs, last);
                    }
                }, bytes);
            }
            while (ring.reader().drain((records, events, firstNs, last) -> append(ring, records, events, firstNs, last), SPAN_BYTES) > 0) {
                continue;
            }
        }
    }

    private void append(MappedRing ring, ByteBuffer records, int events, long firstNs, long last) throws IOException {
        segment.append(ring.ringClass(), ring.cpu(), records, events, firstNs, last, 0);
        added[ring.ringClass()] += events;
        lastNs = Math.max(lastNs, last);
    }

    /** Appends the losses, runs and totals that the log does not tell. */
    private void samples(long startNs) throws IOException, SystemRefusal {
        ToldLosses told = left.told(false);
        if (!log.has(told.ns())) {
            told = left.told(true);
        }
        SampleBlock block = new SampleBlock("sample");
        long toNs = Math.max(lastNs, Math.max(told.ns(), startNs) + 1);
        block.addLosses(left.counters(), told, Math.max(told.ns(), startNs), toNs);
        block.appendTo(segment);
        block.check();
        SampleBlock runs = new SampleBlock("io");
        for (OpenRun run : runs()) {
            runs.addRun(run);
            appendIfFull(runs);
        }
        runs.appendTo(segment);
        runs.check();
        added[CATALOG.enumeration("ring_class").code("io")] += runs.appended();
        List<ThreadTotal> totals = new ArrayList<>();
        left.totals(totals::add);
        for (ThreadTotal total : totals) {
            if (!log.has(total)) {
                block.addTotal(total, toNs);
                appendIfFull(block);
            }
        }
        block.appendTo(segment);
        block.check();
        added[CATALOG.enumeration("ring_class").code("sample")] += block.appended();
    }

    private void appendIfFull(SampleBlock block) throws IOException {
        if (block.isFull()) {
            block.appendTo(segment);
            block.check();
        }
    }

    private List<OpenRun> runs() {
        List<OpenRun> runs = new ArrayList<>();
        if (left.openRuns() != null) {
            left.openRuns().take(Long.MAX_VALUE, runs::add);
        }
        return runs;
    }

    private List<Manifest.Count> counts() throws SystemRefusal {
        Counters counters = left.counters();
        List<Manifest.Count> counts = new ArrayList<>();
        for (String name : CATALOG.enumeration("ring_class").values().keySet()) {
            int c = CATALOG.enumeration("ring_class").code(name);
            long recorded = log.recorded(c) + added[c];
            boolean isOfKernel = CATALOG.rings().stream().map(RingSchema::ringClass).anyMatch(name::equals);
            // Operations put together are not counted by the kernel before they are written.
            long seen = isOfKernel && left.openRuns() == null ? counters.seen(c) : recorded + counters.lost(c);
            counts.add(new Manifest.Count(name, seen, recorded, seen - recorded));
        }
        return counts;
    }
}
