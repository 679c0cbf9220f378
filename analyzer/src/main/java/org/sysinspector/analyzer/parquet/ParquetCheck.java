// SPDX-License-Identifier: Apache-2.0
// Checks a Parquet file before DuckDB reads it: that reading it costs no more than a file of its size may.
package org.sysinspector.analyzer.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.sysinspector.analyzer.parquet.ParquetFooter.Chunk;
import org.sysinspector.analyzer.parquet.ParquetFooter.Group;

/**
 * Checks a Parquet file before DuckDB reads it: that reading it costs no more memory and time than a file of its size may. A
 * few kilobytes can say that they are a billion rows, or that a page of them unpacks to gigabytes; a table of a capture takes
 * a sixteenth of a byte a row at the least (half a byte as a rule), its arguments are at most 4096 an execution, and its pages unpack to a few MiB.
 */
public final class ParquetCheck {
    private static final long ROWS_PER_BYTE = 16;
    private static final long FREE_ROWS = 1 << 16;
    private static final long VALUES_PER_ROW = 4097;
    private static final long LARGEST_PAGE = 64 << 20;
    private static final long UNPACKED_PER_BYTE = 512;
    private static final long FREE_UNPACKED = 64 << 20;
    private static final int HEADER_BYTES = 1 << 10;
    private static final int LARGEST_HEADER = 1 << 20;
    private static final int INDEX_PAGE = 1;
    private static final int DICTIONARY_PAGE = 2;

    private final FileChannel channel;
    private final ParquetFooter footer;

    private ParquetCheck(FileChannel channel, ParquetFooter footer) {
        this.channel = channel;
        this.footer = footer;
    }

    /**
     * Checks a file.
     *
     * @param rows rows that it should have
     * @return the names of its columns
     * @throws BadParquetException if it is not a Parquet file, has another number of rows, or is not to be read
     * @throws IOException if it cannot be read
     */
    public static List<String> check(FileChannel channel, long rows) throws IOException, BadParquetException {
        ParquetFooter footer = ParquetFooter.read(channel);
        if (footer.rows() != rows) {
            throw new BadParquetException("rows=" + footer.rows() + " expected=" + rows);
        }
        new ParquetCheck(channel, footer).check();
        return footer.columns();
    }

    private void check() throws IOException, BadParquetException {
        long size = channel.size();
        limit("rows", footer.rows(), FREE_ROWS + size * ROWS_PER_BYTE);
        long rows = 0;
        long unpacked = 0;
        for (Group group : footer.groups()) {
            limit("rows of a group", group.rows(), footer.rows() - rows);
            rows += group.rows();
            for (Chunk chunk : group.chunks()) {
                if (chunk.nested()) {
                    limit("values", chunk.values(), group.rows() * VALUES_PER_ROW);
                } else if (chunk.values() != group.rows()) {
                    throw new BadParquetException("values=" + chunk.values() + " rows=" + group.rows());
                }
                if (chunk.start() < Integer.BYTES || chunk.bytes() < 0 || chunk.bytes() > footer.start() - chunk.start()) {
                    throw new BadParquetException("pages lie outside: offset=" + chunk.start() + " bytes=" + chunk.bytes());
                }
                unpacked += pages(chunk);
                limit("unpacked bytes", unpacked, FREE_UNPACKED + size * UNPACKED_PER_BYTE);
            }
        }
        if (rows != footer.rows()) {
            throw new BadParquetException("rows=" + footer.rows() + " in groups=" + rows);
        }
    }

    /** Walks the pages of a column; returns what they unpack to, in bytes. */
    private long pages(Chunk chunk) throws IOException, BadParquetException {
        long at = chunk.start();
        long end = at + chunk.bytes();
        long values = 0;
        long unpacked = 0;
        while (at < end) {
            Page page = page(at, end);
            limit("unpacked bytes of a page", page.unpacked, LARGEST_PAGE);
            limit("bytes of a page", page.packed, end - at - page.header);
            limit("values of a page", page.values, chunk.values());
            at += page.header + page.packed;
            values += page.type == DICTIONARY_PAGE || page.type == INDEX_PAGE ? 0 : page.values;
            unpacked += page.unpacked;
        }
        if (values != chunk.values()) {
            throw new BadParquetException("values=" + chunk.values() + " in pages=" + values);
        }
        return unpacked;
    }

    private Page page(long at, long end) throws IOException, BadParquetException {
        int length = (int) Math.min(HEADER_BYTES, end - at);
        while (true) {
            ByteBuffer bytes = ParquetFooter.part(channel, at, length);
            Page page = new Page();
            try {
                page.read(new CompactReader(bytes));
                page.header = bytes.position();
                return page;
            } catch (BadParquetException e) {
                // Statistics may make a header long; all of it must be seen.
                if (length >= Math.min(LARGEST_HEADER, end - at)) {
                    throw e;
                }
                length = (int) Math.min(Math.min(LARGEST_HEADER, end - at), length * 32L);
            }
        }
    }

    private static void limit(String what, long found, long most) throws BadParquetException {
        if (found < 0 || found > most) {
            throw new BadParquetException(what.replace(' ', '_') + "=" + found + " most=" + most);
        }
    }

    /** The header of a page; the numbers are those of parquet.thrift. */
    private static final class Page {
        private long type = -1;
        private long unpacked = -1;
        private long packed = -1;
        private long values = -1;
        private int header;

        void read(CompactReader in) throws BadParquetException {
            in.struct((id, kind) -> {
                switch (id) {
                    case 1 -> type = in.number();
                    case 2 -> unpacked = in.number();
                    case 3 -> packed = in.number();
                    case 5, 7, 8 -> in.struct((inner, innerKind) -> {
                        if (inner == 1) {
                            values = in.number();
                        } else {
                            in.skip(innerKind);
                        }
                    });
                    default -> in.skip(kind);
                }
            });
        }
    }
}
