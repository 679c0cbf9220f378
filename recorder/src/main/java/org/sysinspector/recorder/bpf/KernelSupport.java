// SPDX-License-Identifier: Apache-2.0
// Whether this system can run the BPF programs, and why not.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sysinspector.recorder.SystemRefusal;

/** Whether this system can run the BPF programs, and why not. */
public final class KernelSupport {
    private static final int MAX_PID = 1 << 22;
    private static final int LINE_BYTES = 8192;

    private final Path root;

    /** Looks at the running system. */
    public KernelSupport() {
        this(Path.of("/"));
    }

    KernelSupport(Path root) {
        this.root = root;
    }

    /**
     * Checks what can be known before anything is loaded.
     *
     * @param effectiveUid the effective user id
     * @throws SystemRefusal naming the first thing missing
     */
    public void check(int effectiveUid) throws SystemRefusal {
        String arch = System.getProperty("os.arch");
        if (!arch.equals("amd64") && !arch.equals("x86_64")) {
            throw new SystemRefusal("this processor is not supported: arch=" + arch + " known=x86_64; record on an x86_64 machine");
        }
        if (effectiveUid != 0) {
            throw new SystemRefusal("loading BPF programs needs root: euid=" + effectiveUid
                    + "; run it with sudo: sudo sys-inspector record ...");
        }
        if (!Files.isReadable(root.resolve("sys/kernel/btf/vmlinux"))) {
            throw new SystemRefusal("this kernel has no type information: /sys/kernel/btf/vmlinux is missing kernel="
                    + System.getProperty("os.version") + "; use a kernel built with CONFIG_DEBUG_INFO_BTF");
        }
    }

    /**
     * Explains a failure of the kernel or libbpf.
     *
     * @param step what failed
     * @param errno why, positive
     * @param log what libbpf said, empty if nothing
     */
    SystemRefusal refusal(String step, int errno, String log) {
        return new RefusalReason(root, step, errno, log).refusal();
    }

    /** Returns the CPUs to have a ring: up to the highest that is online; 1 where that is not told. */
    int cpus() {
        String online = firstLine("sys/devices/system/cpu/online");
        String last = online.substring(Math.max(online.lastIndexOf(','), online.lastIndexOf('-')) + 1);
        return last.isEmpty() ? 1 : Integer.parseInt(last) + 1;
    }

    /** Returns the largest pid that can be, as set; all that is possible where that is not told. */
    int pidMax() {
        String set = firstLine("proc/sys/kernel/pid_max");
        return set.isEmpty() ? MAX_PID : Math.min(Math.max(Integer.parseInt(set), 1), MAX_PID);
    }

    private String firstLine(String file) {
        // Files.readString begins with one byte of a file without a size, and a number of /proc/sys is told in one read only.
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            return new String(in.readNBytes(LINE_BYTES), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Explains a libbpf that cannot be bound.
     *
     * @param error what the loader said
     */
    static SystemRefusal libraryMissing(UnsatisfiedLinkError error) {
        boolean isOld = String.valueOf(error.getMessage()).contains("looking up function");
        return new SystemRefusal("libbpf is " + (isOld ? "too old (1.0 is needed)" : "missing") + ": library="
                + LibBpf.LIBRARY + "; install it: apt-get install libbpf1 (Fedora: libbpf, openSUSE: libbpf1)", error);
    }
}
