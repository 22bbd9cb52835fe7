package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * Workers are limited: a subscription that gets none waits, and says so in the log only.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-config.html">Configuration Settings</a>
 */
@MiniClusterTest
@TopologyFrom("oneWorkerForTwo")
class WorkerSlotsIT {

    static Topology oneWorkerForTwo() {
        return OneWay.of(
                "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY)",
                primary -> primary.publishes("a_pub", "a").publishes("b_pub", "b"),
                copy -> copy.setting("max_logical_replication_workers", "1")
                        .subscription("a_sub", sub -> sub.to("primary", "a_pub").copyData(false))
                        .subscription("b_sub", sub -> sub.to("primary", "b_pub").copyData(false)));
    }

    @Test
    @Behaviour({"fault-worker-slots-exhausted", "lim-subscriber-workers"})
    void a_subscription_without_a_worker_waits_until_another_one_gives_its_up(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated(copy, "a_sub");
        ServerLog.Mark mark = copy.log().mark();
        primary.execute("INSERT INTO b VALUES (1)");
        primary.execute("INSERT INTO a VALUES (1)");
        cluster.awaitLog(copy, mark, "out of logical replication worker slots");
        cluster.awaitReplicated(copy, "a_sub");
        assertThat(copy).table("b").isEmpty();

        copy.execute("ALTER SUBSCRIPTION a_sub DISABLE");

        cluster.awaitReplicated(copy, "b_sub");
        assertThat(copy).table("b").hasRows(row(1));
    }
}
