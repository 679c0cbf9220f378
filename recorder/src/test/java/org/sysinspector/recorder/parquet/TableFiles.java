// SPDX-License-Identifier: Apache-2.0
// Reads table files row by row, with Parquet's own reader.
package org.sysinspector.recorder.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** Reads table files row by row, with Parquet's own reader. */
public final class TableFiles {
    private TableFiles() {}

    /** Returns the rows of a file, each as column=value in file order, absent values left out. */
    public static List<String> rows(Path file) throws IOException {
        return groups(file).stream().map(TableFiles::text).toList();
    }

    /** Returns one column of a file. */
    public static List<String> column(Path file, String column) throws IOException {
        return groups(file).stream()
                .map(g -> g.getFieldRepetitionCount(column) == 0 ? "NULL" : value(g, column)).toList();
    }

    /** Returns the key-value metadata of a file. */
    public static Map<String, String> metadata(Path file) throws IOException {
        try (ParquetFileReader reader = open(file)) {
            return reader.getFileMetaData().getKeyValueMetaData();
        }
    }

    /** Returns how many values each page of a column has. */
    static List<Integer> pageValues(Path file, int column) throws IOException {
        List<Integer> values = new ArrayList<>();
        try (ParquetFileReader reader = open(file)) {
            ColumnDescriptor descriptor = reader.getFileMetaData().getSchema().getColumns().get(column);
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                PageReader pages = group.getPageReader(descriptor);
                for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
                    values.add(page.getValueCount());
                }
            }
        }
        return values;
    }

    private static List<Group> groups(Path file) throws IOException {
        List<Group> rows = new ArrayList<>();
        if (!Files.exists(file)) {
            return rows;
        }
        try (ParquetFileReader reader = open(file)) {
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

    private static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(new LocalInputFile(file),
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
