// SPDX-License-Identifier: Apache-2.0
// The operations put together under pressure that are not written yet, mapped into the recorder.
package org.sysinspector.recorder.bpf;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.system.LibC;

/**
 * The operations put together under pressure that are not written yet, mapped into the recorder: map {@code runs} of
 * {@code bpf/include/runs.h}. A thread writes its runs itself as it goes on; one that waits or ends without another
 * operation leaves them, and they are taken here. One thread at a time may take.
 */
public final class OpenRuns implements AutoCloseable {
    private static final VarHandle U32 =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final long length;
    private Pointer memory;
    private ByteBuffer runs;

    OpenRuns(int fd, int entries, int pageBytes) throws SystemRefusal {
        length = ((long) entries * OpenRun.SIZE + pageBytes - 1) / pageBytes * pageBytes;
        try {
            memory = LibC.mmap(null, length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        } catch (LastErrorException e) {
            throw new SystemRefusal("cannot map " + length + " bytes of runs: errno=" + e.getErrorCode()
                    + "; free memory or go without --on-pressure coalesce", e);
        }
        runs = memory.getByteBuffer(0, (long) entries * OpenRun.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Takes the runs that nothing was added to since a time. One that its thread is at is left for the next time.
     *
     * @param beforeNs CLOCK_BOOTTIME nanoseconds
     * @param each is called for each
     */
    public void take(long beforeNs, Consumer<OpenRun> each) {
        for (int at = 0; at < runs.capacity(); at += OpenRun.SIZE) {
            if (runs.getInt(at + OpenRun.OPS) == 0 || runs.getLong(at + OpenRun.END) >= beforeNs) {
                continue;
            }
            if (!U32.compareAndSet(runs, at + OpenRun.BUSY, 0, 1)) {
                continue;
            }
            try {
                OpenRun run = OpenRun.of(runs, at);
                if (run.ops() > 0) {
                    runs.putInt(at + OpenRun.OPS, 0);
                    each.accept(run);
                }
            } finally {
                U32.setRelease(runs, at + OpenRun.BUSY, 0);
            }
        }
    }

    @Override
    public void close() {
        runs = null;
        if (memory != null) {
            LibC.munmap(memory, length);
            memory = null;
        }
    }
}
