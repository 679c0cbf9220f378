// SPDX-License-Identifier: Apache-2.0
// What one BPF program used.
package org.sysinspector.recorder.bpf;

/**
 * What one BPF program used. Runs are counted for a part of the time only ({@link RunCounter}): {@code runNs / countedNs}
 * is the share of a CPU that it takes.
 *
 * @param runCount its runs while they were counted; programs that it goes on to by a tail call are part of its run
 * @param runNs nanoseconds in them, about one reading of the clock each included
 * @param countedNs nanoseconds for which runs were counted; 0 where the kernel refuses to
 * @param memoryBytes memory it locks, 0 where the kernel does not tell
 */
public record ProgramCost(long runCount, long runNs, long countedNs, long memoryBytes) {}
