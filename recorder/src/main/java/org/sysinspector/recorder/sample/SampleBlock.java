// SPDX-License-Identifier: Apache-2.0
// Lays out the records that the recorder itself writes, in the format of the rings.
package org.sysinspector.recorder.sample;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sysinspector.recorder.bpf.Counters;
import org.sysinspector.recorder.bpf.OpenRun;
import org.sysinspector.recorder.bpf.ThreadTotal;
import org.sysinspector.recorder.bpf.ToldLosses;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.recorder.log.BlockSink;
import org.sysinspector.schema.FieldSchema;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** Lays out the records that the recorder itself writes, in the format of the rings. For one thread. */
public final class SampleBlock {
    private static final SchemaCatalog CATALOG = SchemaCatalog.get();
    private final int ringClass;
    private final ByteBuffer records = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    private RecordSchema schema;
    private int payload;
    private int count;
    private long offered;
    private IOException problem;
    private long appended;
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;

    /** Makes a block of a class of ring. */
    public SampleBlock(String ringClass) {
        this.ringClass = CATALOG.enumeration("ring_class").code(ringClass);
    }

    /** Begins a record; its fields are zero. */
    SampleBlock begin(String record) {
        schema = CATALOG.record(record);
        records.putInt(schema.size()).putInt(0);
        payload = records.position();
        records.put(new byte[schema.size()]);
        records.putInt(payload + RecordLayout.TID_TYPE_OFFSET, schema.type() << RecordLayout.TYPE_SHIFT);
        count++;
        return this;
    }

    /** Sets a field of the record begun last. The time field, at the place all records have it, dates the block. */
    SampleBlock set(String name, long value) {
        FieldSchema field = schema.field(name);
        if (field.size() == Integer.BYTES) {
            records.putInt(payload + field.offset(), (int) value);
        } else {
            records.putLong(payload + field.offset(), value);
        }
        if (field.offset() == RecordLayout.TS_OFFSET) {
            firstNs = Math.min(firstNs, value);
            lastNs = Math.max(lastNs, value);
        }
        return this;
    }

    /** Sets the thread of the record begun last. */
    SampleBlock setTid(int tid) {
        records.putInt(payload + RecordLayout.TID_TYPE_OFFSET, schema.type() << RecordLayout.TYPE_SHIFT | tid);
        return this;
    }

    /** Says that the record begun last stands for some events, not one. */
    SampleBlock setEvents(int events) {
        count += events - 1;
        return this;
    }

    /** Sets tid and type of the record begun last. */
    SampleBlock setTidType(int tidType) {
        records.putInt(payload + RecordLayout.TID_TYPE_OFFSET, tidType);
        return this;
    }

    /** Returns whether the block should be appended before another record. */
    public boolean isFull() {
        return records.remaining() < records.capacity() / 2;
    }

    /** Sets a text field of the record begun last; what is too long is cut. */
    SampleBlock set(String name, String value) {
        FieldSchema field = schema.field(name);
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        records.put(payload + field.offset(), Arrays.copyOf(bytes, Math.min(bytes.length, field.size() - 1)));
        return this;
    }

    /** Begins a record of what was lost in an interval and is not told yet, for each class, reason and CPU where anything was. */
    public void addLosses(Counters now, ToldLosses told, long fromNs, long toNs) {
        for (int c = 0; c < Counters.CLASSES; c++) {
            for (int reason = 0; reason < Counters.REASONS; reason++) {
                for (int cpu = 0; cpu < now.cpus(); cpu++) {
                    long lost = now.lostFor(c, reason, cpu) - told.lostFor(c, reason, cpu);
                    if (lost > 0) {
                        begin("loss").set("cpu", cpu).set("from_ns", fromNs).set("to_ns", toNs)
                                .set("lost", lost).set("ring_class", c).set("reason", reason);
                    }
                }
            }
        }
    }

    /** Begins a record of what a thread has moved. */
    public void addTotal(ThreadTotal total, long ns) {
        begin("total").set("ts_ns", ns).set("proc_key", total.procKey()).set("exec_no", total.execNo())
                .setTid(total.tid()).set("read_ops", total.readOps()).set("read_bytes", total.readBytes())
                .set("written_ops", total.writtenOps()).set("written_bytes", total.writtenBytes());
    }

    /** Begins a record of operations put together. */
    public void addRun(OpenRun run) {
        begin("io_wide").setTidType(run.tidType()).set("file_id", run.fileId()).set("ts_ns", run.startNs())
                .set("latency_ns", run.latencyNs()).set("latency_high", run.latencyNs() >>> Integer.SIZE)
                .set("ret", run.ops() > 1 ? 0 : run.bytes()).set("offset", run.offset()).set("fd", run.fd())
                .set("bytes", run.bytes()).set("ops", run.ops()).setEvents(run.ops());
    }

    /** Appends the records to the log and starts anew, whether or not the disk took them: {@link #check}. */
    public void appendTo(BlockSink writer) {
        offered += count;
        try {
            if (count > 0) {
                writer.append(ringClass, -1, records.flip(), count, firstNs, lastNs, 0);
                appended += count;
            }
        } catch (IOException e) {
            problem = e;
        }
        records.clear();
        count = 0;
        firstNs = Long.MAX_VALUE;
        lastNs = Long.MIN_VALUE;
    }

    /**
     * Tells once that the disk did not take what was appended.
     *
     * @throws IOException if so
     */
    public void check() throws IOException {
        IOException found = problem;
        problem = null;
        if (found != null) {
            throw found;
        }
    }

    /** Returns the events that were to be appended, whether or not the disk took them. */
    long offered() {
        return offered;
    }

    /** Returns the events that are in the log. */
    public long appended() {
        return appended;
    }
}
