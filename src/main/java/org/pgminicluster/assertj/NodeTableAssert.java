package org.pgminicluster.assertj;

import java.util.Arrays;
import java.util.List;
import org.pgminicluster.cluster.MiniCluster.Seen;
import org.pgminicluster.cluster.NodeTable;
import org.pgminicluster.journal.Row;

/**
 * Assertions about a table on one node. A table has no order of its own, so neither have its rows here; two equal rows
 * are two.
 */
public final class NodeTableAssert extends StateAssert<NodeTableAssert, NodeTable> {

    NodeTableAssert(NodeTable actual) {
        super(actual, NodeTableAssert.class, actual.node());
    }

    /** The table has exactly these rows, in any order. */
    public NodeTableAssert hasRows(Row... rows) {
        List<Row> expected = Arrays.asList(rows);
        String claim = "table " + actual + " to have exactly the rows" + RowsText.lines(expected);
        return holds(claim, () -> {
            List<Row> found = rows();
            List<Row> missing = RowsText.without(expected, found);
            List<Row> extra = RowsText.without(found, expected);
            return new Seen(
                    missing.isEmpty() && extra.isEmpty(),
                    "it had" + RowsText.lines(found) + RowsText.under("missing:", missing)
                            + RowsText.under("not expected:", extra));
        });
    }

    /** The table has these rows, and maybe others. */
    public NodeTableAssert containsRows(Row... rows) {
        List<Row> expected = Arrays.asList(rows);
        return holds("table " + actual + " to contain the rows" + RowsText.lines(expected), () -> {
            List<Row> found = rows();
            List<Row> missing = RowsText.without(expected, found);
            return new Seen(missing.isEmpty(), "it had" + RowsText.lines(found) + RowsText.under("missing:", missing));
        });
    }

    /** The table has none of these rows. */
    public NodeTableAssert doesNotContainRows(Row... rows) {
        List<Row> unwanted = Arrays.asList(rows);
        return holds("table " + actual + " to contain none of the rows" + RowsText.lines(unwanted), () -> {
            List<Row> there = rows().stream().filter(unwanted::contains).toList();
            return new Seen(there.isEmpty(), "it had" + RowsText.lines(there));
        });
    }

    /** The table has no rows. */
    public NodeTableAssert isEmpty() {
        return holds("table " + actual + " to be empty", () -> {
            List<Row> found = rows();
            return new Seen(found.isEmpty(), "it had " + RowsText.count(found.size()) + RowsText.lines(found));
        });
    }

    /** The table has that many rows. */
    public NodeTableAssert hasCount(long count) {
        return holds("table " + actual + " to have " + RowsText.count(count), () -> {
            long found = table().count();
            return new Seen(found == count, "it had " + found);
        });
    }

    private List<Row> rows() {
        return table().rows().values();
    }

    private NodeTable table() {
        return waits() ? actual.quietly() : actual;
    }
}
