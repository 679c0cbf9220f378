// SPDX-License-Identifier: Apache-2.0
// A place in the process tree: one process, or siblings that are alike.
package org.sysinspector.analyzer.report;

import java.util.List;
import java.util.Locale;
import org.sysinspector.text.Escape;

/**
 * A place in the process tree: one process, or siblings that are alike, folded. All sums include the descendants.
 *
 * @param name what to call it: the command, or the common name of folded processes
 * @param comm short name of the (first) process, its script's where an interpreter runs one
 * @param count processes folded here, 1 for one alone
 * @param pid pid of the (first) process
 * @param procKey proc_key of the (first) process
 * @param startNs first start (boot clock)
 * @param endNs last end (boot clock), null if one was alive at the end
 * @param meanLifetimeNs mean lifetime of those that ended, null if none did
 * @param exit how they ended: "exit 0", "signal 9", several joined; null where none ended
 * @param readBytes bytes read
 * @param writtenBytes bytes written
 * @param deviceBytes bytes fetched from and dirtied for storage
 * @param ops operations
 * @param cpuNs CPU time of those that ended
 * @param processes processes seen in it
 * @param ownActivity whether the processes here did anything themselves
 * @param weight its part in all activity, 0 to 4
 * @param exactReadBytes bytes read as the kernel counted, whatever was lost; null if not known
 * @param exactWrittenBytes bytes written as the kernel counted, whatever was lost; null if not known
 * @param children its children, the heaviest first
 */
public record Node(String name, String comm, int count, int pid, long procKey, long startNs, Long endNs,
        Long meanLifetimeNs, String exit, long readBytes, long writtenBytes, long deviceBytes, long ops, long cpuNs,
        int processes, boolean ownActivity, double weight, Long exactReadBytes, Long exactWrittenBytes,
        List<Node> children) {

    /** Returns whether the kernel's own count here, or below, differs from what was seen. */
    boolean differs() {
        return exactReadBytes != null && (exactReadBytes != readBytes || exactWrittenBytes != writtenBytes)
                || children.stream().anyMatch(Node::differs);
    }

    /** Returns the name, cut to leave room, with the number of folded processes or the pid. */
    public String label(int width) {
        String safe = Escape.terminal(name);
        String suffix = suffix();
        return Fit.end(safe, Math.max(4, width - suffix.length())) + suffix;
    }

    /** Returns what stands after the name: the number of folded processes or the pid. */
    String suffix() {
        return count > 1 ? "  x " + String.format(Locale.ROOT, "%,d", count) : " (" + pid + ")";
    }
}
