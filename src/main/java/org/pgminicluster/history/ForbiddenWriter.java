package org.pgminicluster.history;

import java.io.IOException;
import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.postgresql.PGConnection;

/** Tries to write on a read-only copy, and takes down how it was refused. */
final class ForbiddenWriter implements Ticks.Tick, AutoCloseable {

    private static final String CARRIED_OUT = "00000";

    private final Node node;
    private final Function<ForbiddenWrite, List<KeyedTable>> tables;
    private final List<ForbiddenWrite> attempts;
    private final Reconnecting sessions;
    private final Recorder recorder;
    private final Progress progress;
    private int next;

    /** @param tables which tables are read-only copies here of what is written with that ledger */
    ForbiddenWriter(
            Node node,
            Function<ForbiddenWrite, List<KeyedTable>> tables,
            List<ForbiddenWrite> attempts,
            Recorder recorder,
            Progress progress) {
        this.node = node;
        this.tables = tables;
        this.attempts = List.copyOf(attempts);
        this.sessions = new Reconnecting(node);
        this.recorder = recorder;
        this.progress = progress;
    }

    @Override
    public boolean isLast() {
        if (next < attempts.size()
                && progress.isAt(attempts.get(next).ledger(), attempts.get(next).after())) {
            try (Statement statement = sessions.open()) {
                if (statement != null) {
                    ForbiddenWrite write = attempts.get(next++);
                    attempt(statement, write);
                }
            } catch (SQLException e) {
                sessions.close();
            }
        }
        return next >= attempts.size() || progress.isGone(node.name());
    }

    private void attempt(Statement statement, ForbiddenWrite write) {
        List<KeyedTable> copies = tables.apply(write);
        if (!copies.isEmpty()) {
            KeyedTable table = copies.get((write.after() + write.attempt().ordinal()) % copies.size());
            String state = attempt(statement, write.attempt(), table);
            recorder.add(
                    new Tried(write.node(), write.ledger(), table.toString(), write.attempt(), state, recorder.now()));
        }
    }

    private String attempt(Statement statement, Attempt attempt, KeyedTable table) {
        String sql = new ChangeSql(table, 0).of(attempt);
        try {
            if (attempt == Attempt.COPY) {
                String line = line(statement, table);
                statement
                        .getConnection()
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(sql, new StringReader(line));
            } else {
                statement.execute(sql);
            }
            return CARRIED_OUT;
        } catch (SQLException e) {
            return sessions.isLost(e) ? "" : Reconnecting.stateOf(e);
        } catch (IOException e) {
            sessions.close();
            return "";
        }
    }

    /** A row as COPY takes it. */
    private static String line(Statement statement, KeyedTable table) throws SQLException {
        try (ResultSet values = statement.executeQuery(table.valuesToCopy(KeyedTable.NOBODYS))) {
            values.next();
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= values.getMetaData().getColumnCount(); i++) {
                columns.add(values.getString(i).replace("\\", "\\\\"));
            }
            return String.join("\t", columns) + "\n";
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
