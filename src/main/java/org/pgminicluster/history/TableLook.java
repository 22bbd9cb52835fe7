package org.pgminicluster.history;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.journal.Row;
import org.pgminicluster.script.Sql;

/** A look at all rows of a table, as far as they are compared. */
final class TableLook {

    /** A mutant that echoes writes rows without end. */
    static final int MOST_ROWS = 10_000;

    private TableLook() {}

    /**
     * @param written whether it is written here, and not only those rows are here that a filter lets through
     * @param since what was committed before has no time: it may have been copied
     */
    static List<TableRow> rows(Node node, KeyedTable table, TableView view, boolean written, String since) {
        String digest = "md5(ROW("
                + view.columns().stream().map(Sql::identifier).collect(Collectors.joining(", ")) + ")::text)";
        String sql = "SELECT " + table.keyText() + ", " + digest + ", " + committedSince(since) + " FROM "
                + Sql.table(table.name())
                + (written && !view.where().isEmpty() ? " WHERE " + view.where() : "")
                // Not every column can be put in order, but a text can.
                + " ORDER BY "
                + (table.isKeyless()
                        ? "1"
                        : table.key().stream().map(Sql::identifier).collect(Collectors.joining(", ")))
                + " LIMIT " + MOST_ROWS;
        return node.query(sql).values().stream()
                .map(row -> new TableRow(row.text(0), row.text(1), row.get(2)))
                .toList();
    }

    /** What is in the rows, by their keys; a copy need not have the key that keeps a second row out. */
    static Map<String, String> digests(Node node, KeyedTable table, TableView view, boolean written) {
        Map<String, String> digests = new LinkedHashMap<>();
        rows(node, table, view, written, "").forEach(row -> digests.merge(row.key(), row.digest(), String::concat));
        return digests;
    }

    private static String committedSince(String since) {
        return since.isEmpty()
                ? "NULL"
                : "CASE WHEN pg_xact_commit_timestamp(xmin) >= " + Sql.literal(since)
                        + " THEN pg_xact_commit_timestamp(xmin) END";
    }

    /** The clock of a node. */
    static String now(Node node) {
        return node.query("SELECT now()").values().stream()
                .findFirst()
                .map((Row row) -> row.text(0))
                .orElseThrow();
    }
}
