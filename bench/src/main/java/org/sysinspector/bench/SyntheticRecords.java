// SPDX-License-Identifier: Apache-2.0
// Raw records as the kernel writes them, made up.
package org.sysinspector.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.sysinspector.recorder.bpf.RingLayout;
import org.sysinspector.schema.EnumSchema;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Raw records as the kernel writes them, made up: a few threads read and write a few dozen files, each for some time and
 * mostly in sequence; most operations are short, a few take long. The same every time. Not safe for threads.
 */
final class SyntheticRecords {
    /** Threads at work. */
    static final int THREADS = 8;
    /** Files they work on. */
    static final int FILES = 64;

    private static final int OPERATIONS_A_TURN = 16;
    private static final int FIRST_TID = 1000;
    private static final int REGULAR_FILE = 0x81A4;
    private static final int PID_BITS = 22;
    private static final int FD_SHIFT = 48;

    private final SchemaCatalog catalog = SchemaCatalog.get();
    private final RecordSchema io = catalog.record("io");
    private final int fileIdAt = io.offset("file_id");
    private final int latencyAt = io.offset("latency_ns");
    private final int retAt = io.offset("ret");
    private final int offsetFdAt = io.offset("offset_fd");
    private final EnumSchema ops = catalog.enumeration("io_op");
    private final Random random = new Random(7);
    private final long[] offsets = new long[FILES];
    private long ns = 1_000_000_000L;
    private int file;

    /** Returns the bytes that an io record takes in a ring. */
    int ioStride() {
        return RingLayout.stride(io.size());
    }

    /** Returns the time of the last record made, nanoseconds. */
    long lastNs() {
        return ns;
    }

    /** Returns the code of a class of ring. */
    int ringClass(String name) {
        return catalog.enumeration("ring_class").code(name);
    }

    /** Appends io records, each with its header. */
    void io(ByteBuffer out, int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextInt(OPERATIONS_A_TURN) == 0) {
                file = random.nextInt(FILES);
            }
            boolean isWrite = file % 2 == 1;
            int bytes = random.nextInt(16) == 0 ? 1 + random.nextInt(4096) : 4096;
            int type = io.type() | ops.code(isWrite ? "write" : "read") << 1 | (isWrite ? 1 : 0);
            int at = begin(out, io.size(), FIRST_TID + file % THREADS, type);
            out.putInt(at + fileIdAt, file + 1);
            out.putInt(at + latencyAt, (int) (150 * Math.exp(random.nextGaussian() / 2)));
            out.putInt(at + retAt, bytes);
            out.putLong(at + offsetFdAt, offsets[file] | (long) (3 + file) << FD_SHIFT);
            offsets[file] += bytes;
        }
    }

    /** Appends the smallest record there is. */
    void smallest(ByteBuffer out) {
        begin(out, RingLayout.MIN_PAYLOAD, FIRST_TID, io.type());
    }

    /** Appends the records that say whose the threads are. */
    void threads(ByteBuffer out) {
        RecordSchema thread = catalog.record("thread");
        for (int i = 0; i < THREADS; i++) {
            int tid = FIRST_TID + i;
            int at = begin(out, thread.size(), tid, thread.type());
            out.putInt(at + thread.offset("exec_no"), 1);
            out.putLong(at + thread.offset("proc_key"), 500L << PID_BITS | tid);
            out.put(at + thread.offset("comm"), ascii("worker" + i));
        }
    }

    /** Appends the records that say what the files are. */
    void files(ByteBuffer out) {
        RecordSchema file = catalog.record("file");
        for (int i = 0; i < FILES; i++) {
            byte[] path = ascii("file" + i + "\0data\0");
            int at = begin(out, file.size() + path.length, FIRST_TID + i % THREADS, file.type());
            out.putInt(at + file.offset("file_id"), i + 1);
            out.putLong(at + file.offset("proc_key"), 500L << PID_BITS | FIRST_TID + i % THREADS);
            out.putLong(at + file.offset("ino"), 70_000L + i);
            out.putShort(at + file.offset("mode"), (short) REGULAR_FILE);
            out.putShort(at + file.offset("path_len"), (short) path.length);
            out.put(at + file.size(), path);
        }
    }

    /** Appends header, tid, type and time; returns where the payload begins. */
    private int begin(ByteBuffer out, int length, int tid, int type) {
        int start = out.position();
        int at = start + RingLayout.HEADER_BYTES;
        ns += 100 + random.nextInt(300);
        out.putInt(start, length);
        out.putInt(at + RingLayout.TID_TYPE_OFFSET, tid | type << RingLayout.TYPE_SHIFT);
        out.putLong(at + RingLayout.TS_OFFSET, ns);
        out.position(start + RingLayout.stride(length));
        return at;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns an empty buffer like those that a ring is mapped by. */
    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
