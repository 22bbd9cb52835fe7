package org.pgminicluster.history;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.KeyedTable.Ability;
import org.pgminicluster.history.TableCatalog.Unfit;

/** Tries what is going to be done to a table, and takes it back: constraints and triggers have a say in it, too. */
final class TableTrial {

    private static final long NUMBER = 9_000_000;

    private final Node node;

    TableTrial(Node node) {
        this.node = node;
    }

    /**
     * @param wanted what others let through
     * @return the table with what can be done to it
     * @throws Unfit if nothing can be inserted
     */
    KeyedTable of(KeyedTable table, Set<Ability> wanted) throws Unfit {
        try (Reconnecting sessions = new Reconnecting(node);
                Statement statement = sessions.open()) {
            if (statement == null) {
                throw new MiniClusterException(
                        "expected " + node.name() + " to be up when a history begins, but was not; see its log");
            }
            statement.execute("BEGIN");
            try {
                return tried(statement, table, wanted);
            } finally {
                statement.execute("ROLLBACK");
            }
        } catch (SQLException e) {
            throw new MiniClusterException("trying to write " + table + " on " + node.name() + " failed", e);
        }
    }

    private static KeyedTable tried(Statement statement, KeyedTable table, Set<Ability> wanted)
            throws SQLException, Unfit {
        try {
            statement.execute(table.insert(NUMBER, 3));
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
        } catch (SQLException e) {
            throw new Unfit("takes no made-up rows: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        Map<Ability, String> trials = new EnumMap<>(Ability.class);
        if (table.hasMoreThanItsKey()) {
            trials.put(Ability.UPDATE, table.update(NUMBER, 1, 1));
        }
        trials.put(Ability.KEY_CHANGE, table.keyChange(NUMBER + 5));
        if (table.canGrow()) {
            trials.put(Ability.LARGE, table.insertLarge(NUMBER + 6));
        }
        trials.put(Ability.DELETE, table.deleteOldest(1));
        trials.put(Ability.TRUNCATE, table.truncate());
        Set<Ability> able = EnumSet.noneOf(Ability.class);
        for (Map.Entry<Ability, String> trial : trials.entrySet()) {
            if (wanted.contains(trial.getKey()) && isTaken(statement, trial.getValue())) {
                able.add(trial.getKey());
            }
        }
        return table.able(able);
    }

    private static boolean isTaken(Statement statement, String sql) throws SQLException {
        statement.execute("SAVEPOINT trial");
        try {
            statement.execute(sql);
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            return true;
        } catch (SQLException e) {
            return false;
        } finally {
            statement.execute("ROLLBACK TO SAVEPOINT trial");
        }
    }
}
