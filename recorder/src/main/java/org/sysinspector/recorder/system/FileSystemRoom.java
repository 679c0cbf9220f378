// SPDX-License-Identifier: Apache-2.0
// What is free on a file system: bytes and inodes.
package org.sysinspector.recorder.system;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.file.Path;
import org.sysinspector.text.RawArguments;

/**
 * What is free on a file system, for those without privileges: bytes and inodes. To ask allocates nothing. For one thread.
 */
public final class FileSystemRoom {
    // struct statvfs of 64-bit Linux: unsigned longs
    private static final int BLOCK_BYTES = 8;
    private static final int BLOCKS = 16;
    private static final int BLOCKS_FREE = 32;
    private static final int INODES = 40;
    private static final int INODES_FREE = 56;
    private static final int STRUCT_BYTES = 256;

    private final Memory path;
    private final Memory answer = new Memory(STRUCT_BYTES);
    private boolean known;

    /** Makes one that knows nothing yet. */
    public FileSystemRoom(Path onIt) {
        path = CString.of(RawArguments.bytes(onIt));
        answer.clear();
    }

    /** Asks the kernel. Where it does not say, nothing is known and nothing is short. */
    public void ask() {
        try {
            known = LibC.statvfs(path, answer) == 0;
        } catch (LastErrorException e) {
            known = false; // whoever writes next is told why
        }
    }

    /** Returns the bytes of the whole file system, 0 if that is not known. */
    public long totalBytes() {
        return known ? times(answer.getLong(BLOCKS)) : 0;
    }

    /** Returns the bytes that are free. */
    public long freeBytes() {
        return known ? times(answer.getLong(BLOCKS_FREE)) : Long.MAX_VALUE;
    }

    /** Returns the inodes that are free; as good as endless on a file system that makes them as needed. */
    public long freeInodes() {
        return known && answer.getLong(INODES) != 0 ? answer.getLong(INODES_FREE) : Long.MAX_VALUE;
    }

    private long times(long blocks) {
        long bytes = answer.getLong(BLOCK_BYTES);
        return blocks > Long.MAX_VALUE / Math.max(bytes, 1) ? Long.MAX_VALUE : blocks * bytes;
    }
}
