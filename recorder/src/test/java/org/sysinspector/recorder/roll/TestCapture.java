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
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.ManifestStore;
import org.sysinspector.recorder.log.SegmentFile;
import org.sysinspector.recorder.log.Storage;
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
        return groups(table, number).stream().map(TestCapture::text).toList();
    }

    /** Returns one column of a table's file. */
    List<String> column(String table, int number, String column) throws IOException {
        return groups(table, number).stream()
                .map(g -> g.getFieldRepetitionCount(column) == 0 ? "NULL" : value(g, column)).toList();
    }

    /** Returns all rows that the manifest lists, by table. */
    Map<String, List<String>> allRows() throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        for (Manifest.TableFile file : manifest.current().tables()) {
            all.computeIfAbsent(file.table(), t -> new ArrayList<>()).addAll(rows(file.table(), file.segment()));
        }
        return all;
    }

    /** Returns the key-value metadata of a table's file. */
    Map<String, String> metadata(String table, int number) throws IOException {
        try (ParquetFileReader reader = open(table, number)) {
            return reader.getFileMetaData().getKeyValueMetaData();
        }
    }

    private List<Group> groups(String table, int number) throws IOException {
        List<Group> rows = new ArrayList<>();
        if (!Files.exists(directory.table(table, number))) {
            return rows;
        }
        try (ParquetFileReader reader = open(table, number)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory().getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    rows.add(records.read());
                }
            }
        }
        return rows;
    }

    private ParquetFileReader open(String table, int number) throws IOException {
        return ParquetFileReader.open(new LocalInputFile(directory.table(table, number)),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodec(3)).build());
    }

    private static String text(Group row) {
        StringBuilder out = new StringBuilder();
        row.getType().getFields().stream().filter(f -> row.getFieldRepetitionCount(f.getName()) > 0)
                .forEach(f -> out.append(out.length() == 0 ? "" : " ").append(f.getName()).append('=')
                        .append(value(row, f.getName())));
        return out.toString();
    }

    private static String value(Group row, String column) {
        if (row.getType().getType(column).isPrimitive()) {
            return row.getValueToString(row.getType().getFieldIndex(column), 0);
        }
        Group list = row.getGroup(column, 0);
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < list.getFieldRepetitionCount("list"); i++) {
            elements.add(list.getGroup("list", i).getString("element", 0));
        }
        return elements.toString();
    }
}
