// SPDX-License-Identifier: Apache-2.0
// Where the log is written; the seam at which tests let writes fail.
package org.sysinspector.recorder.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.sysinspector.recorder.capture.PrivateFiles;

/** Where the log is written; the seam at which tests let writes fail. Any thread may use it. */
public interface Storage {
    /** The file system. */
    Storage DISK = new Disk();

    /**
     * Makes a new file that only its owner can read (mode 0600).
     *
     * @throws IOException if it is there already or cannot be made
     */
    WritableFile create(Path file) throws IOException;

    /**
     * Opens a file of ours to go on writing it.
     *
     * @param size bytes to keep
     * @throws IOException if it cannot be opened, or is a link
     */
    WritableFile resume(Path file, long size) throws IOException;

    /** Deletes a file. */
    void delete(Path file) throws IOException;

    /** Returns when the names in a directory are on the disk. */
    void syncDirectory(Path directory) throws IOException;

    /** The file system. */
    final class Disk implements Storage {
        private Disk() {}

        @Override
        public WritableFile create(Path file) throws IOException {
            return new DiskFile(PrivateFiles.createNew(file));
        }

        @Override
        public WritableFile resume(Path file, long size) throws IOException {
            FileChannel channel = PrivateFiles.openToWrite(file);
            DiskFile opened = new DiskFile(channel.position(size));
            opened.truncate(size);
            return opened;
        }

        @Override
        public void delete(Path file) throws IOException {
            if (!PrivateFiles.deleteIfExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            PrivateFiles.sync(directory);
        }
    }

    /**
     * A file of the file system. An interrupt of a thread that writes closes it, as for any channel: do not interrupt.
     */
    final class DiskFile implements WritableFile {
        private final FileChannel channel;

        private DiskFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long write(ByteBuffer[] buffers) throws IOException {
            return channel.write(buffers);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
