// SPDX-License-Identifier: Apache-2.0
// Follows the numbers that the kernel gives events: what is missing between two records was lost.
package org.sysinspector.recorder.verify;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.sysinspector.capture.Manifest;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Follows the numbers that the kernel gives the events of a class, CPU by CPU: what is missing between two records was
 * lost. So the losses that the manifest tells, which are counted where a ring is full, are found again in what was written.
 */
final class Numbering {
    private static final String[] CLASSES = SchemaCatalog.get().enumeration("ring_class").names();

    /** What was seen of each CPU, by ring class. */
    private final List<Map<Integer, Cpu>> classes = Stream.generate(() -> (Map<Integer, Cpu>) new TreeMap<Integer, Cpu>())
            .limit(CLASSES.length).toList();
    private long damaged;
    private boolean isWhole = true;

    /**
     * Takes in a record, in the order of the log.
     *
     * @param ringClass code of enum ring_class
     * @param number of its first event on this CPU, the low 32 bits
     * @param events that it stands for
     */
    void record(int ringClass, int cpu, int number, long events) {
        classes.get(ringClass).computeIfAbsent(cpu, k -> new Cpu()).go(number, (int) events);
    }

    /** Takes in how much was in blocks that cannot be read, -1 if that is not known. */
    void damaged(long events) {
        damaged += Math.max(events, 0);
        isWhole &= events >= 0;
    }

    /** A segment cannot be read: the numbers go on from somewhere. */
    void skip() {
        isWhole = false;
    }

    /** Says what was found, if the whole log is there and was ended in order. */
    void check(Manifest manifest, Findings findings) {
        // A recorder that was killed has not told how many there were.
        if (isWhole && manifest.rings() != null && manifest.rings().stream().anyMatch(r -> r.seen() > 0)) {
            for (int c = 0; c < CLASSES.length; c++) {
                check(CLASSES[c], classes.get(c), manifest, findings);
            }
        }
    }

    private void check(String ringClass, Map<Integer, Cpu> cpus, Manifest manifest, Findings findings) {
        long seen = manifest.rings().stream().filter(r -> r.ringClass().equals(ringClass)).mapToLong(Manifest.Ring::seen).sum();
        if (cpus.isEmpty() && seen == 0) {
            return;
        }
        long lost = manifest.counts().stream().filter(c -> c.ringClass().equals(ringClass))
                .mapToLong(Manifest.Count::lost).sum();
        // The last ones, with no record after them; numbers begin again after 2^32.
        long atEnd = seen - cpus.values().stream().mapToLong(c -> c.next).sum() & 0xFFFFFFFFL;
        long missing = atEnd + cpus.values().stream().mapToLong(c -> c.missing).sum();
        if (missing >= lost && missing <= lost + damaged) {
            findings.ok("numbers of " + ringClass, "missing=" + missing + " cpus=" + cpus.size());
        } else {
            findings.error("numbers of " + ringClass, "missing=" + lost, "missing=" + missing);
        }
    }

    private static final class Cpu {
        /** A record is not later than this many others. */
        private static final int LATEST = 1 << 16;

        private int next;
        private long missing;

        void go(int number, int events) {
            int ahead = number - next;
            if (ahead < 0 && ahead >= -LATEST) {
                missing -= events; // its program was preempted by others, which wrote first
            } else {
                missing += ahead & 0xFFFFFFFFL;
                next = number + events;
            }
        }
    }
}
