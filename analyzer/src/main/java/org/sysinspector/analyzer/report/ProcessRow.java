// SPDX-License-Identifier: Apache-2.0
// One row of view process, as far as trees need it.
package org.sysinspector.analyzer.report;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.sysinspector.analyzer.database.CaptureDatabase;

/**
 * One row of view {@code process}, as far as trees need it.
 *
 * @param key proc_key
 * @param parentKey birth parent, null if none
 * @param startNs start (boot clock)
 * @param endNs end (boot clock), null if alive at the end
 * @param exitCode value given to exit, null if alive at the end
 * @param signal signal that ended it, null if alive at the end
 * @param comm name
 * @param command arguments joined, at most 200 characters
 * @param name what to call it, see {@link CommandName}
 * @param born whether its birth was seen
 * @param readBytes bytes it read
 * @param writtenBytes bytes it wrote
 * @param deviceBytes bytes fetched from and dirtied for storage
 * @param ops operations
 * @param cpuNs CPU time
 */
record ProcessRow(long key, Long parentKey, long startNs, Long endNs, Integer exitCode, Integer signal, String comm,
        String command, String name, boolean born, long readBytes, long writtenBytes, long deviceBytes, long ops, long cpuNs) {

    private static final int MOST = 300_000;

    /** Returns the processes, the most active ones first; of an endless number only those. */
    static List<ProcessRow> load(CaptureDatabase database) throws SQLException {
        return Rows.of(database, "SELECT *, left(command, 200) AS cut FROM process ORDER BY tree_read_bytes"
                + " + tree_written_bytes + tree_cpu_ns DESC, start_ns, proc_key LIMIT " + MOST, ProcessRow::of);
    }

    /** Returns the pid. */
    int pid() {
        return (int) (key & 0x3fffff);
    }

    private static ProcessRow of(ResultSet row) throws SQLException {
        Long exit = Rows.number(row, "exit_code");
        Long signal = Rows.number(row, "signal");
        String comm = row.getString("comm");
        String command = row.getString("cut");
        return new ProcessRow(row.getLong("proc_key"), Rows.number(row, "parent_key"), row.getLong("start_ns"),
                Rows.number(row, "end_ns"), exit == null ? null : exit.intValue(),
                signal == null ? null : signal.intValue(), comm == null ? "?" : comm,
                command == null ? "?" : command,
                comm == null ? "?" : CommandName.of(comm, command == null ? "" : command),
                row.getString("source").equals("event"),
                row.getLong("read_bytes"), row.getLong("written_bytes"),
                row.getLong("device_read_bytes") + row.getLong("device_written_bytes"), row.getLong("ops"),
                row.getLong("cpu_ns"));
    }
}
