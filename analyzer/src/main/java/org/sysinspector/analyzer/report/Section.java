// SPDX-License-Identifier: Apache-2.0
// A part of a report, ready to be set as text or HTML.
package org.sysinspector.analyzer.report;

import java.util.List;

/**
 * A part of a report, ready to be set. Texts are as they come from the capture: whoever sets them escapes them.
 *
 * @param title its heading; empty for none
 * @param columns heads of the columns after the first, empty where there is no table
 * @param rows the table
 * @param items what it says beside the table
 */
record Section(String title, List<Column> columns, List<Row> rows, List<Item> items) {

    /** Makes one of items only. */
    static Section of(String title, List<Item> items) {
        return new Section(title, List.of(), List.of(), items);
    }

    /**
     * A column after the first.
     *
     * @param head its head
     * @param width its width in characters
     * @param right whether it is a figure
     */
    record Column(String head, int width, boolean right) {
        static Column figure(String head, int width) {
            return new Column(head, width, true);
        }
    }

    /**
     * A row of the table.
     *
     * @param depth how far its name is indented, in steps
     * @param name first cell
     * @param suffix what stands after it even where it is cut; may be empty
     * @param cells the others
     */
    record Row(int depth, String name, String suffix, List<String> cells) {}

    /**
     * A statement.
     *
     * @param mark what stands before it, such as a number; may be empty
     * @param text the statement
     * @param detail further lines below it; a line may be a chain of names before its text
     */
    record Item(String mark, String text, List<Detail> detail) {
        static Item of(String text) {
            return new Item("", text, List.of());
        }
    }

    /**
     * A line below a statement: {@code lead  a > b > c  ->  path  (note)}.
     *
     * @param lead what comes first, such as a share; may be empty
     * @param chain names of ancestors; may be empty
     * @param path a path; may be null
     * @param note what comes last; may be empty
     */
    record Detail(String lead, List<String> chain, String path, String note) {}
}
