// SPDX-License-Identifier: Apache-2.0
// What the footer of a Parquet file says of it.
package org.sysinspector.analyzer.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * What the footer of a Parquet file says of it, as far as DuckDB goes by it.
 *
 * <pre>
 * "PAR1"  pages ...  FileMetaData (Thrift)  its length (4 bytes, little endian)  "PAR1"
 * </pre>
 *
 * @param start offset of the footer
 * @param rows rows of the file
 * @param columns names of the columns at the top, in order
 * @param groups its row groups
 */
record ParquetFooter(long start, long rows, List<String> columns, List<Group> groups) {
    private static final int MAGIC = 0x50415231; // PAR1
    private static final int TAIL = 8;
    private static final int LARGEST = 64 << 20;

    /** A row group. */
    record Group(long rows, List<Chunk> chunks) {}

    /**
     * The pages of a column in a row group.
     *
     * @param start offset of its first page
     * @param bytes of its pages
     * @param uncompressedBytes of its pages
     * @param values values in it, NULLs and elements of lists included
     * @param nested whether it is an element of a list
     */
    record Chunk(long start, long bytes, long uncompressedBytes, long values, boolean nested) {}

    /**
     * Reads it.
     *
     * @throws BadParquetException if there is none
     */
    static ParquetFooter read(FileChannel channel) throws IOException, BadParquetException {
        long size = channel.size();
        ByteBuffer head = part(channel, 0, Integer.BYTES);
        ByteBuffer tail = part(channel, Math.max(0, size - TAIL), TAIL);
        if (size < Integer.BYTES + TAIL || head.getInt(0) != MAGIC || tail.getInt(Integer.BYTES) != MAGIC) {
            throw new BadParquetException("not a Parquet file");
        }
        long length = tail.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        if (length <= 0 || length > Math.min(LARGEST, size - TAIL - Integer.BYTES)) {
            throw new BadParquetException("footer_bytes=" + length);
        }
        long start = size - TAIL - length;
        Builder builder = new Builder(new CompactReader(part(channel, start, (int) length)));
        builder.file();
        return new ParquetFooter(start, builder.rows, List.copyOf(builder.columns), List.copyOf(builder.groups));
    }

    /** Returns bytes of a file; zeros where it ends before. */
    static ByteBuffer part(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {
            continue;
        }
        bytes.position(0);
        return bytes;
    }

    /** Collects what the fields say; the numbers are those of parquet.thrift. */
    private static final class Builder {
        private final CompactReader in;
        private long rows = -1;
        private final List<String> columns = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();
        private long inner;
        private String name;
        private long children;
        private long groupRows;
        private List<Chunk> chunks;
        private final long[] chunk = new long[12];
        private long names;

        Builder(CompactReader in) {
            this.in = in;
        }

        void file() throws BadParquetException {
            in.struct((id, type) -> {
                switch (id) {
                    case 2 -> schema(type);
                    case 3 -> rows = in.number();
                    case 4 -> groups(type);
                    default -> in.skip(type);
                }
            });
            if (rows < 0 || columns.isEmpty() || columns.contains(null)) {
                throw new BadParquetException("its footer does not say its rows and columns");
            }
        }

        private void schema(int type) throws BadParquetException {
            require(type, CompactReader.LIST);
            boolean[] root = {true};
            in.structs((id, kind) -> {
                switch (id) {
                    case 4 -> name = in.text();
                    case 5 -> children = in.number();
                    default -> in.skip(kind);
                }
            }, () -> {
                if (!root[0] && inner == 0) {
                    columns.add(name);
                }
                inner = root[0] ? 0 : Math.max(0, inner - 1) + children;
                root[0] = false;
                children = 0;
                name = null;
            });
        }

        private void groups(int type) throws BadParquetException {
            require(type, CompactReader.LIST);
            chunks = new ArrayList<>();
            groupRows = -1;
            in.structs((id, kind) -> {
                switch (id) {
                    case 1 -> chunks(kind);
                    case 3 -> groupRows = in.number();
                    default -> in.skip(kind);
                }
            }, () -> {
                groups.add(new Group(groupRows, chunks));
                chunks = new ArrayList<>();
                groupRows = -1;
            });
        }

        private void chunks(int type) throws BadParquetException {
            require(type, CompactReader.LIST);
            in.structs((id, kind) -> {
                switch (id) {
                    case 1 -> throw new BadParquetException("a column lies in another file");
                    case 3 -> meta(kind);
                    default -> in.skip(kind);
                }
            }, () -> { });
        }

        private void meta(int type) throws BadParquetException {
            require(type, CompactReader.STRUCT);
            java.util.Arrays.fill(chunk, -1);
            in.struct((id, kind) -> {
                switch (id) {
                    case 3 -> names = in.elements();
                    case 5, 6, 7, 9, 11 -> chunk[id] = in.number();
                    default -> in.skip(kind);
                }
            });
            long start = chunk[11] > 0 ? Math.min(chunk[11], chunk[9]) : chunk[9];
            chunks.add(new Chunk(start, chunk[7], chunk[6], chunk[5], names > 1));
        }

        private static void require(int type, int expected) throws BadParquetException {
            if (type != expected) {
                throw new BadParquetException("its footer is not one of Parquet");
            }
        }
    }
}
