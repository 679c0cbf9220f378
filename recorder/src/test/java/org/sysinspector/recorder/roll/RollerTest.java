// SPDX-License-Identifier: Apache-2.0
// Every table made of synthetic records, read back and compared.
package org.sysinspector.recorder.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sysinspector.recorder.roll.RecordBuilder.bytes;
import static org.sysinspector.recorder.roll.RecordBuilder.components;
import static org.sysinspector.recorder.roll.RecordBuilder.file;
import static org.sysinspector.recorder.roll.RecordBuilder.io;
import static org.sysinspector.recorder.roll.RecordBuilder.thread;
import static org.sysinspector.recorder.roll.RecordBuilder.wide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.schema.SchemaCatalog;

class RollerTest {
    private static final long KEY = 1000L << 22 | 7;
    private static final long CHILD = 2000L << 22 | 8;
    private static final int DEV = 8 << 20 | 300;

    @TempDir
    private Path temporary;

    private TestCapture capture;

    @BeforeEach
    void begin() throws IOException {
        capture = new TestCapture(temporary.resolve("capture"));
        capture.begin(1);
    }

    @Test
    void aForkGivesParentAndChild() throws IOException {
        capture.block(-1,
                RecordBuilder.of("fork").tid(9).set("ts_ns", 20).set("exec_no", 3).set("proc_key", KEY)
                        .set("child_key", KEY).set("child_tid", 11).set("clone_flags", 0x100).set("cgroup_id", 5)
                        .set("ns_pid", 2).set("uid", 0xFFFFFFFFL).set("child_exec_no", 3).set("comm", "t\u001B\\"),
                RecordBuilder.of("fork").tid(7).set("ts_ns", 10).set("exec_no", 3).set("proc_key", KEY)
                        .set("child_key", CHILD).set("child_tid", 8).set("uid", 0).set("ns_pid", 8).set("comm", "sh"));
        roll();
        assertEquals(List.of(
                "ts_ns=10 parent_key=" + KEY + " parent_pid=7 parent_tid=7 parent_exec_no=3 child_key=" + CHILD
                        + " child_pid=8 child_tid=8 child_exec_no=0 clone_flags=0 is_thread=false comm=sh uid=0"
                        + " cgroup_id=0 ns_pid=8",
                "ts_ns=20 parent_key=" + KEY + " parent_pid=7 parent_tid=9 parent_exec_no=3 child_key=" + KEY
                        + " child_pid=7 child_tid=11 child_exec_no=3 clone_flags=256 is_thread=true comm=t\\x1B\\x5C"
                        + " uid=4294967295 cgroup_id=5 ns_pid=2"),
                capture.rows("fork", 1));
    }

    @Test
    void anExecGivesPathsAndArguments() throws IOException {
        capture.block(-1,
                exec(10, 0, "../bin/./true", "/home/user", "/usr/bin/true", "true\0-a b\0\0new\nline\"\0", 0, "pts3"),
                exec(20, -2, "/no//such", "/", "", "x\0", 1, ""));
        roll();
        assertEquals(List.of(
                "ts_ns=10 proc_key=" + KEY + " pid=7 tid=7 exec_no=2 path=/home/bin/true exe=/usr/bin/true"
                        + " argv=[true, -a b, , new\\x0Aline\"] argv_truncated=false cwd=/home/user comm=true uid=1 euid=2"
                        + " tty=pts/3 cgroup_id=9 ns_pid=7 ret=0",
                "ts_ns=20 proc_key=" + KEY + " pid=7 tid=7 exec_no=2 path=/no/such argv=[x] argv_truncated=true cwd=/"
                        + " comm=true uid=1 euid=2 cgroup_id=9 ns_pid=7 ret=-2"),
                capture.rows("exec", 1));
    }

    @Test
    void anExitSplitsTheExactTimeAsTheKernelDoes() throws IOException {
        capture.block(-1,
                exit(10, 3, 1, 1000, 42 << 8), exit(20, 0, 0, 7, 9), exit(30, 0, 4, 50, 0x80 | 11), exit(40, 4, 0, 60, 0));
        roll();
        assertEquals(List.of("750 250 42 0", "7 0 0 9", "0 50 0 11", "60 0 0 0"), capture.rows("exit", 1).stream()
                .map(r -> field(r, "utime_ns") + " " + field(r, "stime_ns") + " " + field(r, "exit_code") + " "
                        + field(r, "signal")).toList());
        assertEquals("ts_ns=10 proc_key=" + KEY + " pid=7 exec_no=1 comm=x exit_code=42 signal=0 utime_ns=750"
                + " stime_ns=250 max_rss_bytes=4096 rchar=1 wchar=2 read_bytes=3 write_bytes=4 cancelled_write_bytes=5",
                capture.rows("exit", 1).get(0));
    }

