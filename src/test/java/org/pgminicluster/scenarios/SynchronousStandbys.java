package org.pgminicluster.scenarios;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;

/** Commits that wait for standbys, from when it says so. */
public final class SynchronousStandbys {

    private SynchronousStandbys() {}

    /**
     * Returns when commits on the node wait for these names. The walsender's state shows what it has read itself; backends
     * believe the checkpointer, which has read it too when it has carried out a checkpoint.
     */
    public static void waitFor(MiniCluster cluster, Node node, String names, String stateSql, String state) {
        node.execute("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
        node.query("SELECT pg_reload_conf()");
        cluster.awaitValue(node, stateSql, state);
        node.execute("CHECKPOINT");
    }

    /** The same where one follows and becomes synchronous. */
    public static void waitFor(MiniCluster cluster, Node node, String name) {
        waitFor(cluster, node, name, "SELECT sync_state FROM pg_stat_replication", "sync");
    }
}
