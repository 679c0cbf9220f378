// SPDX-License-Identifier: Apache-2.0
// Why the kernel or libbpf refused something, and what can be done about it.
package org.sysinspector.recorder.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.text.Escape;
import org.sysinspector.text.Units;

/** Why the kernel or libbpf refused something, and what can be done about it: by errno, what libbpf said, and the state of the system. */
final class RefusalReason {
    private static final int EPERM = 1;
    private static final int EAGAIN = 11;
    private static final int E2BIG = 7;
    private static final int ENOMEM = 12;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;
    private static final int ENOSPC = 28;
    private static final int ENOSYS = 38;

    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;
    /** What libbpf says where it goes on at first. */
    private static final Pattern CAUSE = Pattern.compile("\\(-(12|23|24)\\)");
    /** Descriptors that maps and programs take, at most. */
    private static final int DESCRIPTORS = 64;
    private static final int TEXT_BYTES = 1 << 16;
    /** Characters of what the verifier said, at most. */
    private static final int SAID = 160;
    /** What libbpf says of a type or hook that the kernel does not have. */
    private static final Pattern NOT_FOUND = Pattern.compile("'([A-Za-z0-9_.]+)'[^'\n]*(?:not found in kernel|is not found in vmlinux)"
            + "|failed to find kernel BTF type ID of '([A-Za-z0-9_.]+)'");

    private final Path root;
    private final String step;
    private final int errno;
    private final String log;

    /**
     * Takes in a failure.
     *
     * @param root where /proc and /sys are
     * @param step what failed
     * @param errno why, positive
     * @param log what libbpf said, empty if nothing
     */
    RefusalReason(Path root, String step, int errno, String log) {
        this.root = root;
        this.step = step;
        this.errno = errno;
        this.log = log;
    }

    /** Returns the reason as a line: the problem, the facts, the remedy. */
    SystemRefusal refusal() {
        return new SystemRefusal(switch (cause()) {
            case ENOMEM -> memory();
            case EMFILE -> line("too many files are open in this process", "limit=" + limit("Max open files"), "raise the limit: ulimit -n 4096");
            case ENFILE -> line("too many files are open on this machine", "fs.file-nr=" + text("proc/sys/fs/file-nr"),
                    "raise the limit: sysctl fs.file-max=1000000");
            case ENOSPC -> line("the kernel has no place left for what the recorder needs", "", "end other programs that use BPF: bpftool prog list");
            case EAGAIN -> line("the kernel could not do it now", "", "try again; if it stays so, raise the limit: ulimit -l unlimited");
            case ENOSYS -> line("this kernel has no BPF", "", "use a kernel built with CONFIG_BPF_SYSCALL");
            case EPERM -> permission();
            case E2BIG -> log.contains("map") && !log.contains("LOAD LOG")
                    ? line("the rings are larger than this kernel allows", said(), "give less: --ring-memory 16MiB")
                    : verifier("a BPF program is too large for this kernel's verifier");
            case EACCES -> log.isEmpty() ? permission() : verifier("this kernel's verifier refuses a BPF program");
            default -> notThere();
        });
    }

    /** What libbpf goes on after may well fail with EINVAL in the end: the want of memory or descriptors before it is the cause. */
    private int cause() {
        if (errno != EINVAL) {
            return errno;
        }
        Matcher first = CAUSE.matcher(log);
        if (first.find()) {
            return Integer.parseInt(first.group(1));
        }
        String[] open = root.resolve("proc/self/fd").toFile().list();
        String limit = limit("Max open files");
        return open != null && limit.matches("[0-9]{1,9}") && open.length + DESCRIPTORS > Integer.parseInt(limit) ? EMFILE : errno;
    }

    private String memory() {
        MemoryLimit limit = MemoryLimit.of(root);
        String facts = limit == null ? "" : "cgroup=" + Escape.terminal(limit.group()) + " limit=" + Units.bytes(limit.bytes())
                + " used=" + Units.bytes(limit.usedBytes());
        return line("there is not enough memory for the BPF programs and their rings", facts,
                limit == null ? "free memory or give a smaller ring memory: --ring-memory 16MiB"
                        : "raise the limit of the cgroup or give a smaller ring memory: --ring-memory 16MiB");
    }

