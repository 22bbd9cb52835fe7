package org.pgminicluster.assertj;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;

/** Assertions about what a query returned; nothing here waits. */
public final class QueryAssert extends AbstractAssert<QueryAssert, Rows> {

    private final Node node;
    private final String sql;

    QueryAssert(Node node, String sql, Rows actual) {
        super(actual, QueryAssert.class);
        this.node = node;
        this.sql = sql;
    }

    /** The result has exactly these rows, in any order. */
    public QueryAssert hasRows(Row... rows) {
        isNotNull();
        List<Row> expected = Arrays.asList(rows);
        List<Row> found = actual.values();
        List<Row> missing = RowsText.without(expected, found);
        List<Row> extra = RowsText.without(found, expected);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw failure(
                    "%s",
                    "expected " + node + " to return for\n    " + sql.strip() + "\nexactly the rows"
                            + RowsText.lines(expected) + "\nbut it returned" + RowsText.lines(found)
                            + RowsText.under("missing:", missing) + RowsText.under("not expected:", extra));
        }
        return this;
    }

    /** The result is this one value, compared in PostgreSQL's text form. */
    public QueryAssert hasValue(Object value) {
        return hasRows(Row.of(value));
    }

    /** The result has no rows. */
    public QueryAssert isEmpty() {
        return hasRows();
    }
}
