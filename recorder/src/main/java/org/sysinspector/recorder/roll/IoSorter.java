// SPDX-License-Identifier: Apache-2.0
// Hands out the io records of a segment in the order of their starts.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Hands out the io records of a segment in the order of their starts, in bounded memory. The CPUs' streams are
 * merged by the ends of their operations. A record that is no straggler starts at most {@link Stragglers#windowNs}
 * before its end, so whatever starts earlier than that before the ends still to come is final: it is sorted and
 * handed out, the rest waits. Stragglers are read by position and merged in. Belongs to one thread.
 */
final class IoSorter {
    private static final int FIRST_CAPACITY = 1 << 14;
    private static final int MAX_CAPACITY = 1 << 20;
    private static final int INDEX_BITS = 20;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    /** Starts of records held at one time lie within this, so that start and index fit one number. */
    private static final long MAX_SPAN_NS = 1L << 42;
    private static final int NARROW_BYTES = SchemaCatalog.get().record("io").size();
    private static final int RECORD_BYTES = SchemaCatalog.get().record("io_wide").size();

    private final IoStream[] streams;
    private final Stragglers stragglers;
    private final LogWindow stragglerWindow;
    private final Sink sink;
    private ByteBuffer slots = allocate(FIRST_CAPACITY);
    private long[] keys = new long[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];
    private int held;
    private int freeCount;
    private long firstHeld = Long.MAX_VALUE;
    private int nextStraggler;

    /** Takes the records in order. */
    interface Sink {
        /**
         * Takes a record.
         *
         * @param record little-endian bytes, valid during the call
         * @param at index of the record's payload in them
         * @throws IOException if it cannot be kept
         */
        void io(ByteBuffer record, int at) throws IOException;
    }

    /** Makes a sorter; all stragglers are known and sorted. */
    IoSorter(FileChannel segment, BlockList blocks, Stragglers stragglers, Sink sink) {
        this.streams = Arrays.stream(blocks.cpus(RawRecords.RING_IO))
                .mapToObj(cpu -> new IoStream(segment, blocks, cpu, stragglers)).toArray(IoStream[]::new);
        this.stragglers = stragglers;
        this.stragglerWindow = new LogWindow(segment, 64 << 10, 16 << 10);
        this.sink = sink;
        for (int i = 0; i < FIRST_CAPACITY; i++) {
            free[freeCount++] = FIRST_CAPACITY - 1 - i;
        }
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
            if (!take(streams[first], others)) {
                streams[first] = streams[--live];
            }
            if (live > 0 && (freeCount == 0 || isSpread(streams, live))) {
                emit(earliestEnd(live) - stragglers.windowNs() - Stragglers.SLACK_NS);
            }
        }
        emit(Long.MAX_VALUE);
        emitStragglers(Long.MAX_VALUE);
    }

    /** Takes records of a stream until another one's turn has come or memory is full; returns false at its end. */
    private boolean take(IoStream stream, long others) throws IOException {
        // A millisecond more than its turn: streams change less often, and the horizon of emit does not depend on it.
        long until = others > Long.MAX_VALUE - Stragglers.SLACK_NS ? others : others + Stragglers.SLACK_NS;
        while (freeCount > 0 && stream.end() <= until) {
            if (!stream.isStraggler()) {
                long start = stream.buffer().getLong(stream.index() + RawRecords.TS);
                if (start - firstHeld > MAX_SPAN_NS) {
                    return true;
                }
                hold(stream.buffer(), stream.index(), start);
            }
            if (!stream.next()) {
                return false;
            }
        }
        return true;
    }

    private void hold(ByteBuffer record, int at, long start) {
        int slot = free[--freeCount];
        int to = slot * RECORD_BYTES;
        int bytes = (RawRecords.type(record, at) & RawRecords.IO_WIDE_BIT) == 0 ? NARROW_BYTES : RECORD_BYTES;
        for (int i = 0; i < bytes; i += Long.BYTES) {
            slots.putLong(to + i, record.getLong(at + i));
        }
        keys[held++] = slot;
        firstHeld = Math.min(firstHeld, start);
    }

    private boolean isSpread(IoStream[] all, int live) {
        for (int i = 0; i < live; i++) {
            long start = all[i].buffer().getLong(all[i].index() + RawRecords.TS);
            if (!all[i].isStraggler() && start - firstHeld > MAX_SPAN_NS) {
                return true;
            }
        }
        return false;
    }

    private long earliestEnd(int live) {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < live; i++) {
            earliest = Math.min(earliest, streams[i].end());
        }
        return earliest;
    }

    /** Hands out the records held that start before a time. */
    private void emit(long horizon) throws IOException {
        long base = firstHeld;
        for (int i = 0; i < held; i++) {
            int slot = (int) keys[i] & INDEX_MASK;
            keys[i] = slots.getLong(slot * RECORD_BYTES + RawRecords.TS) - base << INDEX_BITS | slot;
        }
        Arrays.sort(keys, 0, held);
        // More than a million operations that overlap: rather let some rows be out of order than never end.
        long until = held < MAX_CAPACITY ? horizon : Math.max(horizon, base + (keys[held / 2] >> INDEX_BITS) + 1);
        int done = 0;
        while (done < held) {
            long start = base + (keys[done] >> INDEX_BITS);
            if (start >= until) {
                break;
            }
            emitStragglers(start);
            int slot = (int) keys[done] & INDEX_MASK;
            sink.io(slots, slot * RECORD_BYTES);
            free[freeCount++] = slot;
            done++;
        }
        held -= done;
        System.arraycopy(keys, done, keys, 0, held);
        firstHeld = held == 0 ? Long.MAX_VALUE : base + (keys[0] >> INDEX_BITS);
        if (held > keys.length / 2) {
            grow();
        }
    }

    private void emitStragglers(long until) throws IOException {
        while (nextStraggler < stragglers.size() && stragglers.start(nextStraggler) <= until) {
            int at = stragglerWindow.record(stragglers.position(nextStraggler));
            sink.io(stragglerWindow.buffer(), at);
            nextStraggler++;
        }
    }

    private void grow() {
        int old = keys.length;
        if (old == MAX_CAPACITY) {
            return;
        }
        ByteBuffer larger = allocate(old * 2);
        larger.put(0, slots, 0, old * RECORD_BYTES);
        slots = larger;
        keys = Arrays.copyOf(keys, old * 2);
        free = Arrays.copyOf(free, old * 2);
        for (int slot = 2 * old - 1; slot >= old; slot--) {
            free[freeCount++] = slot;
        }
    }

    private static ByteBuffer allocate(int records) {
        return ByteBuffer.allocate(records * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
