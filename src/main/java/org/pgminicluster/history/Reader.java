package org.pgminicluster.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Read;

/** Looks at a copy again and again, each time in one statement. */
final class Reader implements Ticks.Tick, AutoCloseable {

    private static final String LOOK = """
            SELECT (SELECT n FROM %1$s), count(DISTINCT seq), coalesce(max(seq), 0), count(DISTINCT (seq, part)),
                   count(*), pg_postmaster_start_time(),
                   (SELECT o.remote_lsn FROM pg_replication_origin_status o
                      JOIN pg_subscription s ON o.external_id = 'pg_' || s.oid
                     WHERE s.subname = '%3$s')
              FROM %2$s""";

    private final Node node;
    private final Source source;
    private final String look;
    private final Sessions sessions;
    private final Recorder recorder;

    Reader(Node node, Source source, String subscription, Recorder recorder) {
        this.node = node;
        this.source = source;
        this.look = LOOK.formatted(source.counter(), source.canary(), subscription);
        this.sessions = new Sessions(node);
        this.recorder = recorder;
    }

    /** It goes on until it is closed. */
    @Override
    public boolean isLast() {
        try (Statement statement = sessions.open()) {
            if (statement != null) {
                read(statement);
            }
        } catch (SQLException e) {
            sessions.close();
        }
        return false;
    }

    private void read(Statement statement) {
        try (ResultSet result = statement.executeQuery(look)) {
            result.next();
            String applied = result.getString(7);
            recorder.add(new Read(
                    node.name(),
                    source,
                    result.getLong(1),
                    result.getLong(2),
                    result.getLong(3),
                    result.getLong(4),
                    result.getLong(5),
                    applied == null ? "" : applied,
                    result.getString(6),
                    recorder.now()));
        } catch (SQLException e) {
            sessions.isLost(e);
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
