// SPDX-License-Identifier: Apache-2.0
// Writes the rows of one table into one Parquet file.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.schema.ColumnSchema;
import org.sysinspector.schema.ColumnType;
import org.sysinspector.schema.TableSchema;

/**
 * Writes the rows of one table into one Parquet file: ZSTD, data pages of version 2, row groups small enough for the
 * recorder's heap. The file is written under a hidden name and gets its final one in {@link #finish}, once its footer
 * reads back and it is on disk. Belongs to one thread.
 *
 * <p>Rows go to Parquet's column writers in batches, a column at a time, and not through its writer of records: that
 * is twice as fast. Columns that repeat themselves (names, keys, numbers of files) are dictionary-coded; times,
 * latencies and offsets are not: they hardly repeat, and delta coding serves them better.
 */
final class TableWriter implements AutoCloseable {
    private static final int PAGE_BYTES = 256 << 10;
    private static final int DICTIONARY_BYTES = 512 << 10;
    private static final int ROWS_A_PAGE = 1 << 17;
    private static final int ZSTD_LEVEL = 3;
    private static final int NO_PADDING = 0;

    private final TableSchema table;
    private final Path file;
    private final Path temporary;
    private final Map<String, String> metadata;
    private final long rowGroupBytes;
    private final TableOutput output;
    private final MessageType schema;
    private final List<ColumnDescriptor> descriptors;
    private final ColumnType[] types;
    private final ParquetProperties properties;
    private final ZstdCodec codec = new ZstdCodec(ZSTD_LEVEL);
    private final Row row;
    private ParquetFileWriter writer;
    private ColumnChunkPageWriteStore pages;
    private ColumnWriteStore columns;
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
     */
    TableWriter(TableSchema table, Path file, Map<String, String> metadata, long rowGroupBytes) {
        this.table = table;
        this.file = file;
        this.temporary = PrivateFiles.temporary(file);
        this.metadata = metadata;
        this.rowGroupBytes = rowGroupBytes;
        this.output = new TableOutput(temporary);
        this.schema = ParquetSchemas.of(table);
        this.descriptors = schema.getColumns();
        this.types = table.columns().stream().map(ColumnSchema::type).toArray(ColumnType[]::new);
        this.row = new Row(table);
        this.properties = properties(table);
    }

    /** Returns the row to fill before {@link #write}. */
    Row row() {
        return row;
    }

    /** Writes the row as it is now. */
    void write() throws IOException {
        rows++;
        if (row.next()) {
            writeBatch();
        }
    }

