// SPDX-License-Identifier: Apache-2.0
// ZSTD for Parquet pages without Hadoop's codecs.
package org.sysinspector.recorder.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * ZSTD for Parquet pages. Parquet's own factory goes through Hadoop's codecs, which load Hadoop's configuration and
 * an XML parser: seconds of start and 30 MB of jars. One context and one buffer serve all columns of a file. Belongs
 * to one thread.
 */
final class ZstdCodec implements CompressionCodecFactory {
    private final int level;
    private Compressor compressor;

    ZstdCodec(int level) {
        this.level = level;
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        requireZstd(codec);
        if (compressor == null) {
            compressor = new Compressor(level);
        }
        return compressor;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        requireZstd(codec);
        return new Decompressor();
    }

    @Override
    public void release() {
        if (compressor != null) {
            compressor.release();
            compressor = null;
        }
    }

    private static void requireZstd(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("codec expected=ZSTD found=" + codec);
        }
    }

    private static final class Compressor implements BytesInputCompressor {
        private final ZstdCompressCtx context = new ZstdCompressCtx();
        private final Bytes input = new Bytes();
        private byte[] buffer = new byte[0];

        Compressor(int level) {
            context.setLevel(level);
        }

        // The result is in the buffer until the next call: Parquet copies a page before it compresses another.
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            input.reset();
            page.writeAllTo(input);
            int size = input.size();
            int bound = (int) Zstd.compressBound(size);
            if (buffer.length < bound) {
                buffer = new byte[bound];
            }
            return BytesInput.from(
                    buffer, 0, context.compressByteArray(buffer, 0, buffer.length, input.array(), 0, size));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {
            context.close();
        }
    }

    private static final class Decompressor implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput page, int size) throws IOException {
            Bytes in = new Bytes();
            page.writeAllTo(in);
            byte[] out = new byte[size];
            long found = Zstd.decompressByteArray(out, 0, size, in.array(), 0, in.size());
            if (found != size) {
                throw new IOException("page does not decompress: expected=" + size + " found=" + found);
            }
            return BytesInput.from(out);
        }

        @Override
        public void decompress(ByteBuffer in, int inSize, ByteBuffer out, int outSize) throws IOException {
            byte[] raw = new byte[inSize];
            in.get(raw);
            Bytes page = new Bytes();
            decompress(BytesInput.from(raw), outSize).writeAllTo(page);
            out.put(page.array(), 0, page.size());
        }

        @Override
        public void release() {
            // holds nothing
        }
    }

    /** Bytes written to it, without a copy. */
    private static final class Bytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }
}