    @Test
    void aSnapshotTellsProcessesFromThreadsOfTheKernel() throws IOException {
        capture.block(-1,
                RecordBuilder.of("snapshot").tid(7).set("ts_ns", 10).set("exec_no", 1).set("proc_key", KEY)
                        .set("parent_key", CHILD).set("start_ns", 5).set("ns_pid", 7).set("comm", "init")
                        .set("tty", "tty1").part("cwd_len", components("/"))
                        .part("exe_len", components("/sbin/init")).part("argv_len", bytes("init\0splash\0")),
                RecordBuilder.of("snapshot").tid(2).set("ts_ns", 11).set("proc_key", 2).set("comm", "kthreadd"));
        roll();
        assertEquals(List.of(
                "ts_ns=10 proc_key=" + KEY + " pid=7 exec_no=1 parent_key=" + CHILD + " parent_pid=8 start_ns=5"
                        + " comm=init argv=[init, splash] argv_truncated=false cwd=/ exe=/sbin/init uid=0 euid=0 tty=tty1"
                        + " cgroup=0 ns_pid=7 source=snapshot",
                "ts_ns=11 proc_key=2 pid=2 exec_no=0 start_ns=0 comm=kthreadd argv=[] argv_truncated=false uid=0 euid=0"
                        + " cgroup=0 ns_pid=0 source=snapshot"),
                capture.rows("snapshot", 1));
    }

    @Test
    void anOpenHasThePathOfItsFileOrTheNameThatFailed() throws IOException {
        capture.block(-1, thread(7, 12, KEY, 1, "cat"));
        capture.block(-1,
                file(3, 11, DEV, 55, 2, "open", "/data/a\nb\"\u001B\u00FF\\x"),
                open(10, 5, 3, 4, 55, "", ""), open(20, -1, 0, -2, 0, "/data", "./../etc/none"),
                open(30, 5, 99, 3, 56, "", "").set("latency_ns", 3));
        roll();
        assertEquals(List.of(
                "ts_ns=10 latency_ns=5 proc_key=" + KEY + " pid=7 exec_no=1 tid=7 comm=cat"
                        + " path=/data/a\\x0Ab\"\\x1B\\xFF\\x5Cx flags=577 mode=420 fd=4 ret=4 dev=" + userDev()
                        + " ino=55",
                "ts_ns=20 proc_key=" + KEY + " pid=7 exec_no=1 tid=7 comm=cat path=/etc/none flags=577 mode=420 ret=-2",
                "ts_ns=30 latency_ns=3 proc_key=" + KEY + " pid=7 exec_no=1 tid=7 comm=cat flags=577 mode=420 fd=3 ret=3"
                        + " dev=" + userDev() + " ino=56"),
                capture.rows("open", 1));
    }

    @Test
    void anIoRowSaysWhoDidItToWhichFile() throws IOException {
        // The io block comes first, as in a drain cycle.
        capture.block(0,
                io("read", 'r', 7, 3, 100, 10, 4096, 8192, 5), io("write", 'w', 7, 3, 200, 10, -28, 0, 5),
                io("fsync", 'w', 7, 3, 300, 10, 0, -1, 5), io("write", 'w', 8, 4, 400, -1, 1, -1, 1),
                io("read", 'r', 99, 0, 500, 1, -9, -1, 77), io("ftruncate", 'w', 7, 3, 600, 1, 0, 12345, 5),
                wide("sendmmsg", 'w', 7, 4, 700, 1, 3, -1, 70000).set("bytes", 333), wide("pread64", 'r', 7, 3, 800, 5_000_000_000L, 7,
                        1L << 50, 5),
                wide("write", 'w', 7, 3, 900, 90, 0, 4096, 5).set("bytes", 5_000_000_000L).set("ops", 9000));
        capture.block(-1, file(3, 90, DEV, 55, 0xFFFFFFFF, "io", "/a"),
                file(4, 91, 9, 66, 0, "io", "").set("mode", 0xC000).set("fs_magic", 0x534F434B));
        capture.block(-1, thread(7, 105, KEY, 1, "a"), thread(8, 399, CHILD, 0, "b"));
        roll();
        String mine = " proc_key=" + KEY + " pid=7 exec_no=1 tid=7 comm=a ";
        String file = " dev=" + userDev() + " ino=55 generation=4294967295 file_type=file ";
        assertEquals(List.of(
                "ts_ns=100 latency_ns=10" + mine + "op=read dir=r fd=5" + file + "file_offset=8192 bytes=4096 ret=4096 ops=1",
                "ts_ns=200 latency_ns=10" + mine + "op=write dir=w fd=5" + file + "file_offset=0 bytes=0 ret=-28 ops=1",
                "ts_ns=300 latency_ns=10" + mine + "op=fsync dir=w fd=5" + file + "bytes=0 ret=0 ops=1",
                "ts_ns=400 proc_key=" + CHILD + " pid=8 exec_no=0 tid=8 comm=b op=write dir=w fd=1 dev=9 ino=66"
                        + " generation=0 file_type=socket bytes=1 ret=1 ops=1",
                "ts_ns=500 latency_ns=1 tid=99 op=read dir=r fd=77 bytes=0 ret=-9 ops=1",
                "ts_ns=600 latency_ns=1" + mine + "op=ftruncate dir=w fd=5" + file
                        + "file_offset=12345 bytes=0 ret=0 ops=1",
                "ts_ns=700 latency_ns=1" + mine + "op=sendmmsg dir=w fd=70000 dev=9 ino=66 generation=0 file_type=socket"
                        + " bytes=333 ret=3 ops=1",
                "ts_ns=800 latency_ns=5000000000" + mine + "op=pread64 dir=r fd=5" + file
                        + "file_offset=1125899906842624 bytes=7 ret=7 ops=1",
                "ts_ns=900 latency_ns=90" + mine + "op=write dir=w fd=5" + file
                        + "file_offset=4096 bytes=5000000000 ret=5000000000 ops=9000"),
                capture.rows("io", 1));
        assertEquals(List.of("/a", "socket:[66]"), capture.column("file", 1, "path"));
    }

