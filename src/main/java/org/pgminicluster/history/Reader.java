package org.pgminicluster.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.script.Sql;

/** Looks at a copy again and again, each time in one statement. */
final class Reader implements Ticks.Tick, AutoCloseable {

    private static final String WRITTEN = "written";

    private static final String LOOK = """
            SELECT (%1$s), count(DISTINCT seq), coalesce(max(seq), 0), count(DISTINCT (seq, part)),
                   count(*), pg_postmaster_start_time(),
                   (SELECT o.remote_lsn FROM pg_replication_origin_status o
                      JOIN pg_subscription s ON o.external_id = 'pg_' || s.oid
                     WHERE s.subname = %3$s
                       AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())),
                   %4$s
              FROM %2$s""";

    /** Both tables have come into the hands of the apply worker; before, each is as its own copy has left it. */
    private static final String WHOLE = """
            (SELECT s.oid FROM pg_subscription s
              WHERE s.subname = %1$s
                AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND (SELECT count(*) FROM pg_subscription_rel r
                      WHERE r.srsubid = s.oid AND r.srsubstate = 'r'
                        AND r.srrelid IN (%2$s::regclass, %3$s::regclass)) = 2)""";

    private final HistoryTopology.Copied copy;
    private final String look;
    private final Reconnecting sessions;
    private final Recorder recorder;

    Reader(Node node, HistoryTopology.Copied copy, Recorder recorder) {
        this.copy = copy;
        Ledger ledger = copy.ledger();
        String subscription = Sql.literal(copy.subscription());
        this.look = LOOK.formatted(
                ledger.progress(),
                Sql.table(ledger.canary()),
                subscription,
                copy.subscription().isEmpty()
                        ? "'" + WRITTEN + "'"
                        : WHOLE.formatted(
                                subscription,
                                Sql.literal(Sql.table(ledger.counter())),
                                Sql.literal(Sql.table(ledger.canary()))));
        this.sessions = new Reconnecting(node);
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
            String source = result.getString(8);
            recorder.add(new Read(
                    copy.place().name(),
                    copy.ledger().id(),
                    result.getLong(1),
                    result.getLong(2),
                    result.getLong(3),
                    result.getLong(4),
                    result.getLong(5),
                    applied == null ? "" : applied,
                    result.getString(6),
                    source == null ? "" : source,
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
