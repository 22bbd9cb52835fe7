package org.pgminicluster.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Wrote;
import org.pgminicluster.history.Plan.Write;
import org.pgminicluster.script.Sql;

/** Carries out a writer's transactions one after the other, and takes down what it was told. Nothing is tried twice. */
final class Writer implements Ticks.Tick, AutoCloseable {

    /** Every so many transactions have their COMMIT sent ahead. */
    private static final int AHEAD = 3;

    private final Ledger ledger;
    private final List<ChangeSql> tables;
    private final List<Write> writes;
    private final Reconnecting sessions;
    private final Recorder recorder;
    private final Progress progress;
    private int next;

    /** @param tables those that the transactions change, in turn; there may be none */
    Writer(Node node, Ledger ledger, List<ChangeSql> tables, List<Write> writes, Recorder recorder, Progress progress) {
        this.ledger = ledger;
        this.tables = List.copyOf(tables);
        this.writes = List.copyOf(writes);
        this.sessions = new Reconnecting(node);
        this.recorder = recorder;
        this.progress = progress;
    }

    @Override
    public boolean isLast() {
        if (next < writes.size()) {
            try (Statement statement = sessions.open()) {
                if (statement != null) {
                    Write write = writes.get(next++);
                    recorder.add(transaction(statement, write));
                    progress.cameTo(ledger.id(), write.op());
                }
            } catch (SQLException e) {
                sessions.close();
            }
        }
        if (next < writes.size()) {
            return false;
        }
        progress.finished(ledger.id());
        return true;
    }

    private Wrote transaction(Statement statement, Write write) {
        long n = 0;
        try {
            statement.execute("BEGIN");
            n = counter(statement);
            statement.execute("INSERT INTO %s VALUES (%d, 1, %d), (%d, 2, %d)"
                    .formatted(Sql.table(ledger.canary()), n, write.op(), n, write.op()));
            for (String sql : changes(write)) {
                statement.execute(sql);
            }
            if (write.change() == Plan.Change.ROLLBACK) {
                statement.execute("ROLLBACK");
                return wrote(write, n, Outcome.ROLLED_BACK, "", "");
            }
        } catch (SQLException e) {
            // COMMIT was never sent.
            if (!sessions.isLost(e)) {
                sessions.close();
            }
            return wrote(write, n, Outcome.FAILED, Reconnecting.stateOf(e), "");
        }
        try {
            statement.execute(commit(write));
        } catch (SQLException e) {
            Outcome outcome =
                    sessions.isLost(e) || Reconnecting.stateOf(e).startsWith("57") ? Outcome.UNKNOWN : Outcome.FAILED;
            sessions.close();
            return wrote(write, n, outcome, Reconnecting.stateOf(e), "");
        }
        return wrote(write, n, Outcome.ACKNOWLEDGED, "", position(statement));
    }

    private List<String> changes(Write write) {
        return tables.isEmpty()
                ? List.of()
                : tables.get(write.op() % tables.size()).of(write);
    }

    /**
     * As of a client that does not wait for each answer: the server has the COMMIT and does not come to it yet. If it dies
     * in between, nobody is told, and nothing was carried out.
     */
    private static String commit(Write write) {
        return write.op() % AHEAD == 0 ? "SELECT pg_sleep(0.05); COMMIT" : "COMMIT";
    }

    private long counter(Statement statement) throws SQLException {
        String sql = "UPDATE " + Sql.table(ledger.counter()) + " SET n = n + 1 RETURNING n";
        try (ResultSet result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new SQLException(ledger.counter() + " has no row", "02000");
            }
            return result.getLong(1);
        }
    }

    private String position(Statement statement) {
        try (ResultSet result = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            return result.next() ? result.getString(1) : "";
        } catch (SQLException e) {
            sessions.isLost(e);
            return "";
        }
    }

    private Wrote wrote(Write write, long n, Outcome outcome, String sqlState, String lsn) {
        return new Wrote(ledger.id(), write.op(), n, outcome, sqlState, lsn, recorder.now());
    }

    @Override
    public void close() {
        sessions.close();
    }
}