    @Test
    void aThreadIsWhoItWasAtTheEndOfTheOperation() throws IOException {
        capture.block(0, io("read", 'r', 7, 0, 90, 5, 0, -1, 0), io("read", 'r', 7, 0, 95, 10, 0, -1, 0),
                io("read", 'r', 7, 0, 150, 10, 0, -1, 0), io("read", 'r', 7, 0, 199, 1, 0, -1, 0),
                io("read", 'r', 7, 0, 299, 5, 0, -1, 0));
        capture.block(-1, thread(7, 300, CHILD, 0, "reused"), thread(7, 100, KEY, 1, "first"),
                thread(7, 200, KEY, 2, "second"), thread(6, 10, KEY, 1, "other"));
        roll();
        assertEquals(List.of("NULL", "first", "first", "second", "reused"), capture.column("io", 1, "comm"));
        assertEquals(List.of("NULL", "1", "1", "2", "0"), capture.column("io", 1, "exec_no"));
        assertEquals(List.of("NULL", "7", "7", "7", "8"), capture.column("io", 1, "pid"));
    }

    @Test
    void samplesAreRowsAsTheyAre() throws Exception {
        capture.block(-1,
                RecordBuilder.of("clock").set("boottime_ns", 20).set("realtime_ns", 1000),
                RecordBuilder.of("loss").set("cpu", 1).set("from_ns", 5).set("to_ns", 15).set("lost", 3)
                        .set("ring_class", 2),
                RecordBuilder.of("loss").set("cpu", 0).set("from_ns", 5).set("to_ns", 15).set("lost", 4)
                        .set("ring_class", 1).set("reason", 2),
                RecordBuilder.of("recorder").set("ts_ns", 20).set("cpu_ns", 9).set("rss_bytes", 8).set("log_bytes", 7)
                        .set("program", "recorder"),
                RecordBuilder.of("recorder").set("ts_ns", 21).set("run_count", 4).set("run_ns", 6).set("counted_ns", 5)
                        .set("rss_bytes", 2).set("program", "si_sys_exit"),
                RecordBuilder.of("recorder").set("ts_ns", 22).set("counted_ns", 5).set("rss_bytes", 2).set("program", "si_fork"),
                RecordBuilder.of("recorder").set("ts_ns", 23).set("rss_bytes", 2).set("program", "si_exec"));
        roll();
        assertEquals(List.of("boottime_ns=20 realtime_ns=1000"), capture.rows("clock", 1));
        assertEquals(List.of("from_ns=5 to_ns=15 cpu=1 class=io reason=ring_full lost=3",
                "from_ns=5 to_ns=15 cpu=0 class=names reason=no_scratch lost=4"), capture.rows("loss", 1));
        assertEquals(List.of("ts_ns=20 program=recorder cpu_ns=9 rss_bytes=8 log_bytes=7",
                "ts_ns=21 program=si_sys_exit run_count=4 run_ns=6 counted_ns=5 rss_bytes=2",
                "ts_ns=22 program=si_fork run_count=0 run_ns=0 counted_ns=5 rss_bytes=2",
                "ts_ns=23 program=si_exec rss_bytes=2"), capture.rows("recorder", 1));
        assertEquals(7, capture.directory.readManifest().segments().get(0).lost());
        assertEquals("7", capture.metadata("clock", 1).get("sysinspector.lost"));
    }

