// SPDX-License-Identifier: Apache-2.0
// Hands out the io records of a segment in the order of their starts.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Hands out the io records of a segment in the order of their starts, in bounded memory. The CPUs' streams are
 * merged by the ends of their operations. A record that is no straggler starts at most {@link Stragglers#windowNs}
 * before its end, so whatever starts earlier than that before the ends still to come is final: it is sorted and
 * handed out, the rest waits. Stragglers are read by position and merged in. Belongs to one thread.
 *
 * <p>Records wait in a ring, one after the other as they came. As those that came first go first, but for few, it is
 * written and read from front to back, which memory is fast at, and what waits need not be moved.
 */
final class IoSorter {
    /** Bytes read at one time, of a CPU; of all CPUs together where they are many. */
    private static final int MOST_READ = 32 << 10;
    private static final int LEAST_READ = 1 << 10;
    private static final int READ_BYTES = 4 << 20;
    private static final int FIRST_WORDS = 1 << 16;
    private static final int INDEX_BITS = 22;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    /** The ring may be one part in so many of the heap: while it grows there is half of it more, and keys. */
    private static final int HEAP_SHARE = 5;
    /** Starts of records held at one time lie within this of one of them, so that start and index fit one number. */
    private static final long MAX_SPAN_NS = 1L << Long.SIZE - 1 - INDEX_BITS;

    private final IoStream[] streams;
    private final Stragglers stragglers;
    private final LogWindow stragglerWindow;
    private final long[] straggler = new long[IoRecord.WIDE_WORDS];
    private final Sink sink;
    private final int mostWords;
    /** The ring, and what was ever written to it and is free again, in words. */
    private long[] ring = new long[FIRST_WORDS];
    private long written;
    private long freed;
    /** Start of each record held, less {@link #base}, and where in the ring it is. */
    private long[] keys = new long[FIRST_WORDS / IoRecord.NARROW_WORDS];
    private int held;
    private long base;
    private int nextStraggler;
    private long nextStragglerStart;

    /** Takes the records in order. */
    interface Sink {
        /**
         * Takes a record.
         *
         * @param record words that hold it, valid during the call
         * @param at where in them it starts
         * @throws IOException if it cannot be kept
         */
        void io(long[] record, int at) throws IOException;
    }

    /** Makes a sorter; all stragglers are known and sorted. */
    IoSorter(FileChannel segment, BlockList blocks, Stragglers stragglers, Sink sink) {
        this(segment, blocks, stragglers, sink, Runtime.getRuntime().maxMemory() / HEAP_SHARE / Long.BYTES);
    }

    /** Makes a sorter that holds no more words of records at a time than this, about. */
    IoSorter(FileChannel segment, BlockList blocks, Stragglers stragglers, Sink sink, long mostWords) {
        int[] cpus = blocks.cpus(RawRecords.RING_IO);
        int bytes = Math.max(LEAST_READ, Math.min(MOST_READ, READ_BYTES / Math.max(1, cpus.length)));
        ByteBuffer window = ByteBuffer.allocateDirect(bytes & -Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        this.streams = Arrays.stream(cpus)
                .mapToObj(cpu -> new IoStream(segment, blocks, cpu, stragglers, window)).toArray(IoStream[]::new);
        this.stragglers = stragglers;
        this.stragglerWindow = new LogWindow(segment, 64 << 10, 16 << 10);
        this.sink = sink;
        this.mostWords = (int) Math.min(mostWords, 1 << INDEX_BITS);
        goToStraggler(0);
    }

    /** Hands out all records. */
    void run() throws IOException {
        int live = 0;
        for (IoStream stream : streams) {
            if (stream.next()) {
                streams[live++] = stream;
            }
        }
        while (live > 0) {
            int first = 0;
            for (int i = 1; i < live; i++) {
                if (streams[i].end() < streams[first].end()) {
                    first = i;
                }
            }
            long others = Long.MAX_VALUE;
            for (int i = 0; i < live; i++) {
                if (i != first) {
                    others = Math.min(others, streams[i].end());
                }
            }
            IoStream stream = streams[first];
            if (!take(stream, others)) {
                streams[first] = streams[--live];
            } else if (!stream.isStraggler() && !fits(stream)) {
                makeRoom(stream, Math.min(stream.end(), others) - stragglers.windowNs() - Stragglers.SLACK_NS);
            }
        }
        sort();
        emit(Long.MAX_VALUE, held);
        emitStragglers(Long.MAX_VALUE);
    }

    /** Takes records of a stream until another one's turn has come or one does not fit; returns false at its end. */
    private boolean take(IoStream stream, long others) throws IOException {
        // A millisecond more than its turn: streams change less often, and the horizon of emit does not depend on it.
        long until = others > Long.MAX_VALUE - Stragglers.SLACK_NS ? others : others + Stragglers.SLACK_NS;
        while (stream.end() <= until) {
            if (!stream.isStraggler()) {
                if (!fits(stream)) {
                    return true;
                }
                hold(stream.words(), stream.at());
            }
            if (!stream.next()) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether there is room for the record a stream is at, in the ring and in the span of the keys. */
    private boolean fits(IoStream stream) {
        if (held == 0) {
            return true;
        }
        long start = IoRecord.start(stream.words(), stream.at()) - base;
        return written - freed <= ring.length - 2 * IoRecord.WIDE_WORDS && start < MAX_SPAN_NS && start >= -MAX_SPAN_NS;
    }

    private void hold(long[] record, int at) {
        int words = IoRecord.isWide(record, at) ? IoRecord.WIDE_WORDS : IoRecord.NARROW_WORDS;
        int to = (int) written & ring.length - 1;
        if (to > ring.length - words) {
            written += ring.length - to;
            to = 0;
        }
        for (int i = 0; i < words; i++) {
            ring[to + i] = record[at + i];
        }
        long start = IoRecord.start(record, at);
        if (held == 0) {
            base = start;
        }
        keys[held++] = start - base << INDEX_BITS | to;
        written += words;
    }

    /** Makes room for the record a stream is at; records that start before a time are final. */
    private void makeRoom(IoStream stream, long horizon) throws IOException {
        sort();
        emit(horizon, 0);
        if (written - freed > ring.length / 2 && ring.length * 2 <= mostWords) {
            grow();
        }
        // More operations overlap than there is memory for: rather let some rows be out of order than never end.
        while (!fits(stream)) {
            emit(Long.MIN_VALUE, held / 2 + 1);
        }
    }

    private long start(int i) {
        return base + (keys[i] >> INDEX_BITS);
    }

    private void sort() {
        Arrays.sort(keys, 0, held);
    }

    /** Hands out the records held that start before a time, some at least; they are sorted, and stay so. */
    private void emit(long horizon, int least) throws IOException {
        int done = 0;
        while (done < held && (done < least || start(done) < horizon)) {
            if (nextStragglerStart <= start(done)) {
                emitStragglers(start(done));
            }
            sink.io(ring, (int) keys[done] & INDEX_MASK);
            done++;
        }
        held -= done;
        long newBase = held == 0 ? base : Math.max(base, start(done));
        // What lies in the ring before the first of those left is free.
        int mask = ring.length - 1;
        int nearest = (int) (written - freed);
        for (int i = 0; i < held; i++) {
            long key = keys[done + i];
            keys[i] = key - (newBase - base << INDEX_BITS);
            nearest = Math.min(nearest, (int) (key - freed) & mask);
        }
        base = newBase;
        freed += nearest;
    }

    private void emitStragglers(long until) throws IOException {
        while (nextStragglerStart <= until && nextStraggler < stragglers.size()) {
            int at = stragglerWindow.record(stragglers.position(nextStraggler));
            for (int i = 0; i < Math.min(straggler.length, stragglerWindow.length() / Long.BYTES); i++) {
                straggler[i] = stragglerWindow.buffer().getLong(at + i * Long.BYTES);
            }
            sink.io(straggler, 0);
            goToStraggler(nextStraggler + 1);
        }
    }

    private void goToStraggler(int index) {
        nextStraggler = index;
        nextStragglerStart = index < stragglers.size() ? stragglers.start(index) : Long.MAX_VALUE;
    }

    /** Doubles the ring; what is in it goes to the front. */
    private void grow() {
        long[] larger = new long[ring.length * 2];
        int mask = ring.length - 1;
        int from = (int) freed & mask;
        System.arraycopy(ring, from, larger, 0, ring.length - from);
        System.arraycopy(ring, 0, larger, ring.length - from, from);
        for (int i = 0; i < held; i++) {
            int index = (int) keys[i] & INDEX_MASK;
            keys[i] += (index - from & mask) - index;
        }
        written -= freed;
        freed = 0;
        ring = larger;
        keys = Arrays.copyOf(keys, keys.length * 2);
    }
}
