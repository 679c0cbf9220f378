// SPDX-License-Identifier: Apache-2.0
// Makes the rows of table io.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.recorder.parquet.Row;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.schema.EnumSchema;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * Makes the rows of table {@code io}: the hottest code of the roller. A record's tid and end say whose it is, its
 * file id which file. Belongs to one thread.
 */
final class IoTable implements IoSorter.Sink {
    static final TableSchema TABLE = SchemaCatalog.get().table("io");
    private static final int TS = TABLE.columnIndex("ts_ns");
    private static final int LATENCY = TABLE.columnIndex("latency_ns");
    private static final int PROC_KEY = TABLE.columnIndex("proc_key");
    private static final int PID = TABLE.columnIndex("pid");
    private static final int EXEC_NO = TABLE.columnIndex("exec_no");
    private static final int TID = TABLE.columnIndex("tid");
    private static final int COMM = TABLE.columnIndex("comm");
    private static final int OP = TABLE.columnIndex("op");
    private static final int DIR = TABLE.columnIndex("dir");
    private static final int FD = TABLE.columnIndex("fd");
    private static final int DEV = TABLE.columnIndex("dev");
    private static final int INO = TABLE.columnIndex("ino");
    private static final int GENERATION = TABLE.columnIndex("generation");
    private static final int FILE_TYPE = TABLE.columnIndex("file_type");
    private static final int FILE_OFFSET = TABLE.columnIndex("file_offset");
    private static final int BYTES = TABLE.columnIndex("bytes");
    private static final int RET = TABLE.columnIndex("ret");
    private static final int OPS = TABLE.columnIndex("ops");

    private static final EnumSchema IO_OPS = SchemaCatalog.get().enumeration("io_op");
    private static final Binary[] OPERATIONS = RawRecords.binaries(IO_OPS.names());
    private static final Binary READ = Binary.fromString("r");
    private static final Binary WRITE = Binary.fromString("w");
    private static final int CACHE = 1 << 14;

    private final ThreadTable threads;
    private final FileTable files;
    private final TableWriter writer;
    private final Row row;
    private final long[] starts;
    private final long[] latencies;
    private final boolean[] noLatency;
    private final long[] tids;
    private final long[] fds;
    private final long[] offsets;
    private final boolean[] noOffset;
    private final long[] bytes;
    private final long[] results;
    private final long[] counts;
    private final byte[] types = new byte[Row.BATCH];
    private final int[] fileIds = new int[Row.BATCH];
    private final int[] found = new int[Row.BATCH];
    // Files used lately, so that a row costs no read of the log.
    private final int[] ids = new int[CACHE];
    private final long[] devices = new long[CACHE];
    private final long[] inodes = new long[CACHE];
    private final int[] generations = new int[CACHE];
    private final Binary[] fileTypes = new Binary[CACHE];
    private int size;

    IoTable(ThreadTable threads, FileTable files, TableWriter writer) {
        this.threads = threads;
        this.files = files;
        this.writer = writer;
        row = writer.row();
        starts = row.numbers(TS);
        latencies = row.numbers(LATENCY);
        noLatency = row.absent(LATENCY);
        tids = row.numbers(TID);
        fds = row.numbers(FD);
        offsets = row.numbers(FILE_OFFSET);
        noOffset = row.absent(FILE_OFFSET);
        bytes = row.numbers(BYTES);
        results = row.numbers(RET);
        counts = row.numbers(OPS);
    }

    @Override
    public void io(long[] record, int at) throws IOException {
        int i = size;
        int ret = IoRecord.ret(record, at);
        long latency = IoRecord.latency(record, at);
        starts[i] = IoRecord.start(record, at);
        latencies[i] = latency;
        noLatency[i] = latency == IoRecord.NO_LATENCY;
        tids[i] = IoRecord.tid(record, at);
        types[i] = (byte) IoRecord.type(record, at);
        fileIds[i] = IoRecord.fileId(record, at);
        if (IoRecord.isWide(record, at)) {
            takeWide(record, at, i, ret);
        } else {
            long offset = IoRecord.narrowOffset(record, at);
            offsets[i] = offset;
            noOffset[i] = offset == -1;
            fds[i] = IoRecord.narrowFd(record, at);
            bytes[i] = Math.max(ret, 0);
            results[i] = ret;
            counts[i] = 1;
        }
        size = i + 1;
        if (size == Row.BATCH) {
            flush();
        }
    }