    @Test
    void aChangeOfModeAmongTheOperationsIsARowOfItsOwn() throws IOException {
        RecordBuilder back = RecordBuilder.of("pressure").set("cpu", 1).set("ts_ns", 90).set("used_bytes", 512);
        RecordBuilder unknown = RecordBuilder.of("pressure").set("ts_ns", 95).set("mode", 9);
        capture.block(1, io("read", 'r', 7, 0, 10, 5, 2, -1, 0),
                RecordBuilder.of("pressure").set("cpu", 1).set("ts_ns", 50).set("mode", 1).set("used_bytes", 1L << 33),
                io("read", 'r', 7, 0, 60, 5, 3, -1, 0), back, io("read", 'r', 7, 0, 91, 5, 4, -1, 0));
        capture.block(0, unknown);
        roll();
        assertEquals(List.of("ts_ns=50 cpu=1 mode=coalesce ring_used_bytes=8589934592",
                "ts_ns=90 cpu=1 mode=each ring_used_bytes=512", "ts_ns=95 cpu=0 mode=9 ring_used_bytes=0"),
                capture.rows("pressure", 1));
        assertEquals(List.of("2", "3", "4"), capture.column("io", 1, "ret"));
    }

    @Test
    void theFooterAndTheManifestSayWhatAFileIs() throws Exception {
        capture.block(-1, RecordBuilder.of("clock").set("boottime_ns", 20));
        roll();
        assertEquals("clock", capture.metadata("clock", 1).get("sysinspector.table"));
        assertEquals(Integer.toString(SchemaCatalog.TABLES_VERSION),
                capture.metadata("clock", 1).get("sysinspector.tables_version"));
        assertEquals(TestCapture.ID, capture.metadata("clock", 1).get("sysinspector.capture_id"));
        assertEquals("1", capture.metadata("clock", 1).get("sysinspector.segment"));
        Path written = capture.directory.table("clock", 1);
        assertEquals(Files.size(written), capture.directory.readManifest().tables().get(0).bytes());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(written)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(written.getParent())));
        assertFalse(Files.exists(capture.directory.segment(1)), "segment is gone");
        assertTrue(Files.exists(capture.directory.keyframe(1)), "keyframe is there");
    }

    @Test
    void manyRecordsOfATypeAreSortedPartByPart() throws IOException {
        Random random = new Random(7);
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 300_000; i++) {
            int time = random.nextInt(i % 3 == 0 ? 10 : 100_000);
            expected.add(Integer.toString(time));
            capture.add(RecordBuilder.of("clock").set("boottime_ns", time).set("realtime_ns", i));
            if (i % 50_000 == 0) {
                capture.flush(3, -1);
            }
        }
        roll();
        expected.sort(Comparator.comparingInt(Integer::parseInt));
        assertEquals(expected, capture.column("clock", 1, "boottime_ns"));
        assertEquals(300_000, capture.column("clock", 1, "realtime_ns").stream().distinct().count());
    }

    private void roll() throws IOException {
        capture.end();
        capture.roll(1);
    }

    private static long userDev() {
        return 300 & 0xFF | 8 << 8 | (300L & ~0xFF) << 12;
    }

    private static RecordBuilder exec(
            long ts, int ret, String name, String cwd, String exe, String argv, int flags, String tty) {
        return RecordBuilder.of("exec").tid(7).set("ts_ns", ts).set("exec_no", 2).set("proc_key", KEY)
                .set("cgroup_id", 9).set("uid", 1).set("euid", 2).set("ret", ret).set("ns_pid", 7).set("flags", flags)
                .set("comm", "true").set("tty", tty).part("path_len", bytes(name)).part("cwd_len", components(cwd))
                .part("exe_len", components(exe)).part("argv_len", bytes(argv));
    }

    private static RecordBuilder exit(long ts, long utime, long stime, long runtime, int code) {
        return RecordBuilder.of("exit").tid(7).set("ts_ns", ts).set("exec_no", 1).set("proc_key", KEY)
                .set("utime_ns", utime).set("stime_ns", stime).set("runtime_ns", runtime).set("max_rss_bytes", 4096)
                .set("rchar", 1).set("wchar", 2).set("read_bytes", 3).set("write_bytes", 4)
                .set("cancelled_write_bytes", 5).set("code", code).set("comm", "x");
    }

    private static RecordBuilder open(long ts, long latency, int id, int ret, long ino, String dir, String name) {
        return RecordBuilder.of("open").tid(7).set("ts_ns", ts).set("exec_no", 1).set("proc_key", KEY)
                .set("latency_ns", latency).set("ino", ino).set("dev", ino == 0 ? 0 : DEV).set("file_id", id)
                .set("flags", 0x241).set("mode", 420).set("ret", ret).part("dir_len", components(dir))
                .part("path_len", bytes(name));
    }

    private static String field(String row, String name) {
        return row.replaceFirst("^(.* )?" + name + "=", "").replaceFirst(" .*", "");
    }
}
