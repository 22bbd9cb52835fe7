package org.pgminicluster.history;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/**
 * A table with a key, and the statements that put rows into it which are made up of numbers.
 *
 * @param name its name
 * @param columns all that are replicated whatever publications say of generated ones
 * @param stored the names of those that are generated and stored, which a publication may publish, too
 * @param key the names of those that make the key
 * @param can what can be done to it
 * @param isKeyless whether it has none, so that all columns stand for one and a row may be there more than once
 */
record KeyedTable(
        TableName name,
        List<Column> columns,
        List<String> stored,
        List<String> key,
        Set<Ability> can,
        boolean isKeyless) {

    /** What can be done to it besides inserting. */
    enum Ability {
        UPDATE,
        KEY_CHANGE,
        DELETE,
        TRUNCATE,
        LARGE
    }

    /**
     * A column.
     *
     * @param name its name
     * @param value how a value is made for it; empty to leave it alone
     * @param grows whether it can be made longer and longer
     * @param always whether it is {@code GENERATED ALWAYS AS IDENTITY}
     */
    record Column(String name, String value, boolean grows, boolean always) {}

    /** The number of rows that nobody writes. */
    static final int NOBODYS = 999_999;

    KeyedTable(TableName name, List<Column> columns, List<String> key, Set<Ability> can) {
        this(name, columns, List.of(), key, can, false);
    }

    KeyedTable {
        columns = List.copyOf(columns);
        stored = List.copyOf(stored);
        key = List.copyOf(key);
        can = can.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(can));
    }

    KeyedTable able(Set<Ability> abilities) {
        return new KeyedTable(name, columns, stored, key, abilities, isKeyless);
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    String insert(long first, int rows) {
        return into() + "SELECT " + values("") + from(first, rows);
    }

    /** One row that is as large as half a megabyte. */
    String insertLarge(long first) {
        return into() + "SELECT " + values("(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 16384) AS i)")
                + from(first, 1);
    }

    String update(long number, int op, int rows) {
        return "UPDATE " + table() + " AS written SET " + assignments(op) + from(number, 1) + " WHERE "
                + keyIn(" DESC", rows);
    }

    String updateAll(long number) {
        return "UPDATE " + table() + " AS written SET " + assignments(0) + from(number, 1);
    }

    String updateNothing(long number) {
        return updateAll(number) + " WHERE " + keyIs("written.");
    }

    /** Another key for the newest row. */
    String keyChange(long number) {
        Column changed = keyColumn();
        return "UPDATE " + table() + " AS written SET " + Sql.identifier(changed.name()) + " = " + changed.value()
                + from(number, 1) + " WHERE " + keyIn(" DESC", 1);
    }

    String deleteOldest(int rows) {
        return "DELETE FROM " + table() + " AS written WHERE " + keyIn("", rows);
    }

    String deleteAll() {
        return "DELETE FROM " + table();
    }

    String truncate() {
        return "TRUNCATE " + table();
    }

    String copy() {
        return "COPY " + table() + " (" + names(made()) + ") FROM STDIN";
    }

    /** What {@link #copy()} can be sent. */
    String valuesToCopy(long number) {
        return "SELECT "
                + made().stream()
                        .map(column -> "(" + column.value() + ")::text")
                        .collect(Collectors.joining(", "))
                + from(number, 1);
    }

    /** The key as one text; rows that are alike are numbered. */
    String keyText() {
        return isKeyless ? allText() + " || '#' || row_number() OVER (PARTITION BY " + allText() + ")" : allText();
    }

    private String allText() {
        List<String> names = key.stream().map(Sql::identifier).toList();
        return names.size() == 1 ? names.get(0) + "::text" : "ROW(" + String.join(", ", names) + ")::text";
    }

    boolean hasMoreThanItsKey() {
        return made().stream().anyMatch(column -> !key.contains(column.name()));
    }

    boolean canGrow() {
        return made().stream().anyMatch(Column::grows);
    }

    private Column keyColumn() {
        return made().stream()
                .filter(column -> key.contains(column.name()))
                .findFirst()
                .orElseThrow();
    }

    private String into() {
        boolean always = made().stream().anyMatch(Column::always);
        return "INSERT INTO " + table() + " (" + names(made()) + ")" + (always ? " OVERRIDING SYSTEM VALUE " : " ");
    }

    private String values(String large) {
        boolean[] placed = new boolean[1];
        return made().stream()
                .map(column -> {
                    if (large.isEmpty() || placed[0] || !column.grows()) {
                        return column.value();
                    }
                    placed[0] = true;
                    return large;
                })
                .collect(Collectors.joining(", "));
    }

    private String assignments(int op) {
        return made().stream()
                .filter(column -> !key.contains(column.name()))
                .map(column -> Sql.identifier(column.name()) + " = "
                        + (column.grows() && op > 0
                                ? "concat(left(written." + Sql.identifier(column.name()) + ", 100), '+" + op + "')"
                                : column.value()))
                .collect(Collectors.joining(", "));
    }

    private String keyIn(String order, int rows) {
        String columns = key.stream().map(Sql::identifier).collect(Collectors.joining(", "));
        String ordered = key.stream().map(it -> Sql.identifier(it) + order).collect(Collectors.joining(", "));
        String written = key.stream().map(it -> "written." + Sql.identifier(it)).collect(Collectors.joining(", "));
        return "(" + written + ") IN (SELECT " + columns + " FROM " + table() + " ORDER BY " + ordered + " LIMIT "
                + rows + ")";
    }

    private String keyIs(String qualifier) {
        return made().stream()
                .filter(column -> key.contains(column.name()))
                .map(column -> qualifier + Sql.identifier(column.name()) + " = " + column.value())
                .collect(Collectors.joining(" AND "));
    }

    /** An expression knows its number by that name. */
    private static String from(long first, int rows) {
        return " FROM generate_series(" + first + "::bigint, " + (first + rows - 1) + ") AS made_up(v)";
    }

    private List<Column> made() {
        return columns.stream().filter(column -> !column.value().isEmpty()).toList();
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(column -> Sql.identifier(column.name())).collect(Collectors.joining(", "));
    }

    private String table() {
        return Sql.table(name);
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
