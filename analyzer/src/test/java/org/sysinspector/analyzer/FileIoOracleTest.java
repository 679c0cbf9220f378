// SPDX-License-Identifier: Apache-2.0
// View file_io against a plain loop over random names and operations.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sysinspector.analyzer.database.CaptureDatabase;
import org.sysinspector.analyzer.database.DatabaseOptions;

class FileIoOracleTest {
    private static final int OPERATIONS = 3000;

    @TempDir
    Path temp;

    private record Name(int ino, long sinceMs, String path) {}

    private record Operation(int ino, long tsMs) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 20261121, 77})
    void everyOperationGetsExactlyTheNameThatBeganLast(long seed) throws Exception {
        Random random = new Random(seed);
        List<Name> names = new ArrayList<>();
        StringBuilder file = new StringBuilder("== file: dev, ino, generation, path, file_type, since_ns, until_ns, "
                + "cause, source\n");
        for (int i = 0; i < 400; i++) {
            Name name = new Name(random.nextInt(60), 1000 + random.nextInt(300), "/d" + random.nextInt(8) + "/f" + i);
            names.add(name);
            String until = random.nextInt(3) == 0 ? name.sinceMs() + random.nextInt(50) + "ms" : "-";
            file.append(String.format("2049 | %d | 1 | %s | file | %dms | %s | open | event%n", name.ino(), name.path(),
                    name.sinceMs(), until));
            if (random.nextInt(4) == 0) {
                file.append(String.format("2049 | %d | 1 | %s | - | %dms | %dms | unlink | event%n", name.ino(),
                        name.path(), name.sinceMs() + 9, name.sinceMs() + 9));
            }
        }
        List<Operation> operations = new ArrayList<>();
        StringBuilder io = new StringBuilder("== io: ts_ns, tid, op, dir, fd, dev, ino, generation, bytes\n");
        for (int i = 0; i < OPERATIONS; i++) {
            Operation operation = new Operation(random.nextInt(70), 900 + random.nextInt(500));
            operations.add(operation);
            io.append(String.format("%dms | %d | read | r | 3 | 2049 | %d | 1 | 1%n", operation.tsMs(), i,
                    operation.ino()));
        }
        Path capture = new Fixture().add(file.toString()).add(io.toString()).write(temp);
        List<String> actual = new ArrayList<>();
        try (CaptureDatabase database = CaptureDatabase.open(capture, DatabaseOptions.defaults());
                var sql = database.connection().createStatement()) {
            database.define("file_io");
            try (var rows = sql.executeQuery("SELECT tid, path FROM file_io ORDER BY tid")) {
                while (rows.next()) {
                    actual.add(rows.getInt(1) + " " + rows.getString(2));
                }
            }
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            expected.add(i + " " + path(names, operations.get(i)));
        }
        assertEquals(expected, actual, "seed=" + seed);
    }

    private static String path(List<Name> names, Operation operation) {
        Name latest = null;
        Name first = null;
        for (Name name : names) {
            if (name.ino() != operation.ino()) {
                continue;
            }
            if (name.sinceMs() <= operation.tsMs() && (latest == null || later(name, latest))) {
                latest = name;
            }
            if (first == null || name.sinceMs() < first.sinceMs()
                    || (name.sinceMs() == first.sinceMs() && name.path().compareTo(first.path()) > 0)) {
                first = name;
            }
        }
        return latest != null ? latest.path() : first != null ? first.path() : "?";
    }

    private static boolean later(Name a, Name b) {
        return a.sinceMs() > b.sinceMs() || (a.sinceMs() == b.sinceMs() && a.path().compareTo(b.path()) > 0);
    }
}
