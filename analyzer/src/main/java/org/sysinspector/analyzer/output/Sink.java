// SPDX-License-Identifier: Apache-2.0
// Where output goes: standard output, or a file that appears only when it is whole.
package org.sysinspector.analyzer.output;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.sysinspector.text.IoProblem;

/**
 * Where output goes: standard output, or a file. A file is written beside its place and moved there by {@link #commit};
 * without that, closing removes it.
 */
public final class Sink implements AutoCloseable {
    private final Writer writer;
    private final Path part;
    private final Path file;

    private Sink(Writer writer, Path part, Path file) {
        this.writer = writer;
        this.part = part;
        this.file = file;
    }

    /**
     * Opens it.
     *
     * @param file the file, or nothing for standard output
     * @throws IOException if the file cannot be written
     */
    public static Sink open(Optional<Path> file, PrintStream standardOutput) throws IOException {
        if (file.isEmpty()) {
            // A print stream keeps to itself what went wrong: a reader that left, or a disk that is full.
            return over(standardOutput == System.out ? new FileOutputStream(FileDescriptor.out) : standardOutput);
        }
        Path target = file.get().toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            // A device or pipe takes the text as it comes; a directory is refused here.
            return new Sink(text(Files.newOutputStream(target)), null, null);
        }
        Path part = part(target);
        // Whatever has the name goes first: a link of somebody else there is not followed.
        Files.deleteIfExists(part);
        return new Sink(text(Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)), part, target);
    }

    /** Returns one that writes to a stream and ends quietly where nobody reads it any more. */
    public static Sink over(OutputStream out) {
        return new Sink(text(new Checked(out)), null, null);
    }

    private static Writer text(OutputStream out) {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
    }

    /** Returns the name that a file has until it is whole. */
    public static Path part(Path file) {
        return file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".part");
    }

    /** Returns the writer; UTF-8. */
    public Writer writer() {
        return writer;
    }

    /**
     * Flushes, and gives a file its name.
     *
     * @throws IOException if that fails
     */
    public void commit() throws IOException {
        writer.flush();
        if (file != null) {
            writer.close();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            writer.close();
            Files.deleteIfExists(part);
        }
    }

    /** Nobody reads standard output any more, as in {@code | head}. */
    public static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1L;

        ClosedException() {
            super("standard output is closed");
        }
    }

    /** Standard output: ends the work without a word where nobody reads it any more. */
    private static final class Checked extends OutputStream {
        private final OutputStream out;

        Checked(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
                flush();
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
                    throw new ClosedException();
                }
                throw new IOException("cannot write to standard output: " + IoProblem.reason(e), e);
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
            if (out instanceof PrintStream stream && stream.checkError()) {
                throw new ClosedException();
            }
        }
    }
}
