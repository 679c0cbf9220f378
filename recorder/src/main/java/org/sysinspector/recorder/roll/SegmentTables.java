// SPDX-License-Identifier: Apache-2.0
// The second pass over a segment: writes its tables, one after the other.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.log.Damage;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.recorder.spill.PairList;
import org.sysinspector.recorder.spill.Scratch;
import org.sysinspector.schema.EnumSchema;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * The second pass over a segment: writes its tables, one after the other, so that only one is in memory. Of all
 * tables but {@code io} only the times and positions of the records are sorted; the records are read again by
 * position. Belongs to one thread.
 */
final class SegmentTables {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private static final EnumSchema RINGS = CATALOG.enumeration("ring_class");
    private static final long IO_ROW_GROUP_BYTES = 6L << 20;
    private static final long ROW_GROUP_BYTES = 4L << 20;
    private static final int ZSTD_LEVEL = 6;
    private static final int WINDOW_BYTES = 256 << 10;
    /** Records sorted at one time, about: 16 bytes each. */
    private static final int MAX_INDEX = 1 << 17;
    private static final int SAMPLE = 64;
    private static final int PART = MAX_INDEX / SAMPLE;

    private final CaptureDirectory capture;
    private final int segment;
    private final FileChannel channel;
    private final SegmentScan scan;
    private final RollState state;
    private final Map<String, String> metadata;
    private final LogWindow window;
    private final Scratch scratch;
    private final PairList sample;
    private final PairList index;
    private final List<Manifest.TableFile> files = new ArrayList<>();

    SegmentTables(CaptureDirectory capture, int segment, FileChannel channel, SegmentScan scan, RollState state,
            Scratch scratch, Map<String, String> metadata) {
        this.capture = capture;
        this.segment = segment;
        this.channel = channel;
        this.scan = scan;
        this.state = state;
        this.metadata = metadata;
        this.sample = new PairList(scratch);
        this.index = new PairList(scratch);
        this.scratch = scratch;
        this.window = new LogWindow(channel, WINDOW_BYTES, WINDOW_BYTES / 4);
    }

    /** Writes all tables that have rows and returns what the manifest says of them. */
    List<Manifest.TableFile> write() throws IOException {
        LifecycleRows lifecycle = new LifecycleRows();
        NameRows names = new NameRows(state.threads, state.files);
        write("fork", lifecycle.fork());
        write("exec", lifecycle.exec());
        write("exit", lifecycle.exit());
        write("snapshot", lifecycle.snapshot());
        write("total", lifecycle.total());
        write("open", names.open());
        write("name_op", names.nameOp());
        write("clock", SampleRows.clock());
        write("recorder", SampleRows.recorder());
        writeLoss();
        write("pressure", SampleRows.pressure());
        writeFiles();
        writeIo();
        return files;
    }

    private void write(String name, RowFiller filler) throws IOException {
        int type = CATALOG.record(name).type();
        try (TableWriter writer = writer(CATALOG.table(name), ROW_GROUP_BYTES)) {
            forEach(name, type, type, position -> fill(position, filler, writer));
            finish(writer);
        }
    }

    /** Writes the losses that the kernel counted and the blocks that are damaged. */
    private void writeLoss() throws IOException {
        Deque<Damage> damage = new ArrayDeque<>(
                scan.damage().stream().sorted(Comparator.comparingLong(Damage::firstNs)).toList());
        int type = SampleRows.LOSS.type();
        RowFiller filler = SampleRows.loss();
        try (TableWriter writer = writer(CATALOG.table("loss"), ROW_GROUP_BYTES)) {
            forEach("loss", type, type, position -> {
                int at = window.record(position);
                long time = window.buffer().getLong(at + RawRecords.TS);
                while (!damage.isEmpty() && damage.peek().firstNs() < time) {
                    write(damage.poll(), writer);
                }
                fill(position, filler, writer);
            });
            while (!damage.isEmpty()) {
                write(damage.poll(), writer);
            }
            finish(writer);
        }
    }

    private static void write(Damage place, TableWriter writer) throws IOException {
        SampleRows.fill(place, writer.row());
        writer.write();
    }

