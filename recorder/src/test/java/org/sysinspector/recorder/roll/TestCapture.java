// SPDX-License-Identifier: Apache-2.0
// A capture in a temporary directory: segments written from synthetic records, tables read back.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.log.SegmentFile;
import org.sysinspector.recorder.log.Storage;
import org.sysinspector.recorder.parquet.TableFiles;
import org.sysinspector.schema.SchemaCatalog;

/** A capture in a temporary directory. */
public final class TestCapture {
    static final String ID = "00112233445566778899aabbccddeeff";

    /** Where it is. */
    public final CaptureDirectory directory;
    final ManifestStore manifest;
    private final List<byte[]> pending = new ArrayList<>();
    private SegmentFile segment;
    private long firstNs;
    private long lastNs;

    TestCapture(Path root) throws IOException {
        directory = new CaptureDirectory(root);
        Files.createDirectories(directory.log());
        manifest = new ManifestStore(directory, new Manifest(Manifest.FORMAT_VERSION, ID, "test",
                Manifest.State.RECORDING, new Manifest.Host("host", "6.18", "x86_64", 2, "boot", "test"),
                new Manifest.Window(1, 0, null), List.of(), new Manifest.Filter(List.of(), true, 1), List.of(),
                List.of(), null, List.of(), null, List.of(), List.of()));
        manifest.update(m -> m);
    }

    /** Takes a capture that is there, to read it. */
    TestCapture(CaptureDirectory directory, Manifest manifest) {
        this.directory = directory;
        this.manifest = new ManifestStore(directory, manifest);
    }

    /** Starts a segment. */
    TestCapture begin(int number) throws IOException {
        long sequence = segment == null ? 0 : segment.sequence();
        long events = segment == null ? 0 : segment.events();
        segment = new SegmentFile(Storage.DISK, directory.segment(number), ID, number, sequence, events);
        return this;
    }

    /** Writes records as one block; all are of one ring class. */
    TestCapture block(int cpu, RecordBuilder... records) throws IOException {
        for (RecordBuilder record : records) {
            add(record);
        }
        flush(SchemaCatalog.get().enumeration("ring_class").code(records[0].ring()), cpu);
        return this;
    }

    /** Takes a record for the next {@link #flush}. */
    void add(RecordBuilder record) {
        if (pending.isEmpty()) {
            firstNs = record.ts();
            lastNs = record.ts();
        }
        firstNs = Math.min(firstNs, record.ts());
        lastNs = Math.max(lastNs, record.ts());
        pending.add(record.bytes());
    }

    /** Writes the records taken as one block. */
    void flush(int ringClass, int cpu) throws IOException {
        int size = pending.stream().mapToInt(r -> 8 + (r.length + 7 & -8)).sum();
        ByteBuffer block = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] record : pending) {
            int at = block.position();
            block.putInt(record.length).putInt(0).put(record).position(at + 8 + (record.length + 7 & -8));
        }
        segment.append(ringClass, cpu, block.flip(), pending.size(), firstNs, lastNs, 0);
        pending.clear();
    }

    /** Ends the segment. */
    void end() throws IOException {
        segment.end();
        segment.close();
    }

    /** Rolls a segment. */
    void roll(int number) throws IOException {
        new Roller(directory, manifest, false).roll(number);
    }

    /** Returns the rows of a table's file, each as column=value in file order, absent values left out. */
    List<String> rows(String table, int number) throws IOException {
        return TableFiles.rows(directory.table(table, number));
    }

    /** Returns one column of a table's file. */
    List<String> column(String table, int number, String column) throws IOException {
        return TableFiles.column(directory.table(table, number), column);
    }

    /** Returns all rows that the manifest lists, by table. */
    Map<String, List<String>> allRows() throws IOException, CaptureException {
        Map<String, List<String>> all = new TreeMap<>();
        for (Manifest.TableFile file : directory.readManifest().tables()) {
            all.computeIfAbsent(file.table(), t -> new ArrayList<>()).addAll(rows(file.table(), file.segment()));
        }
        return all;
    }

    /** Returns the key-value metadata of a table's file. */
    Map<String, String> metadata(String table, int number) throws IOException {
        return TableFiles.metadata(directory.table(table, number));
    }
}
