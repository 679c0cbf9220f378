// SPDX-License-Identifier: Apache-2.0
// The reader's thread: drains all rings into the log.
package org.sysinspector.recorder.window;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.sysinspector.recorder.Problem;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.MappedRing;
import org.sysinspector.recorder.bpf.SpanSink;
import org.sysinspector.recorder.log.SegmentWriter;
import org.sysinspector.recorder.system.LibC;

/**
 * The reader's thread: drains all rings into the log, in cycles. In a cycle the io rings come first, then names, then
 * lifecycle, the last two until nothing is left: what an io record refers to was written before it, so it is in the log
 * by the end of the cycle. Segments end between cycles only.
 *
 * <p>The kernel never wakes the reader (that would cost the traced system); it looks by itself, the less often the less
 * there is.
 */
final class RingDrainer implements Runnable {
    private static final int SPAN_BYTES = 2 << 20;
    private static final int HIGHEST_PRIORITY = -20;
    /** A cycle that drained as much as this is followed by the next at once. */
    private static final int FLOOD_BYTES = 4 << 20;
    private static final int BUSY_BYTES = 64 << 10;
    private static final long SHORTEST_PAUSE_NS = 2_000_000;
    private static final long MIDDLE_PAUSE_NS = 10_000_000;
    private static final long LONGEST_PAUSE_NS = 100_000_000;
    /** The fastest flood fills an io ring at a byte in so many nanoseconds, with some to spare; others fill slower. */
    private static final int NS_A_BYTE = 3;

    private final List<MappedRing> rings;
    private final SpanSink[] sinks;
    private final long[] recorded = new long[Counters.CLASSES];
    private final long busyPauseNs;
    private final long idlePauseNs;
    private final SegmentWriter writer;
    private final IntConsumer segmentEnded;
    private final DiskBounds bounds;
    private final Consumer<String> mustEnd;
    private volatile Thread thread;
    private volatile boolean stopping;
    private volatile IOException problem;

    /**
     * Makes a drainer.
     *
     * @param rings in the order in which to drain them, those of io first
     * @param counters what the kernel counted last
     * @param segmentEnded is told the number of each segment that ended
     * @param bounds how much room the log may take
     * @param mustEnd is told why the window must end, where it must: bounds are reached, or the thread ends by itself
     */
    RingDrainer(List<MappedRing> rings, SegmentWriter writer, Supplier<Counters> counters, IntConsumer segmentEnded,
            DiskBounds bounds, Consumer<String> mustEnd) {
        this.rings = rings;
        this.writer = writer;
        this.segmentEnded = segmentEnded;
        this.bounds = bounds;
        this.mustEnd = mustEnd;
        this.sinks = rings.stream().map(ring -> sink(ring, counters)).toArray(SpanSink[]::new);
        // In a pause a flood fills less than an eighth of a ring; less than half, where it starts from nothing.
        long fillNs = (long) NS_A_BYTE * rings.get(0).bytes();
        this.busyPauseNs = Math.min(Math.max(fillNs / 8, SHORTEST_PAUSE_NS), MIDDLE_PAUSE_NS);
        this.idlePauseNs = Math.min(Math.max(fillNs / 2, MIDDLE_PAUSE_NS), LONGEST_PAUSE_NS);
    }

    private SpanSink sink(MappedRing ring, Supplier<Counters> counters) {
        int ringClass = ring.ringClass();
        int cpu = ring.cpu();
        return (records, events, firstNs, lastNs) -> {
            Counters known = counters.get();
            bounds.take(records.remaining());
            long lost = cpu < 0 ? known.lost(ringClass) : known.lost(ringClass, cpu);
            writer.append(ringClass, cpu, records, events, firstNs, lastNs, lost);
            recorded[ringClass] += events;
        };
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        raisePriority();
        try {
            while (!stopping) {
                long drained = cycle();
                String reached = bounds.reached(pendingBytes());
                if (reached != null) {
                    mustEnd.accept(reached);
                }
                if (drained < FLOOD_BYTES) {
                    LockSupport.parkNanos(drained < BUSY_BYTES ? idlePauseNs : busyPauseNs);
                }
            }
            do {
                // The probes are detached: what is left only shrinks.
            } while (cycle() > 0);
        } catch (IOException e) {
            problem = e;
        } catch (RuntimeException | Error e) {
            problem = new IOException("the reader stopped: " + Problem.line(e), e); // or the window would go on with nobody reading
        }
        if (problem != null) {
            mustEnd.accept(Recording.BY_ERROR);
        }
    }

    private long pendingBytes() {
        long pending = 0;
        for (int i = 0; i < rings.size(); i++) {
            pending += rings.get(i).reader().pendingBytes();
        }
        return pending;
    }

    private long cycle() throws IOException {
        long drained = 0;
        for (int i = 0; i < rings.size(); i++) {
            MappedRing ring = rings.get(i);
            drained += ring.isDrainedUntilEmpty() ? drainAll(i) : ring.reader().drain(sinks[i], SPAN_BYTES);
        }
        int ended = writer.rotateIfFull();
        if (ended > 0) {
            segmentEnded.accept(ended);
        }
        return drained;
    }

    /** Drains a ring until it was empty once. A record still being written holds it up for microseconds. */
    private long drainAll(int i) throws IOException {
        long drained = 0;
        while (rings.get(i).reader().pendingBytes() > 0) {
            long now = rings.get(i).reader().drain(sinks[i], SPAN_BYTES);
            if (now == 0) {
                Thread.onSpinWait();
            }
            drained += now;
        }
        return drained;
    }

    private static void raisePriority() {
        try {
            LibC.setpriority(LibC.PRIO_PROCESS, LibC.gettid(), HIGHEST_PRIORITY);
        } catch (LastErrorException e) {
            // It goes on as it is: the rings are large, and what is lost is told.
        }
    }

    /** Asks the thread to drain what is left and end. The probes must be detached. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    /** Returns why the thread ended by itself (the disk), or null. */
    IOException problem() {
        return problem;
    }

    /** Returns the events of a class that are in the log. To be asked after the thread has ended. */
    long recorded(int ringClass) {
        return recorded[ringClass];
    }
}
