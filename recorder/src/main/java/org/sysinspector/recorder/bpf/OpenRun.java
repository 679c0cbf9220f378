// SPDX-License-Identifier: Apache-2.0
// Operations put together under pressure that their thread has not written.
package org.sysinspector.recorder.bpf;

import java.nio.ByteBuffer;

/**
 * Operations put together under pressure that their thread has not written: {@code struct si_run} in
 * {@code bpf/include/runs.h}.
 *
 * @param tidType thread, and type of an io_wide record
 * @param fileId id of the file and name
 * @param startNs start of the first, CLOCK_BOOTTIME nanoseconds
 * @param latencyNs the time they took, summed
 * @param bytes bytes they moved
 * @param offset offset of the first in the file, -1 if it has none
 * @param fd descriptor
 * @param ops operations, at least 1
 */
public record OpenRun(int tidType, int fileId, long startNs, long latencyNs, long bytes, long offset, int fd, int ops) {
    static final int SIZE = 64;
    static final int START = 0;
    static final int END = 8;
    static final int LATENCY = 16;
    static final int BYTES = 24;
    static final int OFFSET = 32;
    static final int FILE_ID = 40;
    static final int FD = 44;
    static final int TID_TYPE = 48;
    static final int OPS = 52;
    static final int BUSY = 56;

    static OpenRun of(ByteBuffer runs, int at) {
        return new OpenRun(runs.getInt(at + TID_TYPE), runs.getInt(at + FILE_ID), runs.getLong(at + START),
                runs.getLong(at + LATENCY), runs.getLong(at + BYTES), runs.getLong(at + OFFSET), runs.getInt(at + FD),
                runs.getInt(at + OPS));
    }
}