    private String permission() {
        String lockdown = lockdown();
        if (lockdown.equals("confidentiality")) {
            return line("this kernel refuses BPF", "lockdown=confidentiality", "boot without lockdown=confidentiality");
        }
        String capabilities = status("CapEff");
        long effective = capabilities.isEmpty() ? -1 : Long.parseUnsignedLong(capabilities, 16);
        boolean isAllowed = (effective >> CAP_SYS_ADMIN & 1) == 1
                || (effective >> CAP_BPF & 1) == 1 && (effective >> CAP_PERFMON & 1) == 1;
        if (!isAllowed) {
            return line("this root may not use BPF: CAP_BPF and CAP_PERFMON are taken from it", "CapEff=" + capabilities,
                    "run it outside of the container, or start that with --privileged");
        }
        if (!status("Seccomp").equals("0") && !status("Seccomp").isEmpty()) {
            return line("a seccomp filter forbids BPF", "Seccomp=" + status("Seccomp"),
                    "run it outside of the container, or start that with --security-opt seccomp=unconfined");
        }
        return line("this kernel refuses BPF", "lockdown=" + lockdown + said(), "ask who runs this machine which security module forbids it");
    }

    private String notThere() {
        if (log.contains("bpf_rdonly_cast")) {
            return line("this kernel is too old", "missing=bpf_rdonly_cast", "kernel 6.2 or later is needed");
        }
        Matcher missing = NOT_FOUND.matcher(log);
        if (missing.find()) {
            String name = missing.group(1) == null ? missing.group(2) : missing.group(1);
            return line("this kernel lacks what the BPF programs need", "missing=" + name, "use another kernel");
        }
        return log.contains("LOAD LOG") ? verifier("this kernel's verifier refuses a BPF program")
                : line("this kernel cannot run the BPF programs", said(), "use another kernel");
    }

    private String verifier(String problem) {
        return line(problem, said(), "use another kernel");
    }

    private String line(String problem, String facts, String remedy) {
        return problem + ": " + step + " errno=" + errno + (facts.isEmpty() ? "" : " " + facts.strip())
                + " kernel=" + System.getProperty("os.version") + "; " + remedy;
    }

    /** What the verifier said last, before it counts what it did; what libbpf said first where it did not run. */
    private String said() {
        String last = "";
        for (String line : log.split("\n")) {
            String text = line.strip();
            if (text.startsWith("processed ") || text.contains("END PROG LOAD LOG")) {
                break;
            }
            if (!text.isEmpty() && !text.contains("BEGIN PROG LOAD LOG")) {
                last = text;
            }
            if (!log.contains("LOAD LOG") && !last.isEmpty()) {
                break;
            }
        }
        return last.isEmpty() ? "" : " said='" + Escape.terminal(last.substring(0, Math.min(last.length(), SAID))) + "'";
    }

    /** Returns the lockdown mode: none, integrity, confidentiality, or unknown where it is not told. */
    private String lockdown() {
        String modes = text("sys/kernel/security/lockdown");
        int open = modes.indexOf('[');
        int close = modes.indexOf(']', open + 1);
        return open >= 0 && close > open ? modes.substring(open + 1, close) : "unknown";
    }

    private String status(String field) {
        return field("proc/self/status", field + ":");
    }

    private String limit(String name) {
        return field("proc/self/limits", name).split(" ")[0];
    }

    private String field(String file, String start) {
        return text(file).lines().filter(l -> l.startsWith(start)).map(l -> l.substring(start.length()).strip()).findFirst().orElse("");
    }

    private String text(String file) {
        // A number of /proc/sys is told in one read only, and Files.readAllBytes begins with one byte of a file without a size.
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            return new String(in.readNBytes(TEXT_BYTES), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
