package org.pgminicluster.history;

import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.history.KeyedTable.Ability;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Write;

/**
 * The statements of a plan's steps on a table. Keys follow from the transaction's number, so none is taken twice; what
 * cannot be done to the table is replaced by an insert.
 */
final class ChangeSql {

    private static final int KEYS = 100;
    /** Every writer has as many numbers of its own, above those that first rows are likely to have. */
    private static final long NUMBERS = 10_000_000;

    private final KeyedTable table;
    private final long first;

    /** @param writer the writer's number, from 0 */
    ChangeSql(KeyedTable table, int writer) {
        this.table = table;
        this.first = (writer + 1) * NUMBERS;
    }

    List<String> of(Write write) {
        long number = first + (long) write.op() * KEYS;
        return switch (write.change()) {
            case INSERT, ROLLBACK -> List.of(table.insert(number, write.rows()));
            case UPDATE -> orInsert(Ability.UPDATE, table.update(number, write.op(), write.rows()), number);
            case KEY_CHANGE ->
                table.can().contains(Ability.KEY_CHANGE)
                        ? List.of(table.keyChange(number))
                        : List.of(table.insert(number, 1));
            case DELETE -> orInsert(Ability.DELETE, table.deleteOldest(write.rows()), number);
            case TRUNCATE ->
                table.can().contains(Ability.TRUNCATE)
                        ? List.of(table.truncate())
                        : orInsert(Ability.DELETE, table.deleteAll(), number);
            case LARGE ->
                table.can().contains(Ability.LARGE)
                        ? List.of(table.insertLarge(number))
                        : List.of(table.insert(number, KEYS));
            case SAVEPOINT -> savepoint(write, number);
            case CANARY_ONLY -> List.of();
        };
    }

    private List<String> orInsert(Ability needed, String sql, long number) {
        return List.of(table.can().contains(needed) ? sql : table.insert(number, 1));
    }

    private List<String> savepoint(Write write, long number) {
        List<String> rolledBack = table.can().contains(Ability.DELETE)
                ? List.of(table.insert(number + 1, Math.min(write.rows(), KEYS / 2)), table.deleteOldest(write.rows()))
                : List.of(table.insert(number + 1, Math.min(write.rows(), KEYS / 2)));
        return Stream.of(
                        Stream.of(table.insert(number, 1), "SAVEPOINT s"),
                        rolledBack.stream(),
                        Stream.of("ROLLBACK TO SAVEPOINT s", table.insert(number + KEYS - 1, 1)))
                .flatMap(statements -> statements)
                .toList();
    }

    String of(Attempt attempt) {
        return switch (attempt) {
            case INSERT -> table.insert(KeyedTable.NOBODYS, 1);
            case UPDATE ->
                table.can().contains(Ability.UPDATE) ? table.updateAll(KeyedTable.NOBODYS) : table.deleteAll();
            case UPDATE_NOTHING ->
                table.can().contains(Ability.UPDATE) ? table.updateNothing(KeyedTable.NOBODYS) : table.deleteAll();
            case DELETE -> table.deleteAll();
            // Others may refer to it, and would be the reason for a refusal.
            case TRUNCATE -> table.truncate() + " CASCADE";
            case COPY -> table.copy();
        };
    }
}
