// SPDX-License-Identifier: Apache-2.0
// Reads the kernel's clocks.
package org.sysinspector.recorder.sample;

import com.sun.jna.Memory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.system.LibC;

/** Reads the kernel's clocks. Any thread may call it. */
public final class Clock {
    private static final long NS = 1_000_000_000L;

    private Clock() {}

    /** Returns CLOCK_BOOTTIME in nanoseconds. */
    public static long boottimeNs() {
        return read(LibC.CLOCK_BOOTTIME);
    }

    /** Returns the CPU time of this process in nanoseconds. */
    public static long cpuNs() {
        return read(LibC.CLOCK_PROCESS_CPUTIME_ID);
    }

    /** Returns both clocks at one moment: the boot clock is read before and after, and the middle taken. */
    public static Manifest.Anchor anchor() {
        long before = boottimeNs();
        long realtime = read(LibC.CLOCK_REALTIME);
        long after = boottimeNs();
        return new Manifest.Anchor(before + (after - before) / 2, realtime);
    }

    private static long read(int clock) {
        try (Memory timespec = new Memory(2L * Long.BYTES)) {
            LibC.clock_gettime(clock, timespec);
            return timespec.getLong(0) * NS + timespec.getLong(Long.BYTES);
        }
    }
}
