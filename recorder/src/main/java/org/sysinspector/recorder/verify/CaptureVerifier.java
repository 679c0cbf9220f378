// SPDX-License-Identifier: Apache-2.0
// Checks that a capture is what its manifest says.
package org.sysinspector.recorder.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.CaptureTrust;

/** Checks that a capture is what its manifest says. Reads all of it, changes nothing, starts no process. */
public final class CaptureVerifier {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final CaptureDirectory capture;
    private final Findings findings;

    /** Makes a verifier that tells what it finds. */
    public CaptureVerifier(CaptureDirectory capture, Findings findings) {
        this.capture = capture;
        this.findings = findings;
    }

    /**
     * Checks everything.
     *
     * @throws CaptureException if this is no capture, or its manifest cannot be read
     * @throws IOException if the directory cannot be listed
     */
    public void verify() throws CaptureException, IOException {
        Optional<String> problem = CaptureTrust.ofThisProcess().problem(capture.root());
        if (problem.isPresent()) {
            throw new CaptureException(problem.get());
        }
        Manifest manifest = capture.readManifest();
        findings.ok("manifest.json", "state=" + manifest.state().name().toLowerCase(Locale.ROOT) + " segments="
                + manifest.segments().size() + " files=" + manifest.tables().size() + " capture_id="
                + manifest.captureId()
                + (complete(manifest) ? "" : "; not all rolled, next: sys-inspector roll " + capture.root()));
        permissions();
        new SegmentsCheck(capture, manifest, findings).check();
        new TablesCheck(capture, manifest, findings).check();
        counts(manifest);
    }

    private void permissions() throws IOException {
        Path root = capture.root();
        PosixFileAttributeView view = Files.getFileAttributeView(root, PosixFileAttributeView.class);
        if (view == null) {
            findings.ok("directory", "this file system has no modes");
            return;
        }
        Set<PosixFilePermission> found = view.readAttributes().permissions();
        if (found.equals(PRIVATE)) {
            findings.ok("directory", "mode=" + PosixFilePermissions.toString(found));
        } else {
            findings.error("directory", PosixFilePermissions.toString(PRIVATE), PosixFilePermissions.toString(found));
        }
    }

    private void counts(Manifest manifest) {
        if (manifest.counts() == null) {
            if (complete(manifest)) {
                findings.error("counts", "counts of a complete capture", "none");
            }
            return;
        }
        for (Manifest.Count count : manifest.counts()) {
            findings.ok("counts " + count.ringClass(),
                    "seen=" + count.seen() + " recorded=" + count.recorded() + " lost=" + count.lost());
        }
        for (Manifest.Loss loss : manifest.losses()) {
            findings.ok("missing", "class=" + (loss.ringClass() == null ? "unknown" : loss.ringClass()) + " reason="
                    + loss.reason() + " at_least=" + loss.atLeast() + " at_most="
                    + (loss.atMost() == null ? "unknown" : loss.atMost()));
        }
        if (complete(manifest)) {
            losses(manifest);
            events(manifest);
        }
    }

    private void losses(Manifest manifest) {
        for (Manifest.Count count : manifest.counts()) {
            long known = manifest.losses().stream().filter(l -> count.ringClass().equals(l.ringClass()))
                    .mapToLong(Manifest.Loss::atLeast).sum();
            findings.equal("losses of " + count.ringClass(), "lost:" + count.lost(), "lost:" + known);
        }
    }

    /**
     * Compares what was recorded with what the segments held, and with the rows of table io: one an operation, but for
     * those put together, and for changes of mode, which go to table pressure. Where blocks were damaged, there may be
     * less.
     */
    private void events(Manifest manifest) {
        long recorded = manifest.counts().stream().mapToLong(Manifest.Count::recorded).sum();
        long inSegments = manifest.segments().stream().mapToLong(Manifest.Segment::events).sum();
        long merged = manifest.segments().stream().mapToLong(Manifest.Segment::merged).sum();
        boolean damaged = manifest.segments().stream().anyMatch(s -> s.damagedBlocks() > 0);
        compare("events in segments", recorded, inSegments, damaged);
        manifest.counts().stream()
                .filter(c -> "io".equals(c.ringClass()))
                .forEach(c -> compare("rows of io", c.recorded() - rows(manifest, "pressure") - merged,
                        rows(manifest, "io"), damaged));
    }

    private void compare(String what, long expected, long found, boolean damaged) {
        if (found == expected || damaged && found < expected) {
            findings.ok(what, "found=" + found + (damaged ? " recorded=" + expected + " (blocks damaged)" : ""));
        } else {
            findings.error(what, (damaged ? "at most " : "") + expected, found);
        }
    }

    private static long rows(Manifest manifest, String table) {
        return manifest.tables().stream()
                .filter(t -> t.table().equals(table))
                .mapToLong(Manifest.TableFile::rows)
                .sum();
    }

    /** Returns whether everything is rolled, so that nothing may be missing or left over. */
    static boolean complete(Manifest manifest) {
        return switch (manifest.state()) {
            case COMPLETE -> true;
            case RECORDING, RECORDED -> false;
        };
    }
}
