// SPDX-License-Identifier: Apache-2.0
// Reads the SQL modules: what they define, what each column means, what they build on.
package org.sysinspector.analyzer.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the SQL modules, resources {@code sql/AREA/TOPIC.sql}. A module begins with the modules it builds on
 * ({@code -- include: AREA/TOPIC.sql}), each loaded once and before it. Above every definition stands a comment:
 *
 * <pre>
 * -- NAME: what a row is.
 * -- Columns:
 * --   COLUMN [UNIT]: what it means
 * --     and how it goes on
 * -- materialize
 * CREATE VIEW NAME AS ...
 * </pre>
 *
 * <p>{@code materialize} marks a view that is costly to compute and small to keep.
 */
public final class SqlModules {
    private static final String ROOT = "/sql/";
    private static final Pattern INCLUDE = Pattern.compile("(?m)^-- include: (\\S+)$");
    private static final Pattern CREATE = Pattern.compile("(?m)^CREATE (VIEW|TABLE|MACRO) (\\w+)");
    private static final Pattern COLUMN = Pattern.compile("--   (\\w+)(?: \\[(\\w+)\\])?: (.*)");

    private SqlModules() {}

    /**
     * Returns all definitions in an order in which they can be carried out.
     *
     * @throws IllegalStateException if a module is not well-formed
     */
    public static List<SqlObject> load() {
        return load("all.sql");
    }

    /** Returns what one module and those it includes define. */
    static List<SqlObject> load(String module) {
        Map<String, SqlObject> objects = new LinkedHashMap<>();
        include(module, new LinkedHashSet<>(), objects);
        return List.copyOf(objects.values());
    }

    private static void include(String module, Set<String> seen, Map<String, SqlObject> objects) {
        if (!seen.add(module)) {
            return;
        }
        String text = resource(module);
        Matcher includes = INCLUDE.matcher(text);
        while (includes.find()) {
            include(includes.group(1), seen, objects);
        }
        for (String statement : SqlScript.split(text)) {
            SqlObject object = object(module, statement);
            if (objects.put(object.name(), object) != null) {
                throw new IllegalStateException(module + ": " + object.name() + " is defined twice");
            }
        }
    }

    private static SqlObject object(String module, String statement) {
        Matcher create = CREATE.matcher(statement);
        if (!create.find()) {
            throw new IllegalStateException(module + ": not a definition: " + statement);
        }
        String name = create.group(2);
        String opening = "-- " + name + ": ";
        StringBuilder doc = new StringBuilder();
        List<SqlObject.Column> columns = new ArrayList<>();
        boolean inColumns = false;
        boolean inDoc = false;
        boolean materialize = false;
        for (String line : statement.substring(0, create.start()).split("\n")) {
            Matcher column = COLUMN.matcher(line);
            if (line.startsWith(opening)) {
                inDoc = true;
                String first = line.substring(opening.length());
                doc.append(Character.toUpperCase(first.charAt(0))).append(first.substring(1));
            } else if (!inDoc || line.isBlank()) {
                inDoc = inDoc && !line.isBlank();
            } else if (line.equals("-- Columns:")) {
                inColumns = true;
            } else if (line.equals("-- materialize")) {
                materialize = true;
            } else if (inColumns && column.matches()) {
                String unit = column.group(2);
                columns.add(new SqlObject.Column(column.group(1), unit == null ? "" : unit, column.group(3)));
            } else if (inColumns) {
                SqlObject.Column last = columns.remove(columns.size() - 1);
                columns.add(new SqlObject.Column(last.name(), last.unit(), last.doc() + " " + words(line)));
            } else {
                doc.append(' ').append(words(line));
            }
        }
        return new SqlObject(name, create.group(1).toLowerCase(Locale.ROOT), module, doc.toString(),
                List.copyOf(columns), materialize, statement.substring(create.start()));
    }

    private static String words(String commentLine) {
        return commentLine.substring(2).strip();
    }

    private static String resource(String module) {
        try (InputStream in = SqlModules.class.getResourceAsStream(ROOT + module)) {
            if (in == null) {
                throw new IllegalStateException("no such SQL module: " + module);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("SQL module " + module, e);
        }
    }
}