    private void writeFiles() throws IOException {
        try (TableWriter writer = writer(NameHistoryWriter.TABLE, ROW_GROUP_BYTES)) {
            // Rows are written from a window of their own: the one here stays with the record at hand.
            NameHistory history = new NameHistory(
                    state.names, new LogWindow(channel, WINDOW_BYTES, WINDOW_BYTES / 4), scratch, writer);
            forEach("file", FileFields.RECORD.type(), NameOpFields.RECORD.type(), position -> {
                int at = window.record(position);
                ByteBuffer record = window.buffer();
                history.record(record, at, position, RawRecords.type(record, at));
            });
            history.finish();
            finish(writer);
        }
    }

    private void writeIo() throws IOException {
        if (!scan.hasIo()) {
            return;
        }
        try (TableWriter writer = writer(IoTable.TABLE, IO_ROW_GROUP_BYTES)) {
            IoTable table = new IoTable(state.threads, state.files, writer);
            new IoSorter(channel, scan.blocks, scan.stragglers, table).run();
            table.flush();
            finish(writer);
        }
    }

    /** Hands over the positions of the records of one or two types (of one ring) in the order of their starts. */
    private void forEach(String name, int type, int otherType, PositionSink sink) throws IOException {
        int ringClass = RINGS.code(CATALOG.record(name).ring());
        int count = scan.count(type) + (otherType == type ? 0 : scan.count(otherType));
        if (count == 0) {
            return;
        }
        // A few records at a time: parts of about equal size, found by a sample of (start, position).
        sample.clear();
        int[] seen = {0};
        if (count > MAX_INDEX) {
            scan.blocks.walk(window, ringClass, Long.MIN_VALUE, Long.MAX_VALUE, (record, at, position, found) -> {
                if ((found == type || found == otherType) && seen[0]++ % SAMPLE == 0) {
                    sample.add(record.getLong(at + RawRecords.TS), position);
                }
            });
            sample.sort();
        }
        for (int part = 0; part == 0 || part * PART < sample.size(); part++) {
            collect(ringClass, type, otherType, part);
            for (int i = 0; i < index.size(); i++) {
                sink.at(index.second(i));
            }
        }
    }

    /** Leaves one part of the records of one or two types, by (start, position), sorted in {@link #index}. */
    private void collect(int ringClass, int type, int otherType, int part) throws IOException {
        int first = part * PART;
        int next = first + PART;
        boolean isFirst = part == 0;
        boolean isLast = next >= sample.size();
        long from = isFirst ? Long.MIN_VALUE : sample.first(first);
        long fromPosition = isFirst ? Long.MIN_VALUE : sample.second(first);
        long to = isLast ? Long.MAX_VALUE : sample.first(next);
        long toPosition = isLast ? Long.MAX_VALUE : sample.second(next);
        index.clear();
        scan.blocks.walk(window, ringClass, from, to, (record, at, position, found) -> {
            long start = record.getLong(at + RawRecords.TS);
            if ((found == type || found == otherType) && !PairList.isBefore(start, position, from, fromPosition)
                    && PairList.isBefore(start, position, to, toPosition)) {
                index.add(start, position);
            }
        });
        index.sort();
    }

    /** Takes positions of records. */
    private interface PositionSink {
        /** Takes the position of a record's payload. */
        void at(long position) throws IOException;
    }

    private void fill(long position, RowFiller filler, TableWriter writer) throws IOException {
        int at = window.record(position);
        filler.fill(window.buffer(), at, writer.row());
        writer.write();
    }

    private TableWriter writer(TableSchema table, long rowGroupBytes) {
        Map<String, String> all = new TreeMap<>(metadata);
        all.put("sysinspector.table", table.name());
        return new TableWriter(table, capture.table(table.name(), segment), all, rowGroupBytes, ZSTD_LEVEL);
    }

    private void finish(TableWriter writer) throws IOException {
        Manifest.TableFile file = writer.finish(segment);
        if (file != null) {
            files.add(file);
        }
    }
}
