// SPDX-License-Identifier: Apache-2.0
// Does a refusal name its real reason, and a remedy that helps?
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalReasonTest {
    private static final String ALL = "000001ffffffffff";

    @TempDir
    private Path root;

    private void file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private void process(String capabilities, int seccomp) throws IOException {
        file("proc/self/status", "Name:\tjava\nCapEff:\t" + capabilities + "\nSeccomp:\t" + seccomp + "\n");
    }

    private void assertSays(String problem, String remedy, int errno, String log) {
        String line = new RefusalReason(root, "loading", errno, log).refusal().getMessage();
        assertTrue(line.startsWith(problem), line);
        assertTrue(line.contains(" errno=" + errno + " "), line);
        assertTrue(line.contains(remedy), line);
        assertEquals(log.contains("bpf_rdonly_cast"), line.contains("6.2"), line);
        assertFalse(line.contains("\n"), line);
    }

    @Test
    void wantOfMemoryNamesTheCgroupThatLimitsIt() throws IOException {
        assertSays("there is not enough memory", "; free memory or give a smaller ring memory", 12, "");
        file("proc/self/cgroup", "0::/a/b\n");
        file("sys/fs/cgroup/a/memory.max", "67108864\n");
        file("sys/fs/cgroup/a/memory.current", "60000000\n");
        assertSays("there is not enough memory", " cgroup=/a limit=64 MiB used=57 MiB ", 12, "");
    }

    @Test
    void wantOfDescriptorsSaysWhoseLimitItIs() throws IOException {
        file("proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\n"
                + "Max open files            17                   20000                files\n");
        file("proc/sys/fs/file-nr", "100\t0\t100\n");
        assertSays("too many files are open in this process", " limit=17 ", 24, "");
        assertSays("too many files are open on this machine", "sysctl fs.file-max", 23, "");
        assertSays("too many files are open in this process", " errno=22 limit=17 ", 22,
                "libbpf: Error in bpf_create_map_xattr(tree):Too many open files(-24). Retrying without BTF.\n");
        Files.createDirectories(root.resolve("proc/self/fd/0"));
        assertSays("too many files are open in this process", " errno=22 limit=17 ", 22, "");
    }

    @Test
    void permissionIsExplainedByWhatTakesIt() throws IOException {
        process("0000000000000000", 0);
        assertSays("this root may not use BPF", "--privileged", 1, "");
        process(ALL, 2);
        assertSays("a seccomp filter forbids BPF", "seccomp=unconfined", 1, "");
        process(ALL, 0);
        assertSays("this kernel refuses BPF", "lockdown=unknown", 1, "");
        file("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        assertSays("this kernel refuses BPF", "boot without lockdown=confidentiality", 1, "");
    }

    @Test
    void theVerifierIsQuotedAndItsLastWordIsWhatCounts() throws IOException {
        String log = "libbpf: prog 'x': BPF program load failed: Permission denied\nlibbpf: prog 'x': -- BEGIN PROG LOAD LOG --\n"
                + "0: (79) r1 = *(u64 *)(r1 +0)\nR1 invalid mem access 'scalar'\nprocessed 1 insns (limit 1000000)\n"
                + "-- END PROG LOAD LOG --\nlibbpf: failed to load object\n";
        assertSays("this kernel's verifier refuses a BPF program", "said='R1 invalid mem access 'scalar''", 13, log);
        assertSays("this kernel's verifier refuses a BPF program", "R1 invalid mem access", 22, log);
        assertSays("a BPF program is too large", "R1 invalid mem access", 7, log);
    }

    @Test
    void whatIsTooOldOrMissingIsNamed() {
        assertSays("this kernel is too old", "kernel 6.2 or later is needed", 22,
                "libbpf: extern (func ksym) 'bpf_rdonly_cast': not found in kernel or module BTFs\n");
        assertSays("this kernel lacks what the BPF programs need", " missing=sched_process_fork ", 3,
                "libbpf: prog 'si_fork': failed to find kernel BTF type ID of 'sched_process_fork': -3\n");
        assertSays("this kernel cannot run the BPF programs", "said='libbpf: something else'", 95, "libbpf: something else\nmore\n");
        assertSays("the rings are larger than this kernel allows", "--ring-memory", 7,
                "libbpf: Error in bpf_create_map_xattr(io_rings):Argument list too long(-7). Retrying without BTF.\n");
    }

    @Test
    void whatPassesIsNotTakenForAKernelThatIsTooOld() {
        assertSays("the kernel could not do it now", "try again", 11, "");
        assertSays("the kernel has no place left", "bpftool prog list", 28, "");
        assertSays("this kernel has no BPF", "CONFIG_BPF_SYSCALL", 38, "");
    }
}
