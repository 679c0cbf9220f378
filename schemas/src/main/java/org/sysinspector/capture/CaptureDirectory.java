// SPDX-License-Identifier: Apache-2.0
// Where things lie in a capture directory.
package org.sysinspector.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where things lie in a capture directory. Only names; it writes nothing.
 *
 * <pre>
 * CAPTURE/manifest.json
 * CAPTURE/rolled.ndjson                 the segments that are rolled, until all are and the manifest takes them in
 * CAPTURE/log/000001.silog ...          gone once rolled, unless kept
 * CAPTURE/log/keyframe-000001.silog     what rolling segment 2 needs of those before it; gone once that is rolled
 * CAPTURE/log/lock                      locked by the recorder, or by roll, as long as it is at it
 * CAPTURE/tables/TABLE/000001.parquet
 * </pre>
 *
 * @param root the directory
 */
public record CaptureDirectory(Path root) {
    private static final String SEGMENT_SUFFIX = ".silog";

    /** Returns the manifest. */
    public Path manifest() {
        return root.resolve("manifest.json");
    }

    /** Returns the list of rolled segments. */
    public Path rolled() {
        return root.resolve("rolled.ndjson");
    }

    /** Returns the directory of the log. */
    public Path log() {
        return root.resolve("log");
    }

    /** Returns the file of a segment, numbered from 1. */
    public Path segment(int number) {
        return log().resolve(String.format(Locale.ROOT, "%06d%s", number, SEGMENT_SUFFIX));
    }

    /** Returns the file with the state of the roller after a segment. */
    public Path keyframe(int segment) {
        return log().resolve(String.format(Locale.ROOT, "keyframe-%06d%s", segment, SEGMENT_SUFFIX));
    }

    /** Returns the directory of all tables. */
    public Path tables() {
        return root.resolve("tables");
    }

    /** Returns the Parquet file of a table and segment. */
    public Path table(String table, int segment) {
        return tables().resolve(table).resolve(String.format(Locale.ROOT, "%06d.parquet", segment));
    }

    /**
     * Returns the numbers of the segments that are there, in order.
     *
     * @throws IOException if the log cannot be listed
     */
    public List<Integer> segments() throws IOException {
        if (!Files.isDirectory(log())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(log())) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.matches("[0-9]{6,9}\\" + SEGMENT_SUFFIX))
                    .map(n -> Integer.valueOf(n.substring(0, n.length() - SEGMENT_SUFFIX.length())))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads the manifest of a capture, with the segments and tables that are rolled so far. The recorder may be at work
     * meanwhile.
     *
     * @throws CaptureException if there is no capture here, or it cannot be read
     */
    public Manifest readManifest() throws CaptureException {
        Manifest head = readHead();
        if (head.state() == Manifest.State.COMPLETE) {
            return head;
        }
        List<Manifest.Segment> segments = new ArrayList<>(head.segments());
        List<Manifest.TableFile> tables = new ArrayList<>(head.tables());
        try (FileChannel list = open(rolled())) {
            RolledList lines = new RolledList(list, rolled().toString(), head.captureId(), segments.size());
            for (RolledList.Line line = lines.next(); line != null; line = lines.next()) {
                segments.add(line.segment());
                tables.addAll(line.tables());
            }
        } catch (NoSuchFileException e) {
            // nothing is rolled yet, or all is since the manifest was read
        } catch (IOException e) {
            throw unreadable(rolled(), e);
        }
        // The manifest takes the list in, then the list goes: where the one is not complete, the other was as it should be.
        Manifest now = readHead();
        return now.state() == Manifest.State.COMPLETE ? now : now.withRolled(segments, tables);
    }

    /**
     * Reads {@code manifest.json} alone: without what is rolled, while the capture is not complete.
     *
     * @throws CaptureException if it is not there or cannot be read
     */
    public Manifest readHead() throws CaptureException {
        try {
            if (!Files.readAttributes(root, BasicFileAttributes.class).isDirectory()) {
                throw new CaptureException("not a capture (a capture is a directory): " + root);
            }
        } catch (AccessDeniedException e) {
            throw denied(root, e);
        } catch (IOException e) {
            throw new CaptureException("no such capture: " + root, e);
        }
        try (FileChannel file = open(manifest())) {
            return ManifestFile.read(file, manifest().toString());
        } catch (NoSuchFileException e) {
            throw new CaptureException("not a capture (no manifest.json): " + root, e);
        } catch (IOException e) {
            throw unreadable(manifest(), e);
        }
    }

    private static FileChannel open(Path file) throws CaptureException, IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
            throw new CaptureException("cannot read " + file + ": it is no regular file");
        }
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private static CaptureException unreadable(Path file, IOException e) {
        if (e instanceof AccessDeniedException) {
            return denied(file, e);
        }
        String reason = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
        return new CaptureException("cannot read " + file + (reason == null ? "" : ": " + reason), e);
    }

    private static CaptureException denied(Path file, IOException e) {
        return new CaptureException("permission denied: " + file + "; read the capture as its owner or as root", e);
    }
}
