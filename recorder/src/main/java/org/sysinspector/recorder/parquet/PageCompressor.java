// SPDX-License-Identifier: Apache-2.0
// Compresses the pages of a column with the level of ZSTD that suits the chunk.
package org.sysinspector.recorder.parquet;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses the pages of a column with the level of ZSTD that suits the chunk: the thorough one where it finds more
 * in the first page, else the fast one. A longer search takes five times as long, and of numbers side by side it often
 * finds less. Belongs to one thread.
 */
final class PageCompressor implements BytesInputCompressor {
    /** So much of the size, at most, is given away for speed: a 256th. */
    private static final int TOLERANCE_SHIFT = 8;

    private final BytesInputCompressor fast;
    private final BytesInputCompressor thorough;
    private BytesInputCompressor chosen;

    /**
     * Makes a compressor.
     *
     * @param fast one of a low level
     * @param thorough one of a higher level, or the same
     */
    PageCompressor(BytesInputCompressor fast, BytesInputCompressor thorough) {
        this.fast = fast;
        this.thorough = thorough;
        this.chosen = thorough;
    }

    /** Returns how long a page is once compressed, about: good enough to compare encodings. */
    long size(BytesInput page) throws IOException {
        return fast.compress(page).size();
    }

    /** Chooses the level for the pages from here on by the first of them. */
    void choose(BytesInput page) throws IOException {
        if (fast != thorough) {
            long most = thorough.compress(page).size();
            chosen = size(page) <= most + (most >> TOLERANCE_SHIFT) ? fast : thorough;
        }
    }

    @Override
    public BytesInput compress(BytesInput page) throws IOException {
        return chosen.compress(page);
    }

    @Override
    public CompressionCodecName getCodecName() {
        return chosen.getCodecName();
    }

    @Override
    public void release() {
        // What it compresses with serves other columns too.
    }
}
