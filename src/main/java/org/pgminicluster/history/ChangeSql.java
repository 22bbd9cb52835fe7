package org.pgminicluster.history;

import java.util.List;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Write;

/** The statements of a plan's steps. Keys follow from the transaction's number, so none is taken twice. */
final class ChangeSql {

    private static final int KEYS = 100;
    /** No transaction takes a key like that. */
    private static final int NOBODYS = 1_000_000;

    private ChangeSql() {}

    static List<String> of(Write write) {
        String table = write.source().table();
        int first = write.op() * KEYS;
        String newest = "SELECT id FROM " + table + " ORDER BY id DESC LIMIT " + write.rows();
        String oldest = "SELECT id FROM " + table + " ORDER BY id LIMIT " + write.rows();
        return switch (write.change()) {
            case INSERT, ROLLBACK -> List.of(insert(table, first, write.rows()));
            case UPDATE ->
                List.of("UPDATE " + table + " SET name = left(name, 100) || '+" + write.op() + "' WHERE id IN ("
                        + newest + ")");
            case KEY_CHANGE ->
                List.of("UPDATE " + table + " SET id = " + first + " WHERE id = (SELECT max(id) FROM " + table + ")");
            case DELETE -> List.of("DELETE FROM " + table + " WHERE id IN (" + oldest + ")");
            case TRUNCATE -> List.of("TRUNCATE " + table);
            case LARGE ->
                List.of("INSERT INTO " + table + " SELECT " + first
                        + ", string_agg(md5(i::text), '') FROM generate_series(1, 16384) AS i");
            case SAVEPOINT ->
                List.of(
                        insert(table, first, 1),
                        "SAVEPOINT s",
                        insert(table, first + 1, Math.min(write.rows(), KEYS / 2)),
                        "DELETE FROM " + table + " WHERE id IN (" + oldest + ")",
                        "ROLLBACK TO SAVEPOINT s",
                        insert(table, first + KEYS - 1, 1));
            case CANARY_ONLY -> List.of();
        };
    }

    private static String insert(String table, int first, int rows) {
        return "INSERT INTO " + table + " SELECT " + first + " + i, 'row ' || i FROM generate_series(0, " + (rows - 1)
                + ") AS i";
    }

    static String of(Attempt attempt, String table) {
        return switch (attempt) {
            case INSERT -> "INSERT INTO " + table + " VALUES (-" + NOBODYS + ", 'forbidden')";
            case UPDATE -> "UPDATE " + table + " SET name = 'forbidden'";
            case UPDATE_NOTHING -> "UPDATE " + table + " SET name = 'forbidden' WHERE id = " + NOBODYS;
            case DELETE -> "DELETE FROM " + table;
            case TRUNCATE -> "TRUNCATE " + table;
            case COPY -> "COPY " + table + " FROM STDIN";
        };
    }

    /** What COPY is sent. */
    static String copied() {
        return "-" + (NOBODYS + 1) + "\tforbidden\n";
    }
}
