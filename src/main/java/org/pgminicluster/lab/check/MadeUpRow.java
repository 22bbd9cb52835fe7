package org.pgminicluster.lab.check;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;

/** A row that is made up for a table, so that it can be recognized and taken back. */
final class MadeUpRow {

    private static final String OF = " FROM (SELECT %d::bigint AS v) AS made_up";

    private final TableFacts table;
    private final long number;

    private MadeUpRow(TableFacts table, long number) {
        this.table = table;
        this.number = number;
    }

    /**
     * The row of that number.
     *
     * @param number of up to nine digits
     */
    static MadeUpRow of(TableFacts table, long number) {
        return new MadeUpRow(table, number);
    }

    /** The column that must have a value and for which none can be made up; empty if a row can be made. */
    static Optional<ColumnFacts> obstacle(TableFacts table) {
        return table.columns().stream()
                .filter(column -> (column.key() || column.needed()) && !column.isMadeUp())
                .findFirst();
    }

    String insert() {
        List<ColumnFacts> columns =
                table.columns().stream().filter(ColumnFacts::isMadeUp).toList();
        if (columns.isEmpty()) {
            return "INSERT INTO " + table.sql() + " DEFAULT VALUES";
        }
        return "INSERT INTO " + table.sql() + " (" + names(columns) + ") OVERRIDING SYSTEM VALUE SELECT "
                + columns.stream().map(ColumnFacts::madeUp).collect(Collectors.joining(", ")) + of();
    }

    /** How many there are, by the key. */
    String count() {
        return "SELECT count(*) FROM " + table.sql() + " WHERE " + isIt();
    }

    /** By the key. */
    String delete() {
        return "DELETE FROM " + table.sql() + " WHERE " + isIt();
    }

    /** Changes nothing of one row: this one, or any if this one is not there. */
    Optional<String> update(boolean isThere) {
        return column().map(name ->
                "UPDATE " + table.sql() + " SET " + name + " = " + name + " WHERE " + (isThere ? isIt() : any()));
    }

    /** Changes no row. */
    Optional<String> updateOfNone() {
        return column().map(name -> "UPDATE " + table.sql() + " SET " + name + " = " + name + " WHERE false");
    }

    /** One row: this one, or any if this one is not there. */
    String delete(boolean isThere) {
        return isThere ? delete() : "DELETE FROM " + table.sql() + " WHERE " + any();
    }

    String truncate() {
        return "TRUNCATE " + table.sql();
    }

    private Optional<String> column() {
        return table.columns().stream()
                .filter(column -> !column.computed() && !column.always())
                .map(column -> Sql.identifier(column.name()))
                .findFirst();
    }

    private String isIt() {
        return table.columns().stream()
                .filter(ColumnFacts::key)
                .map(column -> Sql.identifier(column.name()) + " = (SELECT " + column.madeUp() + of() + ")")
                .collect(Collectors.joining(" AND "));
    }

    private String any() {
        return "ctid = (SELECT ctid FROM " + table.sql() + " LIMIT 1)";
    }

    private String of() {
        return OF.formatted(number);
    }

    private static String names(List<ColumnFacts> columns) {
        return columns.stream().map(column -> Sql.identifier(column.name())).collect(Collectors.joining(", "));
    }
}
