package org.pgminicluster.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;

/** Compares a table's rows node by node, and says how they differ the way a person would write it down. */
final class Convergence {

    private static final int SHOWN = 10;

    private Convergence() {}

    /** Empty if all hold the rows of the first, else one line for each node that does not. */
    static String difference(List<NodeTable> tables) {
        NodeTable first = tables.get(0);
        // The first one's columns, so that another order elsewhere makes no difference.
        List<String> columns = first.columns();
        Rows expected = first.rows(columns);
        return tables.stream()
                .skip(1)
                .map(table -> difference(
                        table.name().toString(),
                        first.node().name(),
                        expected,
                        table.node().name(),
                        table.rows(columns)))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    static String difference(String table, String reference, Rows expected, String other, Rows actual) {
        // Both are in order, so that nothing need be counted in the end, when a table may be large.
        if (expected.values().equals(actual.values())) {
            return "";
        }
        List<Row> missing = without(expected, actual);
        List<Row> extra = without(actual, expected);
        if (missing.isEmpty() && extra.isEmpty()) {
            return "";
        }
        String line = other + " has " + count(actual.size()) + " of table " + table + ", " + reference + " has "
                + expected.size();
        if (!missing.isEmpty()) {
            line += "; only on " + reference + ": " + show(missing);
        }
        if (!extra.isEmpty()) {
            line += "; only on " + other + ": " + show(extra);
        }
        return line;
    }

    private static String count(int rows) {
        return rows + (rows == 1 ? " row" : " rows");
    }

    /** As bags: a row that is there twice on one side and once on the other differs once. */
    private static List<Row> without(Rows from, Rows other) {
        Map<Row, Integer> there = new HashMap<>();
        other.values().forEach(row -> there.merge(row, 1, Integer::sum));
        return from.values().stream()
                .filter(row -> there.merge(row, -1, Integer::sum) < 0)
                .toList();
    }

    private static String show(List<Row> rows) {
        String shown = rows.stream().limit(SHOWN).map(Row::toString).collect(Collectors.joining(" "));
        return rows.size() > SHOWN ? shown + " and " + (rows.size() - SHOWN) + " more" : shown;
    }
}
