// SPDX-License-Identifier: Apache-2.0
// Makes small captures to verify.
package org.sysinspector.recorder.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.capture.ManifestFile;
import org.sysinspector.recorder.log.SegmentFile;
import org.sysinspector.recorder.log.Storage;

/** A small capture: two segments, the second kept, tables io and clock. Its manifest can be changed. */
public final class CaptureFixture {
    /** Id of every capture made here. */
    public static final String CAPTURE_ID = "0123456789abcdef0123456789abcdef";

    private static final MessageType TYPE =
            MessageTypeParser.parseMessageType("message row { required int64 ts_ns; }");
    private static final int IO = 2;
    private static final int SAMPLE = 3;

    private final CaptureDirectory capture;
    private Manifest manifest;

    private CaptureFixture(Path root) {
        capture = new CaptureDirectory(root);
    }

    /** Makes a capture of 5 and 7 I/O events and one anchor of the clock, all rolled. */
    public static CaptureFixture complete(Path root) throws IOException {
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        CaptureFixture fixture = new CaptureFixture(root);
        Files.createDirectory(fixture.capture.log());
        long bytes = fixture.segment(2, 1, 5, true, 7);
        List<Manifest.TableFile> tables = new ArrayList<>();
        tables.add(fixture.table("io", 1, 5, CAPTURE_ID));
        tables.add(fixture.table("io", 2, 7, CAPTURE_ID));
        tables.add(fixture.table("clock", 2, 1, CAPTURE_ID));
        fixture.manifest = new Manifest(
                Manifest.FORMAT_VERSION, CAPTURE_ID, "0.1.0", Manifest.State.COMPLETE,
                new Manifest.Host("web1", "6.18", "x86_64", 2, "boot", "Debian"),
                new Manifest.Window(1, 2, "duration"), List.of(), new Manifest.Filter(List.of(), true, 1), List.of(), List.of(),
                List.of(new Manifest.Count("io", 14, 12, 2), new Manifest.Count("sample", 1, 1, 0)),
                List.of(new Manifest.Loss("io", "ring_full", 2, 2L)), null,
                List.of(new Manifest.Segment(1, 1000, 2, 6, 0, null, false),
                        new Manifest.Segment(2, bytes, 1, 7, 0, null, true)),
                tables);
        fixture.save();
        return fixture;
    }

    /** Returns where things lie. */
    public CaptureDirectory capture() {
        return capture;
    }

    /** Writes a segment with one block of events; returns its size. */
    public long segment(int number, long sequence, long before, boolean end, int events) throws IOException {
        Path file = capture.segment(number);
        try (SegmentFile segment = new SegmentFile(Storage.DISK, file, CAPTURE_ID, number, sequence, before)) {
            ByteBuffer records = ByteBuffer.allocate(events * 24).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < events; i++) {
                records.putInt(16).putInt(0).putInt(128 << 24).putInt(0).putLong(i);
            }
            segment.append(IO, 0, records.flip(), events, 0, events - 1, 0);
            if (end) {
                segment.end();
            }
        }
        return Files.size(file);
    }

    /** Writes a Parquet file; returns its entry for the manifest. */
    public Manifest.TableFile table(String table, int segment, int rows, String captureId) throws IOException {
        Path file = capture.table(table, segment);
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(TYPE)
                .withExtraMetaData(Map.of("sysinspector.capture_id", captureId, "sysinspector.table", table))
                .build()) {
            for (int i = 0; i < rows; i++) {
                Group row = new SimpleGroup(TYPE);
                row.add("ts_ns", (long) i);
                writer.write(row);
            }
        }
        return entry(table, segment, rows);
    }

    /** Returns the entry of a file as it is now. */
    public Manifest.TableFile entry(String table, int segment, long rows) throws IOException {
        byte[] bytes = Files.readAllBytes(capture.table(table, segment));
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return new Manifest.TableFile(table, "tables/" + table + "/" + capture.table(table, segment).getFileName(),
                segment, rows, bytes.length, HexFormat.of().toHexDigits((int) crc.getValue()));
    }

    /** Changes state, counts, segments or tables in the manifest. */
    public void state(Manifest.State state) throws IOException {
        change(state, manifest.counts(), manifest.segments(), manifest.tables());
    }

    /** Replaces the counts. */
    public void counts(Manifest.Count... counts) throws IOException {
        change(manifest.state(), List.of(counts), manifest.segments(), manifest.tables());
    }

    /** Changes the segments. */
    public void segments(UnaryOperator<List<Manifest.Segment>> change) throws IOException {
        change(manifest.state(), manifest.counts(), change.apply(new ArrayList<>(manifest.segments())),
                manifest.tables());
    }

    /** Changes the entry of a table's file. */
    public void tables(UnaryOperator<List<Manifest.TableFile>> change) throws IOException {
        change(manifest.state(), manifest.counts(), manifest.segments(),
                change.apply(new ArrayList<>(manifest.tables())));
    }

    private void change(Manifest.State state, List<Manifest.Count> counts, List<Manifest.Segment> segments,
            List<Manifest.TableFile> tables) throws IOException {
        manifest = new Manifest(manifest.formatVersion(), manifest.captureId(), manifest.toolVersion(), state,
                manifest.host(), manifest.window(), manifest.probes(), manifest.filter(), manifest.rings(),
                manifest.clock(), counts, counts.stream()
                        .filter(c -> c.lost() > 0).map(c -> new Manifest.Loss(c.ringClass(), "ring_full", c.lost(), c.lost())).toList(),
                manifest.cost(), segments, tables);
        save();
    }

    private void save() throws IOException {
        Files.write(capture.manifest(), ManifestFile.format(manifest));
    }
}
