// SPDX-License-Identifier: Apache-2.0
// Where things lie in a capture directory.
package org.sysinspector.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where things lie in a capture directory. Only names; it writes nothing.
 *
 * <pre>
 * CAPTURE/manifest.json
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
     * Reads the manifest of a capture.
     *
     * @throws CaptureException if there is no capture here, or it cannot be read
     */
    public Manifest readManifest() throws CaptureException {
        if (!Files.exists(root)) {
            throw new CaptureException("no such capture: " + root);
        }
        if (!Files.isDirectory(root)) {
            throw new CaptureException("not a capture (a capture is a directory): " + root);
        }
        if (!Files.exists(manifest())) {
            throw new CaptureException("not a capture (no manifest.json): " + root);
        }
        return ManifestFile.read(manifest());
    }
}
