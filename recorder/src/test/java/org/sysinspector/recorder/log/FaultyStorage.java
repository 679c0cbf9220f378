// SPDX-License-Identifier: Apache-2.0
// The file system with faults let in, for tests.
package org.sysinspector.recorder.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The file system with faults let in. The faults are fields; all are off at first. */
final class FaultyStorage implements Storage {
    /** Bytes that one write takes at most. */
    volatile int shortWrite = Integer.MAX_VALUE;
    /** Bytes that the disk still takes. */
    volatile long space = Long.MAX_VALUE;
    volatile boolean syncFails;
    volatile boolean createFails;
    volatile boolean truncateFails;

    @Override
    public WritableFile create(Path file) throws IOException {
        if (createFails) {
            throw new IOException("Too many open files");
        }
        return new FaultyFile(DISK.create(file));
    }

    @Override
    public WritableFile resume(Path file, long size) throws IOException {
        return new FaultyFile(DISK.resume(file, size));
    }

    @Override
    public void delete(Path file) throws IOException {
        DISK.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {
        // No power is lost in a test: saves the time.
    }

    private final class FaultyFile implements WritableFile {
        private final WritableFile file;

        FaultyFile(WritableFile file) {
            this.file = file;
        }

        @Override
        public long write(ByteBuffer[] buffers) throws IOException {
            long allowed = Math.min(shortWrite, space);
            if (allowed == 0) {
                throw new IOException("No space left on device");
            }
            long written = 0;
            for (ByteBuffer buffer : buffers) {
                int limit = buffer.limit();
                int part = (int) Math.min(buffer.remaining(), allowed - written);
                buffer.limit(buffer.position() + part);
                written += file.write(new ByteBuffer[] {buffer});
                buffer.limit(limit);
            }
            space -= written;
            return written;
        }

        @Override
        public void truncate(long size) throws IOException {
            if (truncateFails) {
                throw new IOException("Input/output error");
            }
            file.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            if (syncFails) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
