package org.pgminicluster.scenarios.ha;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * A publisher is lost whose standby has synced the slots of those who follow it: they go on there, and nothing has to be
 * seeded again.
 *
 * @see <a href="https://www.postgresql.org/docs/17/logical-replication-failover.html">Logical Replication Failover</a>
 */
@MiniClusterTest
@RequiresPostgres(min = 17, because = "failover slots came with 17")
@TopologyFrom("syncedSlots")
@RequiresStandbys
class FailoverSlotsIT {

    private static final String SYNCED =
            "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'sub' AND synced AND NOT temporary";

    static Topology syncedSlots() {
        return Topology.named("synced slots")
                .schema("CREATE TABLE item (id int PRIMARY KEY)")
                .node("vm1", vm1 -> vm1.publishes("pub", "item").seed("INSERT INTO item VALUES (1)"))
                .node(
                        "vm3",
                        vm3 -> vm3.subscription(
                                "sub", sub -> sub.to("vm1", "pub").with("failover", "true")))
                .standby("vm1s")
                .setting("sync_replication_slots", "on")
                .of("vm1")
                .build();
    }

    @Test
    void the_subscription_goes_on_at_the_promoted_standby(MiniCluster cluster, Node vm1, Node vm3, Node vm1s) {
        cluster.awaitValue(vm1s, SYNCED, 1);
        vm1.execute("INSERT INTO item VALUES (2)");
        cluster.awaitReplicated();
        vm1.kill();
        cluster.failOver("vm1", "vm1s");
        vm3.execute("ALTER SUBSCRIPTION sub CONNECTION '"
                + vm3.conninfoTo(vm1s, "sub").replace("'", "''") + "'");
        vm3.query("SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE pid IS NOT NULL");

        vm1s.execute("INSERT INTO item VALUES (3)");

        cluster.awaitReplicated(vm3, "sub");
        assertThat(vm3).table("item").hasRows(row(1), row(2), row(3));
    }
}
