// SPDX-License-Identifier: Apache-2.0
// Makes raw records for tests, field by field from the schema.
package org.sysinspector.recorder.roll;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.sysinspector.schema.FieldSchema;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** Makes one raw record, field by field from the schema; fields not set are zero. */
final class RecordBuilder {
    private final RecordSchema schema;
    private final ByteBuffer fixed;
    private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
    private int type;

    private RecordBuilder(String name) {
        schema = SchemaCatalog.get().record(name);
        fixed = ByteBuffer.allocate(schema.size()).order(ByteOrder.LITTLE_ENDIAN);
        type = schema.type();
    }

    static RecordBuilder of(String name) {
        return new RecordBuilder(name);
    }

    /** Makes an io record of a kind of call; {@code offset} and {@code latency} -1 for none. */
    static RecordBuilder io(String op, char dir, int tid, int file, long ts, long latency, int ret, long offset, int fd) {
        RecordBuilder out = of("io").tid(tid).set("file_id", file).set("ts_ns", ts).set("latency_ns", latency)
                .set("ret", ret).set("offset_fd", offset & (1L << 48) - 1 | (long) fd << 48);
        out.type |= SchemaCatalog.get().enumeration("io_op").code(op) << 1 | (dir == 'w' ? 1 : 0);
        return out;
    }

    /** Makes a wide io record. */
    static RecordBuilder wide(
            String op, char dir, int tid, int file, long ts, long latency, int ret, long offset, int fd) {
        RecordBuilder out = of("io_wide").tid(tid).set("file_id", file).set("ts_ns", ts).set("latency_ns", latency)
                .set("latency_high", latency >>> 32).set("ret", ret).set("offset", offset).set("fd", fd)
                .set("bytes", Math.max(ret, 0)).set("ops", 1);
        out.type |= SchemaCatalog.get().enumeration("io_op").code(op) << 1 | (dir == 'w' ? 1 : 0);
        return out;
    }

    static RecordBuilder thread(int tid, long ts, long key, int execNo, String comm) {
        return of("thread").tid(tid).set("ts_ns", ts).set("proc_key", key).set("exec_no", execNo).set("comm", comm);
    }

    static RecordBuilder file(int id, long ts, int dev, long ino, int generation, String cause, String path) {
        return of("file").tid(7).set("file_id", id).set("ts_ns", ts).set("proc_key", 7).set("dev", dev).set("ino", ino)
                .set("generation", generation).set("mode", 0x81A4)
                .set("cause", SchemaCatalog.get().enumeration("cause").code(cause))
                .part("path_len", components(path));
    }

    static RecordBuilder nameOp(String op, long ts, int ret, String dir, String name, String newDir, String newName) {
        return of("name_op").tid(7).set("op", SchemaCatalog.get().enumeration("name_op").code(op)).set("ts_ns", ts)
                .set("latency_ns", 5).set("proc_key", 7).set("exec_no", 1).set("ret", ret)
                .part("dir_len", components(dir)).part("path_len", bytes(name))
                .part("new_dir_len", newDir == null ? new byte[0] : components(newDir))
                .part("new_path_len", newName == null ? new byte[0] : bytes(newName));
    }

    RecordBuilder tid(int tid) {
        fixed.putInt(0, tid);
        return this;
    }

    RecordBuilder set(String field, long value) {
        FieldSchema f = schema.field(field);
        switch (f.size()) {
            case Byte.BYTES -> fixed.put(f.offset(), (byte) value);
            case Short.BYTES -> fixed.putShort(f.offset(), (short) value);
            case Integer.BYTES -> fixed.putInt(f.offset(), (int) value);
            default -> fixed.putLong(f.offset(), value);
        }
        return this;
    }

    RecordBuilder set(String field, String text) {
        byte[] raw = bytes(text);
        fixed.put(schema.offset(field), raw);
        return this;
    }

    /** Appends to the tail and sets the field with its length. */
    RecordBuilder part(String lengthField, byte[] raw) {
        tail.writeBytes(raw);
        return set(lengthField, raw.length);
    }

    /** Returns the payload. */
    byte[] bytes() {
        fixed.put(3, (byte) type);
        ByteBuffer out = ByteBuffer.allocate(fixed.capacity() + tail.size());
        return out.put(fixed.duplicate().clear()).put(tail.toByteArray()).array();
    }

    String ring() {
        return schema.ring();
    }

    long ts() {
        return fixed.getLong(8);
    }

    /** Returns an absolute path as the kernel gives it. */
    static byte[] components(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] parts = path.split("/");
        for (int i = parts.length - 1; i >= 0; i--) {
            if (!parts[i].isEmpty()) {
                out.writeBytes(bytes(parts[i]));
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    /** Returns the bytes of text whose characters stand for one byte each. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
