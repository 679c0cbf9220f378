// SPDX-License-Identifier: Apache-2.0
// Writes the rows of one table into one Parquet file.
package org.sysinspector.recorder.parquet;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.SystemRefusal;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.TableSchema;

/**
 * Writes the rows of one table into one Parquet file: ZSTD, data pages of version 2, row groups small enough for the
 * recorder's heap. The file is written under a hidden name and gets its final one in {@link #finish}, once its footer
 * reads back and it is on disk. Belongs to one thread.
 *
 * <p>Rows are taken in by batches, a column at a time, and not through Parquet's writer of records or its writers of
 * columns: that is several times as fast. See {@link Column}.
 */
public final class TableWriter implements AutoCloseable {
    private static final int ROWS_A_PAGE = 1 << 16;
    private static final int PAGE_BYTES = 512 << 10;
    /** Of times in nanoseconds, mostly noise, it always serves. */
    private static final int FAST_LEVEL = 1;
    private static final int NO_PADDING = 0;

    private final TableSchema table;
    private final Path file;
    private final Path temporary;
    private final Map<String, String> metadata;
    private final long rowGroupBytes;
    private final TableOutput output;
    private final MessageType schema;
    private final Row row;
    private final ParquetProperties properties = ParquetProperties.builder().withSizeStatisticsEnabled(false).build();
    private final ZstdCodec fastCodec = new ZstdCodec(FAST_LEVEL);
    private final ZstdCodec codec;
    private final Column[] columns;
    private ParquetFileWriter writer;
    private ColumnChunkPageWriteStore pages;
    private int pageRows;
    private long groupRows;
    private int groups;
    private long rows;

    /**
     * Makes a writer; the file is started with the first row.
     *
     * @param table its table
     * @param file its final name; directories that are missing are made
     * @param metadata goes into the footer
     * @param rowGroupBytes size of a row group, encoded
     * @param level level of ZSTD where a lower one does not serve
     */
    public TableWriter(TableSchema table, Path file, Map<String, String> metadata, long rowGroupBytes, int level) {
        this.table = table;
        this.file = file;
        this.temporary = PrivateFiles.temporary(file);
        this.metadata = metadata;
        this.rowGroupBytes = rowGroupBytes;
        this.output = new TableOutput(temporary);
        this.schema = ParquetSchemas.of(table);
        this.row = new Row(table);
        this.codec = new ZstdCodec(level);
        this.columns = new Column[table.columns().size()];
    }

    /**
     * Makes sure that tables can be compressed.
     *
     * @throws SystemRefusal if the library for it cannot be unpacked and loaded
     */
    public static void requireCompression() throws SystemRefusal {
        try {
            Native.load();
        } catch (LinkageError e) {
            throw SystemRefusal.cannotUnpack(e);
        }
    }

    /** Returns the row to fill before {@link #write}. */
    public Row row() {
        return row;
    }

    /** Writes the row as it is now. */
    public void write() throws IOException {
        rows++;
        if (row.next()) {
            writeBatch();
        }
    }

    /** Writes a batch of rows whose values were put into the columns of {@link #row}, from the first on. */
    public void write(int count) throws IOException {
        rows += count;
        row.advance(count);
        writeBatch();
    }

    /**
     * Completes the file, reads its footer back and gives it its final name.
     *
     * @param segment the segment it was made from
     * @return what the manifest says of it, null if there are no rows and so no file
     * @throws IOException if it cannot be completed or does not read back
     */
    public Manifest.TableFile finish(int segment) throws IOException {
        if (rows == 0) {
            return null;
        }
        if (row.index() > 0) {
            writeBatch();
        }
        endRowGroup();
        writer.end(metadata);
        close();
        long found = PrivateFiles.read(temporary, this::readBack);
        if (found != rows) {
            throw new IOException("written file does not read back: " + temporary + " rows expected=" + rows
                    + " found=" + found);
        }
        PrivateFiles.publish(temporary, file);
        return new Manifest.TableFile(table.name(), "tables/" + table.name() + "/" + file.getFileName(), segment, rows,
                output.bytes(), output.crc32c());
    }

