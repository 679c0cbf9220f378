// SPDX-License-Identifier: Apache-2.0
// Reads Thrift's compact protocol, in which Parquet writes its footers and page headers.
package org.sysinspector.analyzer.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads Thrift's compact protocol, in which Parquet writes its footers and page headers. Nothing is taken on trust: each
 * length is held against what is left. Every method throws {@link BadParquetException} where the bytes end or make no sense.
 *
 * <pre>
 * struct   field ... 0x00       field    header value     header   id less the last one (4 bits), type (4 bits)
 * number   zigzag varint        binary   varint bytes     list     count (4 bits; 15: a varint follows), type (4 bits)
 * </pre>
 */
final class CompactReader {
    static final int STOP = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    static final int I32 = 5;
    static final int I64 = 6;
    private static final int DOUBLE = 7;
    static final int BINARY = 8;
    static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    static final int STRUCT = 12;
    private static final int DEEPEST = 16;

    private final ByteBuffer in;

    CompactReader(ByteBuffer in) {
        this.in = in;
    }

    /** What a structure does with its fields. */
    interface Fields {
        /** Reads the value of a field, or skips it. */
        void read(int id, int type) throws BadParquetException;
    }

    /** Reads the fields of a structure up to its end. */
    void struct(Fields fields) throws BadParquetException {
        int id = 0;
        while (true) {
            int header = next();
            int kind = header & 0xf;
            if (kind == STOP) {
                return;
            }
            id = header >>> 4 == 0 ? (int) number() : id + (header >>> 4);
            fields.read(id, kind);
        }
    }

    /** Reads a list of structures, and does something after each. */
    void structs(Fields fields, Runnable after) throws BadParquetException {
        int header = next();
        long count = count(header);
        if (count > 0 && (header & 0xf) != STRUCT) {
            throw new BadParquetException("a list of structures holds something else");
        }
        for (long i = 0; i < count; i++) {
            struct(fields);
            after.run();
        }
    }

    /** Passes over a list; returns the number of its elements. */
    long elements() throws BadParquetException {
        int header = next();
        long count = count(header);
        for (long i = 0; i < count; i++) {
            skip(header & 0xf, 1, true);
        }
        return count;
    }

    /** Reads a number of 16, 32 or 64 bits. */
    long number() throws BadParquetException {
        long bits = varint();
        return (bits >>> 1) ^ -(bits & 1);
    }

    /** Reads a text. */
    String text() throws BadParquetException {
        byte[] bytes = new byte[length()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Passes over a value. */
    void skip(int kind) throws BadParquetException {
        skip(kind, 0, false);
    }

    private void skip(int kind, int depth, boolean element) throws BadParquetException {
        if (depth > DEEPEST) {
            throw new BadParquetException("nested too deeply");
        }
        switch (kind) {
            case TRUE, FALSE -> {
                if (element) {
                    next();
                }
            }
            case BYTE -> next();
            case I16, I32, I64 -> varint();
            case DOUBLE -> forward(Double.BYTES);
            case BINARY -> forward(length());
            case LIST, SET -> {
                int header = next();
                for (long left = count(header); left > 0; left--) {
                    skip(header & 0xf, depth + 1, true);
                }
            }
            case MAP -> {
                long count = varint();
                int kinds = count == 0 ? 0 : next();
                for (long left = count; left > 0; left--) {
                    skip(kinds >>> 4, depth + 1, true);
                    skip(kinds & 0xf, depth + 1, true);
                }
            }
            case STRUCT -> struct((id, inner) -> skip(inner, depth + 1, false));
            default -> throw new BadParquetException("unknown type " + kind);
        }
    }

    private int length() throws BadParquetException {
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw new BadParquetException("a text is longer than what is left");
        }
        return (int) length;
    }

    private long count(int header) throws BadParquetException {
        long count = header >>> 4 == 15 ? varint() : header >>> 4;
        if (count < 0 || count > in.remaining()) {
            throw new BadParquetException("a list is longer than what is left");
        }
        return count;
    }

    private void forward(int bytes) throws BadParquetException {
        if (bytes > in.remaining()) {
            throw new BadParquetException("it ends too soon");
        }
        in.position(in.position() + bytes);
    }

    private long varint() throws BadParquetException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = next();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new BadParquetException("a number is too long");
    }

    private int next() throws BadParquetException {
        try {
            return in.get() & 0xff;
        } catch (BufferUnderflowException e) {
            throw new BadParquetException("it ends too soon");
        }
    }
}
