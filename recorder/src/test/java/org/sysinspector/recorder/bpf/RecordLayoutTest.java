// SPDX-License-Identifier: Apache-2.0
// Do the BPF programs lay out their records as the schemas say?
package org.sysinspector.recorder.bpf;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sysinspector.recorder.log.RecordLayout;
import org.sysinspector.schema.FieldSchema;
import org.sysinspector.schema.RecordSchema;
import org.sysinspector.schema.SchemaCatalog;

/** Compares the schemas with the type information (BTF) of the compiled object, as bpftool tells it. */
class RecordLayoutTest {
    @TempDir
    private Path directory;

    private JsonNode types;

    @BeforeEach
    void readTypesOfTheCompiledObject() throws Exception {
        Path object = directory.resolve("core.bpf.o");
        try (InputStream in = ProbeSet.class.getResourceAsStream("/org/sysinspector/bpf/core.bpf.o")) {
            Files.copy(in, object);
        }
        Path json = directory.resolve("btf.json");
        Process bpftool = new ProcessBuilder("bpftool", "-j", "btf", "dump", "file", object.toString())
                .redirectOutput(json.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(0, bpftool.waitFor());
        types = new ObjectMapper().readTree(json.toFile()).get("types");
    }

    private Map<String, Integer> offsets(String struct) {
        for (JsonNode type : types) {
            if (type.get("kind").asText().equals("STRUCT") && type.get("name").asText().equals(struct)) {
                Map<String, Integer> offsets = new LinkedHashMap<>();
                for (JsonNode member : type.get("members")) {
                    offsets.put(member.get("name").asText(), member.get("bits_offset").asInt() / 8);
                }
                offsets.put("(size)", type.get("size").asInt());
                return offsets;
            }
        }
        throw new AssertionError("the object has no struct " + struct);
    }

    @Test
    void everyFieldOfEveryRecordOfTheKernelLiesWhereItsSchemaSays() {
        int compared = 0;
        for (RecordSchema schema : SchemaCatalog.get().records()) {
            if (schema.ring().equals("sample")) {
                continue; // written by the recorder, not by the kernel
            }
            Map<String, Integer> expected = new LinkedHashMap<>();
            for (FieldSchema field : schema.fields()) {
                expected.put(field.name(), field.offset());
            }
            expected.put("(size)", schema.size());
            assertEquals(expected, offsets("si_" + schema.name()), schema.name());
            compared++;
        }
        assertEquals(13, compared, "records of the kernel");
    }

    @Test
    void allRecordsHaveTheirTypeAndTimeWhereTheReaderLooks() {
        for (RecordSchema schema : SchemaCatalog.get().records()) {
            assertEquals(RecordLayout.TID_TYPE_OFFSET, schema.offset("tid_type"), schema.name());
            FieldSchema time = schema.fields().stream().filter(f -> f.offset() == RecordLayout.TS_OFFSET).findFirst()
                    .orElseThrow();
            assertTrue(List.of("ts_ns", "from_ns", "boottime_ns").contains(time.name()), schema.name());
        }
    }

    @Test
    void allRecordsOfTheSharedRingsHaveTheirNumberAtTheSamePlace() {
        Map<String, Integer> head = offsets("si_head");
        int size = head.remove("(size)");
        for (RecordSchema schema : SchemaCatalog.get().records()) {
            if (schema.ring().equals("names") || schema.ring().equals("lifecycle")) {
                head.forEach((field, offset) -> assertEquals(offset, schema.offset(field), schema.name() + "." + field));
                assertTrue(schema.size() >= size, schema.name());
            }
        }
    }

    @Test
    void anIoRecordTakesNoMoreThanFortyBytesOfItsRingAndAWideOneNoMoreThanSixtyFour() {
        assertEquals(40, RecordLayout.HEADER_BYTES + SchemaCatalog.get().record("io").size());
        assertEquals(64, RecordLayout.HEADER_BYTES + SchemaCatalog.get().record("io_wide").size());
    }

    @Test
    void whatAThreadHasMovedLiesWhereTheRecorderReadsItAtTheEnd() {
        Map<String, Integer> slot = offsets("si_slot");
        assertEquals(ThreadTotal.SLOT_PROC_KEY, slot.get("proc_key"));
        assertEquals(ThreadTotal.SLOT_EXEC_NO, slot.get("exec_no"));
        assertEquals(ThreadTotal.SLOT_TID, slot.get("tid"));
        assertEquals(ThreadTotal.SLOT_MOVED, slot.get("moved"));
        assertEquals(ThreadTotal.SLOT_BYTES, slot.get("(size)"));
        assertEquals(Map.of("proc_key", 0, "exec_no", 8, "tid", 12, "(size)", ThreadTotal.KEY_BYTES),
                offsets("si_total_key"));
        assertEquals(Map.of("ops", 0, "bytes", 8, "(size)", 16), offsets("si_moved_side"));
    }

    @Test
    void theFirstPageOfAnIoRingIsLaidOutAsTheReaderThinks() {
        Map<String, Integer> ring = offsets("si_io_ring");
        assertEquals(IoRingLayout.HEAD, ring.get("head"));
        assertEquals(IoRingLayout.SEEN, ring.get("seen"));
        assertEquals(IoRingLayout.LOST, ring.get("lost"));
        assertEquals(IoRingLayout.NO_SLOT, ring.get("no_slot"));
        assertEquals(IoRingLayout.COLLIDED, ring.get("collided"));
        assertEquals(IoRingLayout.TAIL, ring.get("tail"));
    }

    @Test
    void operationsPutTogetherLieWhereTheRecorderTakesThem() {
        assertEquals(Map.ofEntries(entry("start_ns", OpenRun.START), entry("end_ns", OpenRun.END),
                        entry("latency_ns", OpenRun.LATENCY), entry("bytes", OpenRun.BYTES), entry("offset", OpenRun.OFFSET),
                        entry("file_id", OpenRun.FILE_ID), entry("fd", OpenRun.FD), entry("tid_type", OpenRun.TID_TYPE),
                        entry("ops", OpenRun.OPS), entry("busy", OpenRun.BUSY), entry("pad", 60),
                        entry("(size)", OpenRun.SIZE)),
                offsets("si_run"));
    }

    @Test
    void settingsAndCountersLieWhereTheRecorderThinks() {
        assertEquals(Map.of("slots", 0, "filter_tree", 4, "page_bytes", 8, "io_bytes", 12, "coalesce", 16, "(size)", 20),
                offsets("si_settings"));
        assertEquals(Map.of("seen", Counters.SEEN, "lost", Counters.LOST, "(size)", Counters.BYTES), offsets("si_counters"));
    }
}
