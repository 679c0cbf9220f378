// SPDX-License-Identifier: Apache-2.0
// Do rings keep to what a cgroup allows, and to the CPUs that are online?
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.recorder.SystemRefusal;

class MemoryLimitTest {
    private static final long MIB = 1 << 20;
    private static final long MACHINE = 64L << 30;

    @TempDir
    private Path root;

    private void file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    @Test
    void theTightestOfNestedLimitsCounts() throws IOException {
        file("proc/self/cgroup", "0::/system.slice/recorder\n");
        file("sys/fs/cgroup/system.slice/recorder/memory.max", "max\n");
        file("sys/fs/cgroup/system.slice/memory.max", "268435456\n");
        file("sys/fs/cgroup/system.slice/memory.current", "1000\n");
        assertEquals(new MemoryLimit("/system.slice", "memory.max", 256 * MIB, 1000), MemoryLimit.of(root));
        file("sys/fs/cgroup/system.slice/recorder/memory.max", "134217728\n");
        assertEquals(128 * MIB, MemoryLimit.of(root).bytes());
    }

    @Test
    void theFirstVersionAndBothTogetherAreReadToo() throws IOException {
        file("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/one\n0::/two\n");
        file("sys/fs/cgroup/memory/one/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/unified/two/cgroup.procs", "1\n");
        assertNull(MemoryLimit.of(root));
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
        file("sys/fs/cgroup/unified/two/memory.max", "1073741824\n");
        assertEquals(new MemoryLimit("/", "memory.limit_in_bytes", 512 * MIB, 0), MemoryLimit.of(root));
    }

    @Test
    void inAContainerWhoseGroupIsTheRootOfWhatItSeesThatLimitCounts() throws IOException {
        file("proc/self/cgroup", "0::/../outside/container\n");
        file("sys/fs/cgroup/memory.max", "134217728\n");
        assertEquals(128 * MIB, MemoryLimit.of(root).bytes());
    }

    @Test
    void nothingThatIsNoNumberIsALimit() throws IOException {
        assertNull(MemoryLimit.of(root));
        file("proc/self/cgroup", "nonsense\n0::/a\n");
        file("sys/fs/cgroup/a/memory.max", "99999999999999999999\n");
        assertNull(MemoryLimit.of(root));
        file("sys/fs/cgroup/a/memory.max", "9999999999999999999\n");
        assertNull(MemoryLimit.of(root));
    }

    @Test
    void ringsTakeAnEighthOfALimitAndHalfIfAskedButNoMore() throws Exception {
        MemoryLimit limit = new MemoryLimit("/a", "memory.max", 256 * MIB, 0);
        assertEquals(192 * MIB, MemoryLimit.ringBytes(null, MACHINE, null));
        assertEquals(32 * MIB, MemoryLimit.ringBytes(null, MACHINE, limit));
        assertEquals(128 * MIB, MemoryLimit.ringBytes(128 * MIB, MACHINE, limit));
        String refusal = assertThrows(SystemRefusal.class,
                () -> MemoryLimit.ringBytes(129 * MIB, MACHINE, limit)).getMessage();
        assertTrue(refusal.contains("ring_memory=129 MiB cgroup=/a memory.max=256 MiB; give no more than --ring-memory 131072KiB"),
                refusal);
        assertThrows(SystemRefusal.class, () -> MemoryLimit.ringBytes(MACHINE, MACHINE, null));
    }

    @Test
    void cpusThatMayComeButAreNotThereHaveNoRing() throws IOException {
        file("sys/devices/system/cpu/possible", "0-127\n");
        for (String[] online : new String[][] {{"0-1", "2"}, {"0", "1"}, {"0-3,8", "9"}, {"0,2,4-6", "7"}}) {
            file("sys/devices/system/cpu/online", online[0] + "\n");
            assertEquals(Integer.parseInt(online[1]), new KernelSupport(root).cpus(), online[0]);
        }
        Files.delete(root.resolve("sys/devices/system/cpu/online"));
        assertEquals(1, new KernelSupport(root).cpus());
    }
}
