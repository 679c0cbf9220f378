// SPDX-License-Identifier: Apache-2.0
// Checks the segments of a capture's log.
package org.sysinspector.recorder.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.recorder.log.Block;
import org.sysinspector.recorder.log.Damage;
import org.sysinspector.recorder.log.RecordCursor;
import org.sysinspector.recorder.log.SegmentReader;
import org.sysinspector.schema.SchemaCatalog;

/**
 * Checks the segments of a capture's log: those rolled against the manifest, those still to be rolled by reading them.
 */
final class SegmentsCheck {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final int IO = CATALOG.enumeration("ring_class").code("io");
    private static final int NAMES = CATALOG.enumeration("ring_class").code("names");
    private static final int LIFECYCLE = CATALOG.enumeration("ring_class").code("lifecycle");
    /** The records of the rings that CPUs share begin alike. */
    private static final int NUMBER = CATALOG.record("open").offset("number");
    private static final int CPU = CATALOG.record("open").offset("cpu");
    private static final int HEAD_BYTES = CPU + Integer.BYTES;

    private final CaptureDirectory capture;
    private final Manifest manifest;
    private final Findings findings;
    private final Numbering numbering = new Numbering();

    SegmentsCheck(CaptureDirectory capture, Manifest manifest, Findings findings) {
        this.capture = capture;
        this.manifest = manifest;
        this.findings = findings;
    }

    void check() throws IOException {
        List<Integer> listed = manifest.segments().stream().map(Manifest.Segment::number).toList();
        List<Integer> there = capture.segments();
        int expected = listed.size() + 1;
        for (Manifest.Segment segment : manifest.segments()) {
            rolled(segment, there.contains(segment.number()));
        }
        for (int number : there) {
            while (!CaptureVerifier.complete(manifest) && expected < number) {
                findings.error(name(expected++), "a file", "no file");
            }
            expected = Math.max(expected, number + 1);
            if (!listed.contains(number)) {
                pending(number, number == there.get(there.size() - 1));
            }
        }
        numbering.check(manifest, findings);
    }

    private void rolled(Manifest.Segment segment, boolean there) {
        String what = name(segment.number());
        if (segment.kept() != there) {
            numbering.skip();
            // A roller that was killed may have left the file; the next one deletes it.
            if (there && !CaptureVerifier.complete(manifest)) {
                findings.ok(what, "rolled, to be deleted by: sys-inspector roll");
            } else {
                findings.error(what, segment.kept() ? "a file" : "no file", there ? "a file" : "no file");
            }
            return;
        }
        String known = segment.damage() == null ? "" : " damaged=" + segment.damage();
        boolean unreadable = segment.damagedBlocks() > 0 && segment.blocks() == 0;
        if (!segment.kept() || unreadable) {
            // One that could not be read at all is kept as it is: there is nothing to compare.
            numbering.skip();
            findings.ok(what, "rolled events=" + segment.events() + known);
            return;
        }
        Contents found = read(what, segment.number());
        if (found == null) {
            return;
        }
        boolean equal = findings.equal(what, "bytes:" + segment.bytes(), "bytes:" + found.bytes)
                & findings.equal(what, "blocks:" + segment.blocks(), "blocks:" + found.blocks)
                & findings.equal(what, "events:" + segment.events(), "events:" + found.events);
        if (!found.damage.isEmpty() && segment.damagedBlocks() == 0) {
            found.damage.forEach(d -> findings.error(what, "whole blocks", d.describe()));
        } else if (equal) {
            findings.ok(what, "kept " + found + known);
        }
    }

    private void pending(int number, boolean last) {
        String what = name(number);
        boolean mayBeCutOff = last && manifest.state() == Manifest.State.RECORDING;
        if (CaptureVerifier.complete(manifest)) {
            findings.error(what, "in the manifest", "not in it");
            return;
        }
        Contents found = read(what, number);
        if (found == null) {
            return;
        }
        int errors = findings.errors();
        for (Damage damage : found.damage) {
            if (!mayBeCutOff || damage.kind() != Damage.Kind.CUT_OFF) {
                findings.error(what, "whole blocks", damage.describe());
            }
        }
        if (!found.closedCleanly && !mayBeCutOff && found.damage.isEmpty()) {
            findings.error(what, "an end mark", "none at offset=" + found.bytes);
        }
        if (findings.errors() == errors) {
            findings.ok(what, "not rolled yet " + found + (found.closedCleanly ? "" : " open or cut off"));
        }
    }

    private Contents read(String what, int number) {
        Path file = capture.segment(number);
        RecordCursor cursor = new RecordCursor();
        try (SegmentReader reader = SegmentReader.open(file)) {
            findings.equal(what, "capture_id:" + manifest.captureId(), "capture_id:" + reader.captureId());
            findings.equal(what, "number:" + number, "number:" + reader.segmentNumber());
            for (Block block = reader.next(); block != null; block = reader.next()) {
                long events = 0;
                cursor.wrap(block.records());
                while (cursor.next()) {
                    events += cursor.operations();
                    follow(block, cursor);
                }
                findings.equal(what + " block " + block.sequence(), "events:" + block.events(), "events:" + events);
            }
            reader.damage().forEach(d -> numbering.damaged(d.events()));
            return new Contents(PrivateFiles.size(file), reader.blocks(), reader.events(), List.copyOf(reader.damage()),
                    reader.closedCleanly());
        } catch (IOException e) {
            findings.error(what, "a segment", e.getMessage());
            return null;
        }
    }

    private void follow(Block block, RecordCursor cursor) {
        if (block.ringClass() == IO && block.cpu() >= 0) {
            numbering.record(IO, block.cpu(), cursor.number(), cursor.operations());
        } else if ((block.ringClass() == NAMES || block.ringClass() == LIFECYCLE) && cursor.length() >= HEAD_BYTES) {
            numbering.record(block.ringClass(), block.records().getInt(cursor.offset() + CPU),
                    block.records().getInt(cursor.offset() + NUMBER), 1);
        }
    }

    private static String name(int number) {
        return "log/" + new CaptureDirectory(Path.of("")).segment(number).getFileName();
    }

    /** What a segment holds. */
    private record Contents(long bytes, long blocks, long events, List<Damage> damage, boolean closedCleanly) {
        @Override
        public String toString() {
            return "bytes=" + bytes + " blocks=" + blocks + " events=" + events;
        }
    }
}
