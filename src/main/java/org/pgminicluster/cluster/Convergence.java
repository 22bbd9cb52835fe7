package org.pgminicluster.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.NodeTable;

/** Compares a table's rows node by node, and says how they differ the way a person would write it down. */
final class Convergence {

    private static final int SHOWN = 10;

    private Convergence() {}

    /** Empty if all hold the rows of the first, else one line for each node that does not. */
    static Optional<Words> difference(List<NodeTable> tables) {
        NodeTable first = tables.get(0);
        List<String> names = names(tables.stream().map(NodeTable::node).toList());
        // The first one's columns, so that another order elsewhere makes no difference.
        List<String> columns = first.columns();
        Rows expected = first.rows(columns);
        return IntStream.range(1, tables.size())
                .mapToObj(i -> difference(
                        first.name().toString(),
                        names.get(0),
                        expected,
                        names.get(i),
                        tables.get(i).rows(columns)))
                .flatMap(Optional::stream)
                .reduce((above, below) -> Words.of("difference.next", above, below));
    }

    /** What nodes are called, with their databases where there is more than one. */
    static List<String> names(List<Member> compared) {
        boolean several = compared.stream().map(Member::database).distinct().count() > 1;
        return compared.stream()
                .map(node -> several ? node.name() + " (" + node.database() + ")" : node.name())
                .toList();
    }

    static Optional<Words> difference(String table, String reference, Rows expected, String other, Rows actual) {
        // Both are in order, so that nothing need be counted in the end, when a table may be large.
        if (expected.values().equals(actual.values())) {
            return Optional.empty();
        }
        List<Row> missing = without(expected, actual);
        List<Row> extra = without(actual, expected);
        if (missing.isEmpty() && extra.isEmpty()) {
            return Optional.empty();
        }
        Words line = Words.of("difference", other, count(actual.size()), table, reference, expected.size());
        if (!missing.isEmpty()) {
            line = Words.of("difference.only", line, reference, show(missing));
        }
        if (!extra.isEmpty()) {
            line = Words.of("difference.only", line, other, show(extra));
        }
        return Optional.of(line);
    }

    private static Words count(int rows) {
        return Words.of(rows == 1 ? "rows.one" : "rows", rows);
    }

    /** As bags: a row that is there twice on one side and once on the other differs once. */
    private static List<Row> without(Rows from, Rows other) {
        Map<Row, Integer> there = new HashMap<>();
        other.values().forEach(row -> there.merge(row, 1, Integer::sum));
        return from.values().stream()
                .filter(row -> there.merge(row, -1, Integer::sum) < 0)
                .toList();
    }

    private static Words show(List<Row> rows) {
        String shown = rows.stream().limit(SHOWN).map(Row::toString).collect(Collectors.joining(" "));
        return rows.size() > SHOWN ? Words.of("rows.more", shown, rows.size() - SHOWN) : Words.verbatim(shown);
    }
}
