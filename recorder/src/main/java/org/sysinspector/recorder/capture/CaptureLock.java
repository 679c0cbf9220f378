// SPDX-License-Identifier: Apache-2.0
// Says that somebody is at work on a capture.
package org.sysinspector.recorder.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.sysinspector.capture.CaptureDirectory;

/** Says that somebody (a recorder, a roll) is at work on a capture. The kernel takes it back however the process ends. */
public final class CaptureLock implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private CaptureLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException if it cannot be had; {@link BusyException} where somebody else has it
     */
    public static CaptureLock take(CaptureDirectory capture) throws IOException {
        PrivateFiles.makeDirectory(capture.log());
        Path file = capture.log().resolve("lock");
        FileChannel channel = PrivateFiles.openOrCreate(file);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new CaptureLock(file, channel);
            }
        } catch (OverlappingFileLockException e) {
            // this very process has it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new BusyException("capture is in use: " + capture.root() + " lock=" + file
                + "; wait until its recorder or roll has ended");
    }

    @Override
    public void close() throws IOException {
        PrivateFiles.deleteIfExists(file);
        channel.close();
    }

    /** Somebody else is at work on the capture. */
    public static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException(String message) {
            super(message);
        }
    }
}
