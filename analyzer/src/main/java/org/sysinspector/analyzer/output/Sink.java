// SPDX-License-Identifier: Apache-2.0
// Where output goes: standard output, or a file that appears only when it is whole.
package org.sysinspector.analyzer.output;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

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
            return new Sink(text(new Checked(standardOutput)), null, null);
        }
        Path target = file.get().toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            // A device or pipe takes the text as it comes; a directory is refused here.
            return new Sink(text(Files.newOutputStream(target)), null, null);
        }
        Path part = part(target);
        return new Sink(text(Files.newOutputStream(part)), part, target);
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

    /** A print stream keeps its errors to itself; this one ends the work. */
    private static final class Checked extends OutputStream {
        private final PrintStream out;

        Checked(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            flush();
        }

        @Override
        public void flush() throws IOException {
            if (out.checkError()) {
                throw new ClosedException();
            }
        }
    }
}
