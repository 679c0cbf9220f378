// SPDX-License-Identifier: Apache-2.0
// Writes logs whose every event can be told, and reads back what is left of them.
package org.sysinspector.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Logs whose every event can be told: record n has id n, and all its bytes follow from n. */
final class LogFixture {
    static final String CAPTURE_ID = "00112233445566778899aabbccddeeff";

    /** What could be read of a segment. */
    record Contents(List<Integer> ids, List<Damage> damage, boolean closedCleanly, long blocks, long accounted) {
        /** Events that the damage held; unknown ones not counted. */
        long lost() {
            return damage.stream().mapToLong(d -> Math.max(d.events(), 0)).sum();
        }

        boolean unknown() {
            return damage.stream().anyMatch(d -> d.events() < 0);
        }
    }

    private LogFixture() {}

    /** Returns records with ids from one number to another (exclusive), a discarded one after every third. */
    static ByteBuffer records(int from, int to) {
        ByteBuffer buffer = ByteBuffer.allocateDirect((to - from + 1) * 80).order(ByteOrder.LITTLE_ENDIAN);
        for (int id = from; id < to; id++) {
            put(buffer, id, 0);
            if (id % 3 == 2) {
                put(buffer, -1, RecordLayout.DISCARD);
            }
        }
        return buffer.flip();
    }

    private static void put(ByteBuffer buffer, int id, int flag) {
        int length = length(id);
        int start = buffer.position();
        buffer.putInt(length | flag).putInt(0x1234).putInt(9 << RecordLayout.TYPE_SHIFT).putInt(id).putLong(time(id));
        while (buffer.position() < start + RecordLayout.HEADER_BYTES + length) {
            buffer.put((byte) (id * 31 + buffer.position() - start));
        }
        buffer.position(start + RecordLayout.stride(length));
    }

    static int length(int id) {
        return 16 + Math.floorMod(id, 5) * 3;
    }

    static long time(int id) {
        return 1_000_000L + id * 10L;
    }

    /** Appends events with ids from one number to another (exclusive), of class and CPU from the first id. */
    static void append(SegmentFile file, int from, int to) throws IOException {
        file.append(from % 4, from % 7 - 1, records(from, to), to - from, time(from), time(to - 1), from % 2);
    }

    /** Writes segment 1: a block from each bound to the next. */
    static void segment(Path path, int... bounds) throws IOException {
        try (SegmentFile file = new SegmentFile(Storage.DISK, path, CAPTURE_ID, 1, 0, bounds[0])) {
            for (int i = 0; i + 1 < bounds.length; i++) {
                append(file, bounds[i], bounds[i + 1]);
            }
            file.end();
        }
    }

    /** Reads what is left of a segment; every event handed out is checked, byte by byte. */
    static Contents read(Path path) throws IOException {
        List<Integer> ids = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        try (SegmentReader reader = SegmentReader.open(path)) {
            for (Block block = reader.next(); block != null; block = reader.next()) {
                int before = ids.size();
                cursor.wrap(block.records());
                while (cursor.next()) {
                    ids.add(check(block.records(), cursor));
                }
                assertEquals(block.events(), ids.size() - before);
                int first = ids.get(before);
                assertEquals(first, block.eventsBefore());
                assertEquals(time(first), block.firstNs());
                assertEquals(time(ids.get(ids.size() - 1)), block.lastNs());
                assertEquals(first % 4, block.ringClass());
                assertEquals(first % 7 - 1, block.cpu());
                assertEquals(first % 2, block.lostBefore());
            }
            assertEquals(ids.size(), reader.events());
            return new Contents(ids, List.copyOf(reader.damage()), reader.closedCleanly(), reader.blocks(),
                    reader.eventsAccounted());
        }
    }

    private static int check(ByteBuffer records, RecordCursor cursor) {
        int at = cursor.offset();
        int id = records.getInt(at + 4);
        assertTrue(id >= 0);
        assertEquals(9, cursor.type());
        assertEquals(length(id), cursor.length());
        assertEquals(time(id), records.getLong(at + 8));
        for (int i = 16; i < cursor.length(); i++) {
            if (records.get(at + i) != (byte) (id * 31 + i + RecordLayout.HEADER_BYTES)) {
                throw new AssertionError("event " + id + " is not what was written");
            }
        }
        return id;
    }
}
