package org.pgminicluster.assertj;

import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.NodeTable;
import org.pgminicluster.wait.Seen;

/**
 * Assertions about a table on one node. A table has no order of its own, so neither have its rows here; two equal rows
 * are two.
 */
@API(status = API.Status.MAINTAINED)
public final class NodeTableAssert extends StateAssert<NodeTableAssert, NodeTable> {

    NodeTableAssert(NodeTable actual) {
        super(actual, NodeTableAssert.class, actual.node());
    }

    /** The table has exactly these rows, in any order. */
    public NodeTableAssert hasRows(Row... rows) {
        List<Row> expected = Arrays.asList(rows);
        return holds(Words.of("rule.rows", RowsText.lines(expected)), () -> {
            List<Row> found = rows();
            List<Row> missing = RowsText.without(expected, found);
            List<Row> extra = RowsText.without(found, expected);
            return Seen.of(missing.isEmpty() && extra.isEmpty(), RowsText.differing(had(found), missing, extra));
        });
    }

    /** The table has these rows, and maybe others. */
    public NodeTableAssert containsRows(Row... rows) {
        List<Row> expected = Arrays.asList(rows);
        return holds(Words.of("rule.some-rows", RowsText.lines(expected)), () -> {
            List<Row> found = rows();
            List<Row> missing = RowsText.without(expected, found);
            return Seen.of(missing.isEmpty(), RowsText.differing(had(found), missing, List.of()));
        });
    }

    /** The table has none of these rows. */
    public NodeTableAssert doesNotContainRows(Row... rows) {
        List<Row> unwanted = Arrays.asList(rows);
        return holds(Words.of("rule.no-rows-of", RowsText.lines(unwanted)), () -> {
            List<Row> there = rows().stream().filter(unwanted::contains).toList();
            return Seen.of(there.isEmpty(), had(there));
        });
    }

    /** The table has no rows. */
    public NodeTableAssert isEmpty() {
        return holds(Words.of("rule.empty"), () -> {
            List<Row> found = rows();
            return Seen.of(
                    found.isEmpty(), Words.of("seen.had-count", RowsText.count(found.size()), RowsText.lines(found)));
        });
    }

    /** The table has that many rows. */
    public NodeTableAssert hasCount(long count) {
        return holds(Words.of("rule.count", RowsText.count(count)), () -> {
            long found = table().count();
            return Seen.of(found == count, Words.of("seen.had-count", found, ""));
        });
    }

    @Override
    Words subject() {
        return Words.of("table", actual.name(), actual.node().name());
    }

    private static Words had(List<Row> rows) {
        return Words.of("seen.had", RowsText.lines(rows));
    }

    private List<Row> rows() {
        return table().rows().values();
    }

    private NodeTable table() {
        return waits() ? actual.quietly() : actual;
    }
}
