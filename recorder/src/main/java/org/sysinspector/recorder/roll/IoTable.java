// SPDX-License-Identifier: Apache-2.0
// Makes the rows of table io.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.Binary;
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
    private final IoRecord io = new IoRecord();
    // Files used lately, so that a row costs no read of the log.
    private final int[] ids = new int[CACHE];
    private final long[] devices = new long[CACHE];
    private final long[] inodes = new long[CACHE];
    private final int[] generations = new int[CACHE];
    private final Binary[] types = new Binary[CACHE];

    IoTable(ThreadTable threads, FileTable files, TableWriter writer) {
        this.threads = threads;
        this.files = files;
        this.writer = writer;
    }

    @Override
    public void io(ByteBuffer record, int at) throws IOException {
        IoRecord r = io;
        r.read(record, at);
        Row row = writer.row();
        row.set(TS, r.start);
        row.set(LATENCY, r.latency, r.latency != IoRecord.NO_LATENCY);
        setThread(row, r);
        row.set(TID, r.tid);
        row.set(OP, operation(r.op));
        row.set(DIR, r.isWrite ? WRITE : READ);
        row.set(FD, r.fd);
        setFile(row, r.fileId);
        row.set(FILE_OFFSET, r.offset, r.offset != -1);
        row.set(BYTES, r.bytes);
        row.set(RET, r.ret);
        row.set(OPS, r.ops);
        writer.write();
    }

    private void setThread(Row row, IoRecord r) {
        int thread = threads.find(r.tid, r.latency == IoRecord.NO_LATENCY ? r.start : r.start + r.latency);
        if (thread < 0) {
            row.setNull(PROC_KEY);
            row.setNull(PID);
            row.setNull(EXEC_NO);
            row.setNull(COMM);
            return;
        }
        long key = threads.key(thread);
        row.set(PROC_KEY, key);
        row.set(PID, RawRecords.pid(key));
        row.set(EXEC_NO, threads.execNo(thread));
        row.set(COMM, threads.comm(thread));
    }

    private void setFile(Row row, int id) throws IOException {
        int slot = id & CACHE - 1;
        if (id == 0 || ids[slot] != id && !load(id, slot)) {
            row.setNull(DEV);
            row.setNull(INO);
            row.setNull(GENERATION);
            row.setNull(FILE_TYPE);
            return;
        }
        row.set(DEV, devices[slot]);
        row.set(INO, inodes[slot]);
        row.set(GENERATION, generations[slot] & 0xFFFFFFFFL);
        row.set(FILE_TYPE, types[slot]);
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
        types[slot] = FileFields.TYPES.get(RawRecords.fileType(FileFields.mode(record, at)));
        return true;
    }

    private static Binary operation(int op) {
        return op < OPERATIONS.length ? OPERATIONS[op] : Binary.fromString(Integer.toString(op));
    }
}