    private void takeWide(long[] record, int at, int i, int ret) {
        long offset = IoRecord.wideOffset(record, at);
        int ops = IoRecord.wideOps(record, at);
        offsets[i] = offset;
        noOffset[i] = offset == -1;
        fds[i] = IoRecord.wideFd(record, at);
        bytes[i] = IoRecord.wideBytes(record, at);
        results[i] = ops > 1 ? bytes[i] : ret;
        counts[i] = ops;
    }

    /** Writes the rows taken so far. */
    void flush() throws IOException {
        setOperations();
        findThreads();
        setThreads();
        setFiles();
        writer.write(size);
        size = 0;
    }

    private void setOperations() {
        Binary[] operations = row.texts(OP);
        Binary[] directions = row.texts(DIR);
        for (int i = 0; i < size; i++) {
            operations[i] = operation(types[i] >> 1 & 31);
            directions[i] = (types[i] & 1) == 0 ? READ : WRITE;
        }
    }

    private void findThreads() {
        for (int i = 0; i < size; i++) {
            found[i] = threads.find((int) tids[i], IoRecord.end(starts[i], latencies[i]));
        }
    }

    private void setThreads() {
        long[] keys = row.numbers(PROC_KEY);
        long[] pids = row.numbers(PID);
        long[] execNos = row.numbers(EXEC_NO);
        Binary[] comms = row.texts(COMM);
        for (int i = 0; i < size; i++) {
            int thread = found[i];
            if (thread >= 0) {
                keys[i] = threads.key(thread);
                pids[i] = RawRecords.pid(keys[i]);
                execNos[i] = threads.execNo(thread);
                comms[i] = threads.comm(thread);
            }
        }
        setAbsent(PROC_KEY, PID, EXEC_NO, COMM);
    }

    private void setFiles() throws IOException {
        long[] devs = row.numbers(DEV);
        long[] inos = row.numbers(INO);
        long[] gens = row.numbers(GENERATION);
        Binary[] kinds = row.texts(FILE_TYPE);
        for (int i = 0; i < size; i++) {
            int id = fileIds[i];
            int slot = id & CACHE - 1;
            if (id != 0 && (ids[slot] == id || load(id, slot))) {
                devs[i] = devices[slot];
                inos[i] = inodes[slot];
                gens[i] = generations[slot] & 0xFFFFFFFFL;
                kinds[i] = fileTypes[slot];
                found[i] = slot;
            } else {
                found[i] = -1;
            }
        }
        setAbsent(DEV, INO, GENERATION, FILE_TYPE);
    }

    /** Makes values absent where nothing was found. */
    private void setAbsent(int... columns) {
        for (int column : columns) {
            boolean[] absent = row.absent(column);
            for (int i = 0; i < size; i++) {
                absent[i] = found[i] < 0;
            }
        }
    }

    private boolean load(int id, int slot) throws IOException {
        int at = files.find(id);
        if (at < 0) {
            return false;
        }
        ByteBuffer record = files.buffer();
        ids[slot] = id;
        devices[slot] = RawRecords.userDevice(record.getInt(at + FileFields.DEV));
        inodes[slot] = record.getLong(at + FileFields.INO);
        generations[slot] = record.getInt(at + FileFields.GENERATION);
        fileTypes[slot] = FileFields.TYPES.get(RawRecords.fileType(FileFields.mode(record, at)));
        return true;
    }

    private static Binary operation(int op) {
        return op < OPERATIONS.length ? OPERATIONS[op] : Binary.fromString(Integer.toString(op));
    }
}
