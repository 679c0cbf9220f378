// SPDX-License-Identifier: Apache-2.0
// Makes the rows of the tables fork, exec, exit and snapshot.
package org.sysinspector.recorder.roll;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.parquet.io.api.Binary;
import org.sysinspector.recorder.parquet.Row;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * Makes the rows of the tables {@code fork}, {@code exec}, {@code exit} and {@code snapshot}. Belongs to one
 * thread.
 */
final class LifecycleRows {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final int FLAG_ARGV_CUT = 1;
    private static final int FLAG_SUMS_UNKNOWN = 1;

    private final PathText text = new PathText();

    /** Returns what makes the rows of table fork. */
    RowFiller fork() {
        RecordSchema record = CATALOG.record("fork");
        TableSchema table = CATALOG.table("fork");
        RecordCopier copier = new RecordCopier(record, table);
        int key = record.offset("proc_key");
        int childKey = record.offset("child_key");
        int execNo = record.offset("exec_no");
        int parentKeyColumn = table.columnIndex("parent_key");
        int parentPidColumn = table.columnIndex("parent_pid");
        int parentTidColumn = table.columnIndex("parent_tid");
        int parentExecNoColumn = table.columnIndex("parent_exec_no");
        int childPidColumn = table.columnIndex("child_pid");
        int isThreadColumn = table.columnIndex("is_thread");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            long parent = r.getLong(at + key);
            long child = r.getLong(at + childKey);
            row.set(parentKeyColumn, parent);
            row.set(parentPidColumn, RawRecords.pid(parent));
            row.set(parentTidColumn, r.getInt(at) & RawRecords.TID_MASK);
            row.set(parentExecNoColumn, r.getInt(at + execNo));
            row.set(childPidColumn, RawRecords.pid(child));
            row.set(isThreadColumn, parent == child);
        };
    }

    /** Returns what makes the rows of table exec. */
    RowFiller exec() {
        RecordSchema record = CATALOG.record("exec");
        TableSchema table = CATALOG.table("exec");
        RecordCopier copier = new RecordCopier(record, table);
        Arguments arguments = new Arguments(record, table);
        int tail = record.size();
        int pathSize = record.offset("path_len");
        int cwdSize = record.offset("cwd_len");
        int exeSize = record.offset("exe_len");
        int ret = record.offset("ret");
        int pathColumn = table.columnIndex("path");
        int exeColumn = table.columnIndex("exe");
        int cwdColumn = table.columnIndex("cwd");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            int path = at + tail;
            int cwd = path + u16(r, at + pathSize);
            int exe = cwd + u16(r, at + cwdSize);
            int argv = exe + u16(r, at + exeSize);
            row.set(pathColumn, text.join(r, cwd, exe - cwd, path, cwd - path));
            row.set(cwdColumn, text.path(r, cwd, exe - cwd));
            row.set(exeColumn, r.getInt(at + ret) < 0 || argv == exe ? null : text.path(r, exe, argv - exe));
            arguments.fill(r, at, argv, row);
        };
    }

    /** Returns what makes the rows of table snapshot. */
    RowFiller snapshot() {
        RecordSchema record = CATALOG.record("snapshot");
        TableSchema table = CATALOG.table("snapshot");
        RecordCopier copier = new RecordCopier(record, table);
        Arguments arguments = new Arguments(record, table);
        int tail = record.size();
        int cwdSize = record.offset("cwd_len");
        int exeSize = record.offset("exe_len");
        int parentKey = record.offset("parent_key");
        int parentKeyColumn = table.columnIndex("parent_key");
        int parentPidColumn = table.columnIndex("parent_pid");
        int exeColumn = table.columnIndex("exe");
        int cwdColumn = table.columnIndex("cwd");
        int cgroup = record.offset("cgroup_id");
        int cgroupColumn = table.columnIndex("cgroup");
        int sourceColumn = table.columnIndex("source");
        Binary source = Binary.fromString("snapshot");
        return (r, at, row) -> {
            copier.copy(r, at, row);
            int cwd = at + tail;
            int exe = cwd + u16(r, at + cwdSize);
            int argv = exe + u16(r, at + exeSize);
            long parent = r.getLong(at + parentKey);
            row.set(parentKeyColumn, parent, parent != 0);
            row.set(parentPidColumn, RawRecords.pid(parent), parent != 0);
            // A directory without components is the root, but for a thread of the kernel, which has no binary either.
            row.set(cwdColumn, exe == cwd && argv == exe ? null : text.path(r, cwd, exe - cwd));
            row.set(exeColumn, argv == exe ? null : text.path(r, exe, argv - exe));
            row.set(cgroupColumn, r.getLong(at + cgroup));
            row.set(sourceColumn, source);
            arguments.fill(r, at, argv, row);
        };
    }

    /** Returns what makes the rows of table exit. */
    RowFiller exit() {
        RecordSchema record = CATALOG.record("exit");
        TableSchema table = CATALOG.table("exit");
        RecordCopier copier = new RecordCopier(record, table);
        int code = record.offset("code");
        int utime = record.offset("utime_ns");
        int stime = record.offset("stime_ns");
        int runtime = record.offset("runtime_ns");
        int codeColumn = table.columnIndex("exit_code");
        int signalColumn = table.columnIndex("signal");
        int utimeColumn = table.columnIndex("utime_ns");
        int stimeColumn = table.columnIndex("stime_ns");
        int flags = record.offset("flags");
        int[] sums = Stream.of("rchar", "wchar", "read_bytes", "write_bytes", "cancelled_write_bytes")
                .mapToInt(table::columnIndex).toArray();
        return (r, at, row) -> {
            copier.copy(r, at, row);
            int status = r.getInt(at + code);
            long total = r.getLong(at + runtime);
            long system = systemTime(r.getLong(at + utime), r.getLong(at + stime), total);
            row.set(codeColumn, status >> 8 & 0xFF);
            row.set(signalColumn, status & 0x7F);
            row.set(utimeColumn, total - system);
            row.set(stimeColumn, system);
            if ((r.getInt(at + flags) & FLAG_SUMS_UNKNOWN) != 0) {
                for (int column : sums) {
                    row.setNull(column);
                }
            }
        };
    }

    /** Returns what makes the rows of table total. */
    RowFiller total() {
        return new RecordCopier(CATALOG.record("total"), CATALOG.table("total"))::copy;
    }

    /**
     * Returns the system time in an exact time on the CPU, split in the proportion of the times counted by the tick,
     * as the kernel does (cputime_adjust): all of it is user time where no tick hit the system.
     */
    static long systemTime(long userTicks, long systemTicks, long total) {
        if (systemTicks == 0) {
            return 0;
        }
        if (userTicks == 0) {
            return total;
        }
        return BigInteger.valueOf(total).multiply(BigInteger.valueOf(systemTicks))
                .divide(BigInteger.valueOf(userTicks).add(BigInteger.valueOf(systemTicks))).longValue();
    }

    private static int u16(ByteBuffer record, int at) {
        return record.getShort(at) & 0xFFFF;
    }

    /** The arguments and the terminal, which exec and snapshot have in common. */
    private final class Arguments {
        private final int size;
        private final int flags;
        private final int tty;
        private final int ttySize;
        private final int argvColumn;
        private final int truncatedColumn;
        private final int ttyColumn;

        Arguments(RecordSchema record, TableSchema table) {
            size = record.offset("argv_len");
            flags = record.offset("flags");
            tty = record.offset("tty");
            ttySize = record.field("tty").size();
            argvColumn = table.columnIndex("argv");
            truncatedColumn = table.columnIndex("argv_truncated");
            ttyColumn = table.columnIndex("tty");
        }

        void fill(ByteBuffer record, int at, int argv, Row row) {
            row.set(ttyColumn, text.terminal(record, at + tty, ttySize));
            row.set(truncatedColumn, (record.getInt(at + flags) & FLAG_ARGV_CUT) != 0);
            int end = argv + u16(record, at + size);
            for (int next = argv; next < end; next++) {
                int start = next;
                while (next < end && record.get(next) != 0) {
                    next++;
                }
                row.addElement(Binary.fromString(text.name(record, start, next - start)));
            }
            row.set(argvColumn, 0L);
        }
    }
}
