package org.pgminicluster.cluster;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.InParallel;

/**
 * Reads a {@link ClusterSnapshot}. A node that is dead, frozen or half set up must not keep the others from being shown,
 * so each is asked by a connection of its own with short timeouts, and nothing here throws.
 */
final class SnapshotReader {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(3);

    private static final String SUBSCRIPTIONS = """
            SELECT s.subname AS subscription, s.subenabled AS enabled, s.subslotname AS slot, st.pid AS worker,
                   st.received_lsn AS received, o.remote_lsn AS applied
              FROM pg_subscription s
              LEFT JOIN pg_stat_subscription st ON st.subid = s.oid AND st.relid IS NULL
              LEFT JOIN pg_replication_origin_status o ON o.external_id = 'pg_' || s.oid
             WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
             ORDER BY 1""";

    private static final String TABLES = """
            SELECT s.subname AS subscription, r.srrelid::regclass AS table, r.srsubstate AS state, r.srsublsn AS lsn
              FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
             ORDER BY 1, 2::text""";

    private static final String SENDERS = """
            SELECT application_name, pid, state, sent_lsn AS sent, flush_lsn AS flushed, replay_lsn AS replayed,
                   sync_state AS sync
              FROM pg_stat_replication ORDER BY 1""";

    private static final String SLOTS = """
            SELECT slot_name, slot_type AS type, database, active, active_pid, restart_lsn, confirmed_flush_lsn AS confirmed
              FROM pg_replication_slots ORDER BY 1""";

    private static final String RECOVERY = """
            SELECT current_setting('primary_slot_name', true) AS slot,
                   coalesce((SELECT status FROM pg_stat_wal_receiver), 'not connected') AS receiver,
                   pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed,
                   pg_last_xact_replay_timestamp() AS "last commit"
             WHERE pg_is_in_recovery()""";

    private static final String WAITING = """
            SELECT pid, backend_type, wait_event_type AS waits_for, wait_event, pg_blocking_pids(pid) AS blocked_by,
                   left(regexp_replace(query, '\\s+', ' ', 'g'), 60) AS query
              FROM pg_stat_activity WHERE wait_event_type IN ('Lock', 'IPC') OR cardinality(pg_blocking_pids(pid)) > 0
             ORDER BY 1""";

    private SnapshotReader() {}

    static ClusterSnapshot read(MiniCluster cluster) {
        List<ClusterSnapshot.NodeView> views;
        try {
            views = InParallel.map(cluster.nodes(), node -> view(cluster, node));
        } catch (MiniClusterException interrupted) {
            views = List.of();
        }
        return new ClusterSnapshot(cluster.topology().name(), views);
    }

    private static ClusterSnapshot.NodeView view(MiniCluster cluster, Node node) {
        Map<String, Rows> views = new LinkedHashMap<>();
        String state;
        try {
            if (node.isRunning()) {
                state = "running at " + node.address();
                readViews(cluster, node, views);
            } else {
                state = "not running";
            }
        } catch (SQLException | SqlFailedException e) {
            state = "running, but did not answer ("
                    + String.valueOf(e.getMessage()).strip() + ")";
        } catch (RuntimeException e) {
            state = "not known (" + String.valueOf(e.getMessage()).strip() + ")";
        }
        return new ClusterSnapshot.NodeView(node.name(), state, views, logTail(node));
    }

    private static List<String> logTail(Node node) {
        try {
            return node.log().tail();
        } catch (RuntimeException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }

    private static void readViews(MiniCluster cluster, Node node, Map<String, Rows> views) throws SQLException {
        try (Session session = open(cluster, node, node.database())) {
            views.put("replication slots", session.query(SLOTS));
            views.put("walsenders", session.query(SENDERS));
            views.put("waiting backends", session.query(WAITING));
            Rows recovery = session.query(RECOVERY);
            if (!recovery.isEmpty()) {
                views.put("standby", recovery);
            }
        }
        for (String database : cluster.databasesOf(node.name())) {
            readSubscriptions(cluster, node, database, views);
        }
    }

    private static void readSubscriptions(MiniCluster cluster, Node node, String database, Map<String, Rows> views)
            throws SQLException {
        String in = database.equals(node.database()) ? "" : " in " + database;
        try (Session session = open(cluster, node, database)) {
            views.put("subscriptions" + in, session.query(SUBSCRIPTIONS));
            views.put("subscribed tables" + in, session.query(TABLES));
        }
    }

    /** Looking is no part of the story, so it is in no journal. */
    private static Session open(MiniCluster cluster, Node node, String database) throws SQLException {
        return new Session(
                node.name(),
                database,
                Connections.open(
                        node.address(), database, cluster.superuser(), "pg-minicluster snapshot", CONNECT, READ),
                event -> {},
                READ);
    }
}
