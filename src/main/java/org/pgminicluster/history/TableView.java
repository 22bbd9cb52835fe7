package org.pgminicluster.history;

import java.util.List;

/**
 * The part of a table that is compared.
 *
 * @param columns the columns
 * @param where the condition that its rows fulfil, or empty for all
 */
record TableView(List<String> columns, String where) {

    TableView {
        columns = List.copyOf(columns);
    }

    /** Such as {@code id, name WHERE ((region = 'north'))}. */
    @Override
    public String toString() {
        return String.join(", ", columns) + (where.isEmpty() ? "" : " WHERE " + where);
    }
}
