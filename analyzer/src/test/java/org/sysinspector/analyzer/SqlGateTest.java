// SPDX-License-Identifier: Apache-2.0
// SQL of a user asks and never changes the capture or anything else outside the database.
package org.sysinspector.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlGateTest {
    @TempDir
    Path temp;

    private Path capture;
    private String table;

    @BeforeEach
    void writeCapture() throws Exception {
        capture = Fixture.of("build").write(temp.resolve("capture"));
        table = capture.resolve("tables/io/000001.parquet").toString();
    }

    @Test
    void nothingThatWritesLoadsOrSetsIsRun() throws Exception {
        Map<String, String> before = everything();
        for (String statement : List.of(
                "COPY (SELECT 1) TO 'T'", "COPY exec TO 'T' (FORMAT parquet)", "copy(select 1)to'T'",
                "/* a */ COPY (SELECT 1) TO 'T'", "/* /* */ */ COPY (SELECT 1) TO 'T'", "--\rCOPY (SELECT 1) TO 'T'",
                "EXPLAIN ANALYZE COPY (SELECT 1) TO 'T'", "EXPLAIN (FORMAT json) COPY (SELECT 1) TO 'T'",
                "SELECT $a$;$a$; COPY (SELECT 1) TO 'T'", "SELECT E'\\';'; COPY (SELECT 1) TO 'T'; --'",
                "PREPARE p AS COPY (SELECT 1) TO 'T'", "EXECUTE p", "EXPORT DATABASE 'T.d'", "IMPORT DATABASE 'T.d'",
                "ATTACH 'T.db'", "ATTACH 'T' AS x", "INSTALL httpfs", "LOAD 'T'", "LOAD httpfs", "PRAGMA version",
                "SET memory_limit = '9GiB'", "RESET memory_limit", "CALL enable_logging(storage = 'file', storage_path = 'T.d')",
                "PRAGMA enable_profiling", "CHECKPOINT", "VACUUM", "USE memory", "CREATE SECRET s (TYPE s3)",
                "CREATE TABLE x (a INTEGER)", "CREATE TABLE x AS SELECT 1; COPY x TO 'T'", "CREATE VIEW v AS COPY io TO 'T'",
                "CREATE MACRO m() AS 1; COPY io TO 'T'", "WITH a AS (INSERT INTO whole_io SELECT * FROM io RETURNING *) FROM a",
                "WITH a AS (DELETE FROM whole_io RETURNING *) FROM a", "UPDATE whole_io SET bytes = 0", "DELETE FROM whole_io",
                "SELECT * FROM read_text('T')", "SELECT * FROM read_blob('/etc/passwd')", "FROM glob('/etc/*')",
                "FROM read_parquet('T')", "FROM '/etc/passwd'", "FROM '/etc/*.csv'", "FROM query('SELECT 1')",
                "CREATE MACRO m() AS TABLE FROM read_csv('/etc/passwd')", "FROM arrow_scan(1, 1, 1)",
                "SELECT write_log('x')", "CREATE TRIGGER t AFTER INSERT ON whole_io FOR EACH ROW SELECT 1", "SELECT 1\0")) {
            Cli cli = Cli.run("sql", capture, "\n" + statement.replace("T.d", table + ".d").replace("'T", "'" + table));
            assertEquals(1, cli.code(), statement + cli.out());
            assertEquals(1, cli.err().lines().count(), statement + "\n" + cli.err());
            assertTrue(cli.err().startsWith("sys-inspector analyze sql: "), statement + "\n" + cli.err());
        }
        assertEquals(before, everything());
    }

    @Test
    void whatIsRefusedIsSaidWithWhatIsAllowed() {
        assertEquals("sys-inspector analyze sql: a capture is only asked, never written to; this may not be run: COPY; what may: "
                + "SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW TABLES, EXPLAIN, and in memory CREATE TABLE | VIEW | MACRO "
                + "... AS, INSERT INTO ... SELECT, DROP (results go to a file by -o FILE)\n",
                Cli.run("sql", capture, "COPY io TO '" + table + "'").err());
        assertEquals("sys-inspector analyze sql: Parser Error: syntax error at or near \"SELEC\"\n",
                Cli.run("sql", capture, "SELEC 1").err());
        Cli parquet = Cli.run("sql", capture, "SELECT 1) TO '" + table + "' (FORMAT csv", "--format", "parquet", "-o",
                temp.resolve("x"));
        assertTrue(parquet.err().startsWith("sys-inspector analyze sql: Parser Error: "), parquet.err());
    }

    @Test
    void questionsAndDefinitionsInMemoryAreRun() throws Exception {
        for (String statement : List.of("FROM exec", "VALUES (1)", "TABLE exec", "DESCRIBE io", "SUMMARIZE SELECT 1 AS a", "SHOW TABLES",
                "-- words\n/* more */ SELECT 1", "EXPLAIN SELECT * FROM process", "EXPLAIN ANALYZE SELECT 1",
                "EXPLAIN (FORMAT json) SELECT 1", "WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT 2 ORDER BY 1",
                "SELECT * FROM range(3), unnest([1]) AS t (u)", "SELECT list_transform([1], lambda x: x + 1)",
                "WITH RECURSIVE t (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t WHERE a < 3) SELECT * FROM t")) {
            Cli cli = Cli.run("sql", capture, "\n" + statement);
            assertEquals(0, cli.code(), statement + cli.err());
        }
        Path script = Files.writeString(temp.resolve("q.sql"), """
                -- a table, a view, macros
                CREATE OR REPLACE TEMP TABLE t (a, b) AS SELECT pid, comm FROM process;
                INSERT INTO t BY NAME SELECT 7 AS a, 'x' AS b;
                CREATE VIEW v AS (SELECT max(a) AS m FROM t);
                CREATE MACRO twice(x) AS 2 * x;
                CREATE MACRO rows_of(n) AS TABLE SELECT * FROM t WHERE a = n;
                SELECT twice(m) FROM v; FROM rows_of(7);
                DROP VIEW v; DROP TABLE IF EXISTS t;
                """);
        assertEquals("twice(m)\n1000\na,b\n7,x\n", Cli.run("sql", capture, "-f", script, "--format", "csv").out());
    }

    /** Returns all files below the temporary directory with what is in them. */
    private Map<String, String> everything() throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (var walk = Files.walk(temp)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }
}
