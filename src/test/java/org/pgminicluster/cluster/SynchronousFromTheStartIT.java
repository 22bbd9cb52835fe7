package org.pgminicluster.cluster;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** A node that is to wait for others when it commits begins to do so when those are there. */
@MiniClusterTest
@TopologyFrom("waiting")
@RequiresStandbys
class SynchronousFromTheStartIT {

    private static final String WAITS = "SELECT application_name FROM pg_stat_replication WHERE sync_state = 'sync'";

    static Topology waiting() {
        return Topology.named("waiting")
                .schema("CREATE TABLE item (id int PRIMARY KEY)")
                .node(
                        "primary",
                        primary -> primary.publishes("p", "item").setting("synchronous_standby_names", "standby"))
                .node(
                        "copy",
                        copy -> copy.setting("synchronous_standby_names", "FIRST 1 (\"Too\", missing)")
                                .publishes("on", "item")
                                .subscribes("s", "primary", "p"))
                .node("end", end -> end.subscribes("Too", "copy", "on"))
                .standby("standby")
                .of("primary")
                .build();
    }

    @Test
    void commits_wait_for_a_standby_and_for_a_subscription_and_a_promoted_standby_waits_for_nobody(
            MiniCluster cluster, Node primary, Node copy, Node end, Node standby) {
        cluster.awaitValue(primary, WAITS, "standby");
        cluster.awaitValue(copy, WAITS, "Too");
        primary.execute("INSERT INTO item VALUES (1)");
        cluster.awaitReplicated();
        assertThat(end).table("item").hasRows(row(1));

        primary.kill();
        cluster.failOver("primary", "standby");

        standby.execute("INSERT INTO item VALUES (2)");
        assertThat(standby).query("SELECT id FROM item ORDER BY id").hasRows(row(1), row(2));
    }
}
