// SPDX-License-Identifier: Apache-2.0
// Whether this system can run the BPF programs, and why not.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sysinspector.recorder.SystemRefusal;

/** Whether this system can run the BPF programs, and why not. */
public final class KernelSupport {
    private static final int EPERM = 1;
    private static final int EACCES = 13;

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
     */
    public SystemRefusal refusal(String step, int errno) {
        String facts = step + " errno=" + errno + " kernel=" + System.getProperty("os.version");
        if (errno == EPERM || errno == EACCES) {
            String lockdown = lockdown();
            if (lockdown.equals("confidentiality")) {
                return new SystemRefusal("this kernel refuses BPF: lockdown=confidentiality " + facts
                        + "; boot without lockdown=confidentiality");
            }
            return new SystemRefusal("this kernel refuses BPF: " + facts + " lockdown=" + lockdown
                    + "; run as root with CAP_BPF and CAP_PERFMON (a container needs --privileged)");
        }
        return new SystemRefusal("this kernel cannot run the BPF programs: " + facts + "; kernel 6.2 or later is needed");
    }

    /** Returns the lockdown mode: none, integrity, confidentiality, or unknown where it is not told. */
    public String lockdown() {
        try {
            String modes = Files.readString(root.resolve("sys/kernel/security/lockdown"));
            int open = modes.indexOf('[');
            int close = modes.indexOf(']', open + 1);
            return open >= 0 && close > open ? modes.substring(open + 1, close) : "unknown";
        } catch (IOException e) {
            return "unknown";
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
