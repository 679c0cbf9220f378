// SPDX-License-Identifier: Apache-2.0
// How the memory for the rings is divided.
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

class ProbeSettingsTest {
    private static final long MIB = 1 << 20;

    private static ProbeSettings of(long ringBytes, int cpus) {
        return new ProbeSettings(false, ringBytes, false, true, cpus, 1);
    }

    private static int bytes(String ringClass, ProbeSettings settings) {
        return SchemaCatalog.get().rings().stream().filter(r -> r.ringClass().equals(ringClass)).findFirst()
                .map(settings::bytes).orElseThrow();
    }

    @Test
    void theDefaultIsASixtyFourthOfTheMachinesMemoryWithinBounds() {
        assertEquals(16 * MIB, ProbeSettings.defaultRingBytes(512 * MIB));
        assertEquals(64 * MIB, ProbeSettings.defaultRingBytes(4096 * MIB));
        assertEquals(192 * MIB, ProbeSettings.defaultRingBytes(65536 * MIB));
    }

    @Test
    void allRingsTogetherTakeNoMoreThanTheyMay() {
        for (long mib = 16; mib <= 512; mib++) {
            for (int cpus : new int[] {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128}) {
                ProbeSettings settings = of(mib * MIB, cpus);
                long sum = 0;
                for (RingSchema ring : SchemaCatalog.get().rings()) {
                    sum += (long) (ring.eachCpu() ? cpus : 1) * settings.bytes(ring);
                }
                assertTrue(sum <= mib * MIB, mib + " MiB, " + cpus + " CPUs: " + sum);
            }
        }
    }

    @Test
    void theRingOfProcessesIsLargeWhereverTheOthersAreSmall() {
        assertEquals(MIB, bytes("lifecycle", of(64 << 10, 2)));
        assertEquals(64 << 10, bytes("names", of(64 << 10, 2)));
        assertEquals(64 << 10, bytes("io", of(64 << 10, 2)));
        assertEquals(8 * MIB, bytes("lifecycle", of(32 * MIB, 2)));
        assertEquals(32 * MIB, bytes("lifecycle", of(192 * MIB, 2)));
        assertEquals(64 * MIB, bytes("io", of(192 * MIB, 2)));
    }
}