    private long readBack(Path written) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(written),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).withCodecFactory(codec).build())) {
            return reader.getRecordCount();
        }
    }

    /** Closes the file; without {@link #finish} before it, what was written stays under its hidden name. */
    @Override
    public void close() throws IOException {
        closeRowGroup();
        codec.release();
        fastCodec.release();
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private void start() throws IOException {
        PrivateFiles.makeDirectory(file.getParent());
        writer = new ParquetFileWriter(output, schema, ParquetFileWriter.Mode.CREATE, rowGroupBytes, NO_PADDING, null,
                properties);
        writer.start();
        List<ColumnDescriptor> descriptors = schema.getColumns();
        for (int i = 0; i < columns.length; i++) {
            ColumnType type = table.columns().get(i).type();
            PageCompressor compressor = compressor(table.columns().get(i));
            columns[i] = switch (type) {
                case INT64, INT32, BOOLEAN -> new NumberColumn(i, type, descriptors.get(i), compressor);
                case STRING, LIST -> new TextColumn(i, type == ColumnType.LIST, descriptors.get(i), compressor);
            };
        }
    }

    private PageCompressor compressor(ColumnSchema column) {
        BytesInputCompressor fast = fastCodec.getCompressor(CompressionCodecName.ZSTD);
        boolean isNoise = column.unit().equals("ns");
        return new PageCompressor(fast, isNoise ? fast : codec.getCompressor(CompressionCodecName.ZSTD));
    }

    private PageCompressor compressor(ColumnDescriptor descriptor) {
        return columns[schema.getFieldIndex(descriptor.getPath()[0])].compressor();
    }

    private void beginRowGroup() {
        pages = ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(this::compressor).withSchema(schema).withAllocator(Column.ALLOCATOR)
                .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
                .withPageWriteChecksumEnabled(false).withRowGroupOrdinal(groups++).build();
        for (Column column : columns) {
            column.begin(pages.getPageWriter(column.descriptor()));
        }
    }

    private void writeBatch() throws IOException {
        if (writer == null) {
            start();
        }
        if (pages == null) {
            beginRowGroup();
        }
        checkBatch();
        long longest = 0;
        for (Column column : columns) {
            column.add(row);
            longest = Math.max(longest, column.bytes());
        }
        pageRows += row.index();
        row.restart();
        if (pageRows >= ROWS_A_PAGE || longest >= PAGE_BYTES) {
            endPages();
            long bytes = 0;
            for (Column column : columns) {
                bytes += pages.getPageWriter(column.descriptor()).getMemSize();
            }
            if (bytes >= rowGroupBytes) {
                endRowGroup();
            }
        }
    }

    /** Checks that no value is absent that may not be. */
    private void checkBatch() {
        List<ColumnSchema> all = table.columns();
        for (int i = 0; i < columns.length; i++) {
            if (!all.get(i).nullable() && row.isAbsent(i)) {
                throw new IllegalStateException("no value for " + table.name() + "." + all.get(i).name());
            }
        }
    }

    private void endPages() throws IOException {
        if (pageRows == 0) {
            return;
        }
        for (Column column : columns) {
            column.endPage(pageRows);
        }
        groupRows += pageRows;
        pageRows = 0;
    }

    private void endRowGroup() throws IOException {
        if (pages == null) {
            return;
        }
        endPages();
        for (Column column : columns) {
            column.endChunk();
        }
        writer.startBlock(groupRows);
        pages.flushToFileWriter(writer);
        writer.endBlock();
        closeRowGroup();
        groupRows = 0;
    }

    private void closeRowGroup() {
        if (pages != null) {
            pages.close();
            pages = null;
            for (Column column : columns) {
                column.close();
            }
        }
    }
}
