// SPDX-License-Identifier: Apache-2.0
// Keeps manifest.json and the list of rolled segments: every change is on disk, whole, before it counts.
package org.sysinspector.recorder.capture;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.capture.ManifestFile;
import org.sysinspector.capture.RolledList;

/**
 * Keeps {@code manifest.json} and {@code rolled.ndjson}: every change is on disk, whole, before it counts. Segments and
 * tables go to the list, a line each, and are taken into the manifest when the capture is complete; no more than a bit a
 * segment is in memory. The capture's main thread and the roller both change it; the methods are synchronized, so no
 * change is lost, and {@link #current} always returns what is on disk.
 */
public final class ManifestStore {
    private final CaptureDirectory directory;
    private final RolledSegments rolled = new RolledSegments();
    private Manifest current;
    private long listBytes;
    private List<Manifest.TableFile> latest = List.of();

    /**
     * Takes over a manifest of which nothing is rolled.
     *
     * @param directory the capture
     * @param first what its manifest is to say; written with the first {@link #update}
     */
    public ManifestStore(CaptureDirectory directory, Manifest first) {
        this.directory = Objects.requireNonNull(directory);
        this.current = first.withRolled(List.of(), List.of());
    }

    /**
     * Opens the manifest and the list of a capture.
     *
     * @throws CaptureException if there is no capture, or they say what cannot be
     * @throws IOException if they cannot be read
     */
    public static ManifestStore open(CaptureDirectory directory) throws CaptureException, IOException {
        Manifest head = directory.readHead();
        ManifestStore store = new ManifestStore(directory, head);
        if (head.state() == Manifest.State.COMPLETE) {
            return store;
        }
        if (!head.segments().isEmpty()) {
            throw new CaptureException("manifest is damaged: file=" + directory.manifest()
                    + " field=segments expected=none, as the capture is not complete");
        }
        store.readList();
        return store;
    }

    private void readList() throws CaptureException, IOException {
        if (!PrivateFiles.exists(directory.rolled())) {
            return;
        }
        try (FileChannel file = PrivateFiles.openOrCreate(directory.rolled())) {
            RolledList list = list(file);
            for (RolledList.Line line = list.next(); line != null; line = list.next()) {
                rolled.add(line.segment(), line.tables());
            }
            listBytes = list.wholeBytes();
        }
    }

    private RolledList list(FileChannel file) throws IOException {
        return new RolledList(file, directory.rolled().toString(), current.captureId(), 0);
    }

    /** Returns the manifest as it is now, without its segments and tables. */
    public synchronized Manifest current() {
        return current;
    }

    /** Returns what the rolled segments hold together; for the thread that adds to them, or when it has ended. */
    public RolledSegments rolled() {
        return rolled;
    }

    /**
     * Changes the manifest and writes it: hidden file, fsync, rename, fsync of the directory; mode 0600.
     *
     * @param change makes the new manifest from the one now; called under the lock
     * @return the new manifest
     * @throws IOException if it cannot be written; the manifest is then as it was, here and on disk
     */
    public synchronized Manifest update(UnaryOperator<Manifest> change) throws IOException {
        Manifest next = change.apply(current);
        write(next);
        current = next;
        return next;
    }

    /**
     * Adds a segment that is rolled to the list: from now on it counts.
     *
     * @param tables the files made from it
     * @throws IOException if it cannot be written; the list is then as it was
     */
    public synchronized void add(Manifest.Segment segment, List<Manifest.TableFile> tables) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(RolledList.format(new RolledList.Line(current.captureId(), segment, tables)));
        int bytes = line.remaining();
        try (FileChannel file = PrivateFiles.openOrCreate(directory.rolled())) {
            // What a kill or a full disk left of a line goes.
            file.truncate(listBytes).position(listBytes);
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        }
        if (rolled.count() == 0) {
            PrivateFiles.sync(directory.root());
        }
        listBytes += bytes;
        rolled.add(segment, tables);
        latest = List.copyOf(tables);
    }

    /**
     * Returns the files made from a segment that is rolled.
     *
     * @throws IOException if the list cannot be read
     */
    public synchronized List<Manifest.TableFile> tables(int segment) throws IOException {
        if (segment == rolled.count() && !latest.isEmpty()) {
            return latest;
        }
        try (FileChannel file = PrivateFiles.open(directory.rolled())) {
            RolledList list = list(file);
            RolledList.Line line = list.next();
            while (line != null && line.segment().number() != segment) {
                line = list.next();
            }
            return line == null ? List.of() : line.tables();
        } catch (CaptureException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Changes the manifest a last time and takes the list of segments and tables into it.
     *
     * @param change makes the new manifest from the one now; complete
     * @return the new manifest, without its segments and tables
     * @throws IOException if it cannot be written; all is then as it was
     */
    public synchronized Manifest complete(UnaryOperator<Manifest> change) throws IOException {
        Manifest next = change.apply(current);
        try (FileChannel list = PrivateFiles.openOrCreate(directory.rolled())) {
            write(next.withRolled(new Walked<>(list, line -> List.of(line.segment()), rolled.count()),
                    new Walked<>(list, RolledList.Line::tables, rolled.allTables().files())));
        }
        current = next;
        PrivateFiles.deleteIfExists(directory.rolled());
        return next;
    }

    private void write(Manifest manifest) throws IOException {
        PrivateFiles.replace(directory.manifest(), channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 64 << 10);
            ManifestFile.write(manifest, out);
        });
    }

    /** A list that is read from the file as it is walked, from its beginning to its end; one at a time. */
    private final class Walked<T> extends AbstractList<T> {
        private final FileChannel file;
        private final Function<RolledList.Line, List<T>> part;
        private final int size;

        Walked(FileChannel file, Function<RolledList.Line, List<T>> part, int size) {
            this.file = file;
            this.part = part;
            this.size = size;
        }

        @Override
        public T get(int index) {
            throw new UnsupportedOperationException("it is only walked");
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<T> iterator() {
            try {
                RolledList lines = list(file);
                return Stream.generate(() -> next(lines)).takeWhile(Objects::nonNull).flatMap(l -> part.apply(l).stream())
                        .iterator();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private RolledList.Line next(RolledList lines) {
            try {
                return lines.next();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (CaptureException e) {
                throw new UncheckedIOException(new IOException(e.getMessage(), e));
            }
        }
    }
}
