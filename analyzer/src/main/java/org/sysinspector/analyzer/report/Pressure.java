// SPDX-License-Identifier: Apache-2.0
// What a capture says of operations that were put together, as figures.
package org.sysinspector.analyzer.report;

import java.util.List;

/**
 * What a capture says of operations that were put together under pressure, as far as that touches what is looked at.
 *
 * @param fromNs when it began first (boot clock ns)
 * @param wall the same, UTC time of day
 * @param lengthNs how long it lasted in all
 * @param cpus the CPUs that did it
 * @param times how often one of them began to
 * @param ops operations that share a row of io with others
 * @param rows the rows that they share
 */
public record Pressure(long fromNs, String wall, long lengthNs, List<String> cpus, long times, long ops, long rows) {}
