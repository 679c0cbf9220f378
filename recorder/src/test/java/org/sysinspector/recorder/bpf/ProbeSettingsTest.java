// SPDX-License-Identifier: Apache-2.0
// How the memory for the rings is divided.
package org.sysinspector.recorder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProbeSettingsTest {
    private static final long MIB = 1 << 20;

    @Test
    void theDefaultIsASixtyFourthOfTheMachinesMemoryWithinBounds() {
        assertEquals(16 * MIB, ProbeSettings.defaultRingBytes(512 * MIB));
        assertEquals(64 * MIB, ProbeSettings.defaultRingBytes(4096 * MIB));
        assertEquals(192 * MIB, ProbeSettings.defaultRingBytes(65536 * MIB));
    }

    @Test
    void allRingsTogetherTakeNoMoreThanTheyMay() {
        for (long mib = 16; mib <= 512; mib++) {
            ProbeSettings settings = new ProbeSettings(false, mib * MIB, false);
            for (int cpus : new int[] {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128}) {
                long sum = settings.lifecycleBytes() + settings.namesBytes() + (long) cpus * settings.ioBytes(cpus);
                assertTrue(sum <= mib * MIB, mib + " MiB, " + cpus + " CPUs: " + sum);
            }
        }
    }

    @Test
    void theRingOfProcessesIsLargeWhereverTheOthersAreSmall() {
        assertEquals(MIB, new ProbeSettings(false, 64 << 10, false).lifecycleBytes());
        assertEquals(64 << 10, new ProbeSettings(false, 64 << 10, false).namesBytes());
        assertEquals(64 << 10, new ProbeSettings(false, 64 << 10, false).ioBytes(2));
        assertEquals(8 * MIB, new ProbeSettings(false, 32 * MIB, false).lifecycleBytes());
        assertEquals(32 * MIB, new ProbeSettings(false, 192 * MIB, false).lifecycleBytes());
    }
}
