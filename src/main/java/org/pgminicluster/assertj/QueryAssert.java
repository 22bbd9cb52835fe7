package org.pgminicluster.assertj;

import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Words;
import org.pgminicluster.wait.Seen;

/** Assertions about what a query returns. After {@link #eventually()} it is executed again and again. */
@API(status = API.Status.MAINTAINED)
public final class QueryAssert extends StateAssert<QueryAssert, String> {

    private final Node asked;
    private final @Nullable Object[] params;
    private @Nullable List<Row> returned;

    QueryAssert(Node node, String sql, @Nullable Object... params) {
        super(sql, QueryAssert.class, node.member());
        this.asked = node;
        this.params = params;
    }

    /** The result has exactly these rows, in any order. */
    public QueryAssert hasRows(Row... rows) {
        List<Row> expected = Arrays.asList(rows);
        return holds(Words.of("rule.return", actual.strip(), RowsText.lines(expected)), () -> {
            List<Row> found = rows();
            List<Row> missing = RowsText.without(expected, found);
            List<Row> extra = RowsText.without(found, expected);
            return Seen.of(
                    missing.isEmpty() && extra.isEmpty(),
                    RowsText.differing(Words.of("seen.returned", RowsText.lines(found)), missing, extra));
        });
    }

    /** The result is this one value, compared in PostgreSQL's text form. */
    public QueryAssert hasValue(Object value) {
        return hasRows(Row.of(value));
    }

    /** The result has no rows. */
    public QueryAssert isEmpty() {
        return hasRows();
    }

    @Override
    Words subject() {
        return Words.verbatim(asked.name());
    }

    private List<Row> rows() {
        if (waits()) {
            return node().look(actual, params).values();
        }
        if (returned == null) {
            returned = asked.query(actual, params).values();
        }
        return returned;
    }
}
