// SPDX-License-Identifier: Apache-2.0
// The file below a Parquet writer: private mode, checksum of all bytes, fsync at the end.
package org.sysinspector.recorder.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.sysinspector.recorder.capture.PrivateFiles;

/**
 * The file below a Parquet writer: mode 0600, CRC32C of all its bytes, fsync before it is closed. Never touches
 * Hadoop's file systems (their {@code file:} one forks processes). Belongs to one thread.
 */
final class TableOutput implements OutputFile {
    private final Path file;
    private final CRC32C crc = new CRC32C();
    private long bytes;

    TableOutput(Path file) {
        this.file = file;
    }

    /** Returns the bytes written. */
    long bytes() {
        return bytes;
    }

    /** Returns the checksum of the bytes written, eight hex digits. */
    String crc32c() {
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Stream(PrivateFiles.create(file));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    private final class Stream extends PositionOutputStream {
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);

        Stream(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long getPos() {
            return bytes;
        }

        @Override
        public void write(int b) throws IOException {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put((byte) b);
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int part = Math.min(length - done, buffer.remaining());
                buffer.put(from, offset + done, part);
                done += part;
            }
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            buffer.flip();
            crc.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        @Override
        public void close() throws IOException {
            if (!channel.isOpen()) {
                return;
            }
            try (channel) {
                flush();
                channel.force(true);
            }
        }
    }
}
