package org.pgminicluster.history;

import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.postgresql.PGConnection;

/** Tries to write on a read-only copy, and takes down how it was refused. */
final class Intruder implements Ticks.Tick, AutoCloseable {

    private static final String CARRIED_OUT = "00000";

    private final Node node;
    private final List<ForbiddenWrite> attempts;
    private final Sessions sessions;
    private final Recorder recorder;
    private final Progress progress;
    private int next;

    Intruder(Node node, List<ForbiddenWrite> attempts, Recorder recorder, Progress progress) {
        this.node = node;
        this.attempts = List.copyOf(attempts);
        this.sessions = new Sessions(node);
        this.recorder = recorder;
        this.progress = progress;
    }

    @Override
    public boolean isLast() {
        if (next < attempts.size()
                && progress.isAt(attempts.get(next).source(), attempts.get(next).after())) {
            try (Statement statement = sessions.open()) {
                if (statement != null) {
                    ForbiddenWrite write = attempts.get(next++);
                    String state = attempt(statement, write);
                    recorder.add(new Tried(write.node(), write.source(), write.attempt(), state, recorder.now()));
                }
            } catch (SQLException e) {
                sessions.close();
            }
        }
        return next >= attempts.size() || progress.isGone(node.name());
    }

    private String attempt(Statement statement, ForbiddenWrite write) {
        String sql = ChangeSql.of(write.attempt(), write.source().table());
        try {
            if (write.attempt() == Attempt.COPY) {
                statement
                        .getConnection()
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(sql, new StringReader(ChangeSql.copied()));
            } else {
                statement.execute(sql);
            }
            return CARRIED_OUT;
        } catch (SQLException e) {
            return sessions.isLost(e) ? "" : Sessions.stateOf(e);
        } catch (IOException e) {
            sessions.close();
            return "";
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
