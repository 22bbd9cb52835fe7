package org.pgminicluster.history;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Sql;

/**
 * Who waits for whom when it commits.
 *
 * @param node who waits
 * @param peer whom it waits for
 * @param application the name by which that one connects: its subscription's, or its own if it is a standby
 */
record Waiting(String node, String peer, String application) {

    /** Said only when all nodes are there: before, commits would wait for one that is still to come. */
    void begin(MiniCluster cluster) {
        Node waiting = cluster.node(node);
        waiting.execute("ALTER SYSTEM SET synchronous_standby_names = "
                + Sql.literal('"' + application.replace("\"", "\"\"") + '"'));
        waiting.query("SELECT pg_reload_conf()");
        cluster.awaitValue(waiting, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 1);
        // Backends wait when the checkpointer, too, has read it.
        waiting.execute("CHECKPOINT");
    }
}
