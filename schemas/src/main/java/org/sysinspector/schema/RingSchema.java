// SPDX-License-Identifier: Apache-2.0
// One kind of ring that the kernel writes.
package org.sysinspector.schema;

/**
 * One kind of ring that the kernel writes.
 *
 * @param ringClass its class, a value of enum {@code ring_class}
 * @param map the BPF map that holds it
 * @param eachCpu whether each CPU has one; all share it if not
 * @param parts its share of the ring memory is {@code parts / of}, of all CPUs together
 * @param of see {@code parts}
 * @param leastBytes bytes of each ring at least, a power of two
 * @param untilEmpty whether a cycle drains it until nothing is left, not once
 * @param doc what it is like
 */
public record RingSchema(
        String ringClass, String map, boolean eachCpu, int parts, int of, int leastBytes, boolean untilEmpty, String doc) {}
