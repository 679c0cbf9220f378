// SPDX-License-Identifier: Apache-2.0
// Lets through SQL that asks, and nothing that writes, loads or sets.
package org.sysinspector.analyzer.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets through SQL that asks, and nothing that writes to a file, loads, attaches or sets. DuckDB may write to every file
 * that it may read, so it must never be given a statement that writes to one.
 *
 * <p>What a statement is, DuckDB's own parser says: {@code json_serialize_sql} takes the text as a value, parses it with the
 * parser that will run it, and gives the tree of queries only. What is defined in memory (tables, views, macros) is let
 * through where a head of fixed form is followed by one query, or one expression, that was parsed alone. Not thread-safe.
 */
public final class SqlGate {
    private static final String NAME = "(?:\"[^\"]+\"|\\w+)(?:\\.(?:\"[^\"]+\"|\\w+))*";
    private static final String NAMES = "\\(\\s*" + NAME + "(?:\\s*,\\s*" + NAME + ")*\\s*\\)";
    private static final String CREATE = "CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:TEMP\\s+|TEMPORARY\\s+)?";
    private static final String ABSENT = "(?:IF\\s+NOT\\s+EXISTS\\s+)?";

    /** What may stand before one query. */
    private static final List<Pattern> BEFORE_QUERY = List.of(
            form("EXPLAIN\\s+(?:ANALYZE\\s+)?(?:\\(\\s*\\w+(?:\\s+\\w+)?(?:\\s*,\\s*\\w+(?:\\s+\\w+)?)*\\s*\\)\\s*)?"),
            form(CREATE + "(?:TABLE|VIEW)\\s+" + ABSENT + NAME + "\\s*(?:" + NAMES + "\\s*)?AS\\b\\s*"),
            form(CREATE + "(?:MACRO|FUNCTION)\\s+" + ABSENT + NAME + "\\s*(?:\\(\\s*\\)|" + NAMES + ")\\s*AS\\s+TABLE\\b\\s*"),
            form("INSERT\\s+INTO\\s+" + NAME + "\\s*(?:" + NAMES + "\\s*)?(?:BY\\s+NAME\\s+)?"));

    /** What may stand before one expression. */
    private static final Pattern BEFORE_EXPRESSION =
            form(CREATE + "(?:MACRO|FUNCTION)\\s+" + ABSENT + NAME + "\\s*(?:\\(\\s*\\)|" + NAMES + ")\\s*AS\\b\\s*");

    private static final Pattern DROP = Pattern.compile("DROP\\s+(?:TABLE|VIEW|FUNCTION|MACRO(?:\\s+TABLE)?)\\s+(?:IF\\s+EXISTS\\s+)?"
            + NAME + "\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern COMMENTS = Pattern.compile("^(?:\\s+|--[^\\n\\r]*(?:[\\n\\r]|$)|/\\*.*?\\*/)+", Pattern.DOTALL);

    /** Kinds of query; a common table expression may also insert, update or delete. */
    private static final Set<String> QUERY_NODES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");

    /** Functions that run SQL which is not seen here, take addresses of memory, or reach beyond the database. */
    private static final Pattern NOT_FOR_USERS = Pattern.compile("query|query_table|json_execute_serialized_sql|arrow_scan.*|"
            + ".*external_resource.*|write_log|enable_.*|disable_.*|read_.*|parquet_.*|sniff_csv|glob|truncate_.*",
            Pattern.CASE_INSENSITIVE);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;

    /** Makes one that has its statements parsed here. */
    SqlGate(Connection connection) {
        this.connection = connection;
    }

    /**
     * Returns the text that may be run for a statement: itself, or without comments before it.
     *
     * @param statement one statement without its semicolon
     * @throws SQLException if it cannot be parsed, or is none that asks; the message is for the user
     */
    public String admit(String statement) throws SQLException {
        if (statement.indexOf('\0') >= 0) {
            throw new SQLException("Parser Error: the text holds a NUL character");
        }
        String bare = COMMENTS.matcher(statement).replaceFirst("");
        for (Pattern head : BEFORE_QUERY) {
            Matcher matcher = head.matcher(bare);
            if (matcher.matches()) {
                return query(matcher.group(2), bare);
            }
        }
        Matcher macro = BEFORE_EXPRESSION.matcher(bare);
        if (macro.matches()) {
            return query("SELECT " + macro.group(2), bare);
        }
        return DROP.matcher(bare).matches() ? bare : query(statement, statement);
    }

    /**
     * Checks that a text is one query.
     *
     * @throws SQLException if it is not
     */
    public void requireQuery(String text) throws SQLException {
        query(text, text);
    }

    /** Returns {@code run} if {@code text} is one query. */
    private String query(String text, String run) throws SQLException {
        JsonNode tree = parse(text);
        if (tree.path("error").asBoolean()) {
            boolean parsed = tree.path("error_type").asText().equals("not implemented");
            throw parsed ? refusal(run) : new SQLException("Parser Error: " + tree.path("error_message").asText());
        }
        if (tree.path("statements").size() != 1) {
            throw refusal(run);
        }
        check(tree.path("statements"), run);
        return run;
    }

    private JsonNode parse(String text) throws SQLException {
        try (PreparedStatement parse = connection.prepareStatement("SELECT CAST(json_serialize_sql(?) AS VARCHAR)")) {
            parse.setString(1, text);
            try (ResultSet rows = parse.executeQuery()) {
                rows.next();
                return JSON.readTree(rows.getString(1));
            }
        } catch (JsonProcessingException e) {
            throw new SQLException("Parser Error: the query is nested too deeply", e);
        }
    }

    /** Looks at every node of the tree. */
    private static void check(JsonNode node, String run) throws SQLException {
        String type = node.path("type").asText();
        if (type.endsWith("_NODE") && !QUERY_NODES.contains(type)) {
            throw refusal(run);
        }
        String function = node.path("function_name").asText();
        if (NOT_FOR_USERS.matcher(function).matches()) {
            throw new SQLException("function " + function + " is not for queries of a capture; ask its tables and views"
                    + " by name: sys-inspector analyze tables CAPTURE");
        }
        for (JsonNode child : node) {
            check(child, run);
        }
    }

    private static SQLException refusal(String statement) {
        String[] words = COMMENTS.matcher(statement).replaceFirst("").split("\\W+", 2);
        return new SQLException("a capture is only asked, never written to; this may not be run: " + words[0]
                + "; what may: SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW TABLES, EXPLAIN, and in memory CREATE TABLE |"
                + " VIEW | MACRO ... AS, INSERT INTO ... SELECT, DROP (results go to a file by -o FILE)");
    }

    private static Pattern form(String head) {
        return Pattern.compile("(" + head + ")(.+)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }
}