    /**
     * Completes the file, reads its footer back and gives it its final name.
     *
     * @param segment the segment it was made from
     * @return what the manifest says of it, null if there are no rows and so no file
     * @throws IOException if it cannot be completed or does not read back
     */
    Manifest.TableFile finish(int segment) throws IOException {
        if (rows == 0) {
            return null;
        }
        if (row.index() > 0) {
            writeBatch();
        }
        endRowGroup();
        writer.end(metadata);
        close();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(temporary),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodec(ZSTD_LEVEL)).build())) {
            if (reader.getRecordCount() != rows) {
                throw new IOException("written file does not read back: " + temporary + " rows expected=" + rows
                        + " found=" + reader.getRecordCount());
            }
        }
        PrivateFiles.publish(temporary, file);
        return new Manifest.TableFile(table.name(), "tables/" + table.name() + "/" + file.getFileName(), segment, rows,
                output.bytes(), output.crc32c());
    }

    /** Closes the file; without {@link #finish} before it, what was written stays under its hidden name. */
    @Override
    public void close() throws IOException {
        closeRowGroup();
        codec.release();
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private static ParquetProperties properties(TableSchema table) {
        ParquetProperties.Builder builder = ParquetProperties.builder()
                .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_2_0)
                .withPageSize(PAGE_BYTES)
                .withPageRowCountLimit(ROWS_A_PAGE)
                .withDictionaryPageSize(DICTIONARY_BYTES)
                .withSizeStatisticsEnabled(false)
                .withPageWriteChecksumEnabled(false)
                // Pages may end between batches only: all columns are at the same row there.
                .estimateRowCountForPageSizeCheck(false)
                .withMinRowCountForPageSizeCheck(Row.BATCH);
        for (ColumnSchema column : table.columns()) {
            String path = ParquetSchemas.path(column);
            builder.withDictionaryEncoding(path, !column.unit().equals("ns") && !column.name().equals("file_offset"));
            if (column.type() == ColumnType.STRING || column.type() == ColumnType.LIST) {
                builder.withStatisticsEnabled(path, false);
            }
        }
        return builder.build();
    }

    private void writeBatch() throws IOException {
        if (writer == null) {
            PrivateFiles.makeDirectory(file.getParent());
            writer = new ParquetFileWriter(output, schema, ParquetFileWriter.Mode.CREATE, rowGroupBytes, NO_PADDING,
                    null, properties);
            writer.start();
        }
        if (columns == null) {
            pages = ColumnChunkPageWriteStore.builder()
                    .withCompressorProvider(column -> codec.getCompressor(CompressionCodecName.ZSTD))
                    .withSchema(schema).withAllocator(properties.getAllocator())
                    .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
                    .withPageWriteChecksumEnabled(false).withRowGroupOrdinal(groups++).build();
            columns = properties.newColumnWriteStore(schema, pages);
        }
        int size = row.index();
        for (int i = 0; i < types.length; i++) {
            ColumnDescriptor descriptor = descriptors.get(i);
            ColumnWriter column = columns.getColumnWriter(descriptor);
            int present = descriptor.getMaxDefinitionLevel();
            switch (types[i]) {
                case INT64 -> writeLongs(column, row.numbers[i], absent(i, size), size, present);
                case INT32 -> writeInts(column, row.numbers[i], absent(i, size), size, present);
                case BOOLEAN -> writeBooleans(column, row.numbers[i], absent(i, size), size, present);
                case STRING -> writeTexts(column, row.texts[i], absent(i, size), size, present);
                case LIST -> writeLists(column, row.lists, absent(i, size), size, present);
            }
        }
        for (int i = 0; i < size; i++) {
            columns.endRecord();
        }
        groupRows += size;
        row.restart();
        if (columns.getBufferedSize() >= rowGroupBytes) {
            endRowGroup();
        }
    }

    /** Returns which values of a column are absent, having checked that they may be. */
    private boolean[] absent(int column, int size) {
        boolean[] absent = row.absent[column];
        if (!table.columns().get(column).nullable()) {
            for (int i = 0; i < size; i++) {
                if (absent[i]) {
                    throw new IllegalStateException(
                            "no value for " + table.name() + "." + table.columns().get(column).name());
                }
            }
        }
        return absent;
    }

    private static void writeLongs(ColumnWriter out, long[] values, boolean[] absent, int size, int present) {
        for (int i = 0; i < size; i++) {
            if (absent[i]) {
                out.writeNull(0, 0);
            } else {
                out.write(values[i], 0, present);
            }
        }
    }

    private static void writeInts(ColumnWriter out, long[] values, boolean[] absent, int size, int present) {
        for (int i = 0; i < size; i++) {
            if (absent[i]) {
                out.writeNull(0, 0);
            } else {
                out.write((int) values[i], 0, present);
            }
        }
    }

    private static void writeBooleans(ColumnWriter out, long[] values, boolean[] absent, int size, int present) {
        for (int i = 0; i < size; i++) {
            if (absent[i]) {
                out.writeNull(0, 0);
            } else {
                out.write(values[i] != 0, 0, present);
            }
        }
    }

    private static void writeTexts(ColumnWriter out, Binary[] values, boolean[] absent, int size, int present) {
        for (int i = 0; i < size; i++) {
            if (absent[i]) {
                out.writeNull(0, 0);
            } else {
                out.write(values[i], 0, present);
            }
        }
    }

    private static void writeLists(ColumnWriter out, Binary[][] lists, boolean[] absent, int size, int present) {
        for (int i = 0; i < size; i++) {
            if (absent[i] || lists[i].length == 0) {
                // An empty list is one level short of an element, an absent one is at the bottom.
                out.writeNull(0, absent[i] ? 0 : present - 1);
            } else {
                for (int element = 0; element < lists[i].length; element++) {
                    out.write(lists[i][element], element == 0 ? 0 : 1, present);
                }
            }
        }
    }

    private void endRowGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        writer.startBlock(groupRows);
        columns.flush();
        pages.flushToFileWriter(writer);
        writer.endBlock();
        closeRowGroup();
        groupRows = 0;
    }

    private void closeRowGroup() {
        if (columns != null) {
            columns.close();
            pages.close();
            columns = null;
        }
    }
}
