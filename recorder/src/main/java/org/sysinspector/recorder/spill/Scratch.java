// SPDX-License-Identifier: Apache-2.0
// Memory for tables that may outgrow the heap: a share of it, then a file.
package org.sysinspector.recorder.spill;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sysinspector.recorder.capture.PrivateFiles;

/**
 * Memory for tables whose size nobody knows beforehand, in chunks of 64 KiB: from the heap as far as a share of it goes,
 * then from a mapped file, which the kernel writes out where it needs the room. The file has no name and is gone with
 * whoever opened it, however that ends; its blocks are allocated before they are used, so that a full disk is an error
 * here and not a fault later. What was taken is used again after {@link #reset}. Belongs to one thread.
 */
public final class Scratch implements Closeable {
    /** Logarithm of the longs in a chunk. */
    static final int CHUNK_BITS = 13;

    /** One part in so many of the heap is used before the file is. */
    private static final int HEAP_SHARE = 8;
    private static final int CHUNK_BYTES = Long.BYTES << CHUNK_BITS;
    private static final int EXTENT_BYTES = 4 << 20;

    private final Path file;
    private final int mostOnHeap;
    private final List<LongBuffer> chunks = new ArrayList<>();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private int taken;
    private FileChannel channel;
    private long bytes;

    /**
     * Makes one that takes an eighth of the heap at most.
     *
     * @param file where the rest goes; its name is there for a moment only
     */
    public Scratch(Path file) {
        this(file, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /**
     * Makes one.
     *
     * @param file where the rest goes; its name is there for a moment only
     * @param heapBytes bytes of heap at most
     */
    public Scratch(Path file, long heapBytes) {
        this.file = file;
        this.mostOnHeap = (int) (heapBytes / CHUNK_BYTES);
    }

    /** Returns a chunk; what is in it is left over from before. */
    LongBuffer take() throws IOException {
        if (taken == chunks.size()) {
            if (taken < mostOnHeap) {
                chunks.add(LongBuffer.allocate(1 << CHUNK_BITS));
            } else {
                extend();
            }
        }
        return chunks.get(taken++);
    }

    /** Takes back all chunks: no table made before this may be used any more. */
    public void reset() {
        taken = 0;
    }

    /** Returns the bytes of the file. */
    public long fileBytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private void extend() throws IOException {
        if (channel == null) {
            channel = PrivateFiles.create(file);
            PrivateFiles.deleteIfExists(file);
        }
        for (long position = bytes; position < bytes + EXTENT_BYTES; ) {
            position += channel.write(zeros.clear(), position);
        }
        ByteBuffer extent = channel.map(FileChannel.MapMode.READ_WRITE, bytes, EXTENT_BYTES).order(ByteOrder.nativeOrder());
        bytes += EXTENT_BYTES;
        LongBuffer longs = extent.asLongBuffer();
        for (int at = 0; at < longs.capacity(); at += 1 << CHUNK_BITS) {
            chunks.add(longs.slice(at, 1 << CHUNK_BITS));
        }
    }
}
