// SPDX-License-Identifier: Apache-2.0
// Follows the numbers that the kernel gives io operations: what is missing between two records was lost.
package org.sysinspector.recorder.verify;

import java.util.Map;
import java.util.TreeMap;
import org.sysinspector.capture.Manifest;

/**
 * Follows the numbers that the kernel gives io operations, CPU by CPU: what is missing between two records was lost. So
 * the losses that the manifest tells, which are counted where a ring is full, are found again in what was written.
 */
final class Numbering {
    private final Map<Integer, Cpu> cpus = new TreeMap<>();
    private long damaged;
    private boolean isWhole = true;

    /** Takes in a record of a CPU's ring, in the order of the log. */
    void record(int cpu, int number, long operations) {
        cpus.computeIfAbsent(cpu, k -> new Cpu()).go(number, number + (int) operations);
    }

    /** Takes in how much was in blocks that cannot be read, -1 if that is not known. */
    void damaged(long operations) {
        damaged += Math.max(operations, 0);
        isWhole &= operations >= 0;
    }

    /** A segment cannot be read: the numbers go on from somewhere. */
    void skip() {
        isWhole = false;
    }

    /** Says what was found, if the whole log is there and was ended in order. */
    void check(Manifest manifest, Findings findings) {
        // A recorder that was killed has not told how many there were.
        boolean isEnded = manifest.rings() != null && manifest.rings().stream().anyMatch(r -> r.cpu() >= 0 && r.seen() > 0);
        if (!isWhole || cpus.isEmpty() || !isEnded) {
            return;
        }
        manifest.rings().stream().filter(r -> r.cpu() >= 0).forEach(
                r -> cpus.computeIfAbsent(r.cpu(), k -> new Cpu()).go((int) r.seen(), 0));
        long missing = cpus.values().stream().mapToLong(c -> c.missing).sum();
        long lost = manifest.counts().stream().filter(c -> "io".equals(c.ringClass()))
                .mapToLong(Manifest.Count::lost).sum();
        if (missing >= lost && missing <= lost + damaged) {
            findings.ok("numbers of io", "missing=" + missing + " cpus=" + cpus.size());
        } else {
            findings.error("numbers of io", "missing=" + lost, "missing=" + missing);
        }
    }

    private static final class Cpu {
        private int next;
        private long missing;

        void go(int number, int following) {
            missing += number - next & 0xFFFFFFFFL;
            next = following;
        }
    }
}
