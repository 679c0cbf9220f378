// SPDX-License-Identifier: Apache-2.0
// Writes the rows of one table into one Parquet file.
package org.sysinspector.recorder.roll;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.ParquetReadOptions;
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
 * <p>Columns that repeat themselves (names, keys, numbers of files) are dictionary-coded; times, latencies and offsets
 * are not: they hardly repeat, and delta coding serves them better.
 */
final class TableWriter implements AutoCloseable {
    private static final int PAGE_BYTES = 256 << 10;
    private static final int DICTIONARY_BYTES = 512 << 10;
    private static final int ROWS_A_PAGE = 1 << 17;
    private static final int ZSTD_LEVEL = 3;

    private final TableSchema table;
    private final Path file;
    private final Path temporary;
    private final TableOutput output;
    private final Builder builder;
    private final Row row;
    private ParquetWriter<Row> writer;
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
        this.row = new Row(table);
        this.output = new TableOutput(temporary);
        this.builder = new Builder(output, table, metadata)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodec(ZSTD_LEVEL))
                .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_2_0)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(rowGroupBytes)
                .withPageSize(PAGE_BYTES)
                .withPageRowCountLimit(ROWS_A_PAGE)
                .withDictionaryPageSize(DICTIONARY_BYTES)
                .withSizeStatisticsEnabled(false)
                .withPageWriteChecksumEnabled(false)
                .withValidation(false);
        for (ColumnSchema column : table.columns()) {
            String path = column.type() == ColumnType.LIST ? column.name() + ".list.element" : column.name();
            builder.withDictionaryEncoding(path, isRepetitive(column));
            if (column.type() == ColumnType.STRING || column.type() == ColumnType.LIST) {
                builder.withStatisticsEnabled(path, false);
            }
        }
    }

    /** Returns the row to fill before {@link #write}. */
    Row row() {
        return row;
    }

    /** Returns the rows written. */
    long rows() {
        return rows;
    }

    /** Writes the row as it is now. */
    void write() throws IOException {
        if (writer == null) {
            PrivateFiles.makeDirectory(file.getParent());
            writer = builder.build();
        }
        writer.write(row);
        rows++;
    }

    /**
     * Completes the file, reads its footer back and gives it its final name.
     *
     * @param segment the segment it was made from
     * @return what the manifest says of it, null if there are no rows and so no file
     * @throws IOException if it cannot be completed or does not read back
     */
    Manifest.TableFile finish(int segment) throws IOException {
        if (writer == null) {
            return null;
        }
        writer.close();
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
        if (writer != null) {
            writer.close();
        }
    }

    private static boolean isRepetitive(ColumnSchema column) {
        return !column.unit().equals("ns") && !column.name().equals("file_offset");
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final TableSchema table;
        private final Map<String, String> metadata;

        Builder(OutputFile output, TableSchema table, Map<String, String> metadata) {
            super(output);
            this.table = table;
            this.metadata = metadata;
        }

        @Override
        protected Builder self() {
            return this;
        }

        // Parquet marks its Hadoop form deprecated yet abstract: so is this override, which nobody calls.
        @Deprecated
        @Override
        protected WriteSupport<Row> getWriteSupport(Configuration conf) {
            return new RowWriteSupport(table, metadata);
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(ParquetConfiguration conf) {
            return new RowWriteSupport(table, metadata);
        }
    }
}
