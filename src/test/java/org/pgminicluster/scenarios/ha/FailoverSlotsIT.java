package org.pgminicluster.scenarios.ha;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * Failover slots: the standby of a publisher keeps copies of its slots, and subscriptions get nothing that the standby
 * has not got.
 *
 * @see <a href="https://www.postgresql.org/docs/17/logical-replication-failover.html">Logical Replication Failover</a>
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-replication.html#GUC-SYNCHRONIZED-STANDBY-SLOTS">
 *     synchronized_standby_slots</a>
 */
@MiniClusterTest
@RequiresPostgres(min = 17, because = "failover slots came with 17")
@TopologyFrom("failoverSlots")
class FailoverSlotsIT {

    static Topology failoverSlots() {
        return Topology.named("failover slots")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("vm1", vm1 -> vm1.publishes("pub", "item"))
                .node(
                        "vm3",
                        vm3 -> vm3.subscription(
                                "sub", sub -> sub.to("vm1", "pub").with("failover", "true")))
                .standby("vm1s")
                .setting("hot_standby_feedback", "on")
                .of("vm1")
                .build();
    }

    /** Only now that there is a slot for vm1s to be waited for; slots are fetched through a database. */
    private static void synchronize(MiniCluster cluster, Node vm1, Node vm1s) {
        vm1.execute("ALTER SYSTEM SET synchronized_standby_slots = 'vm1s'");
        vm1.query("SELECT pg_reload_conf()");
        String conninfo = vm1s.query("SHOW primary_conninfo").value() + " dbname=" + vm1s.database();
        vm1s.execute("ALTER SYSTEM SET primary_conninfo = '" + conninfo.replace("'", "''") + "'");
        vm1s.execute("ALTER SYSTEM SET sync_replication_slots = on");
        vm1s.query("SELECT pg_reload_conf()");
        cluster.awaitValue(
                vm1s,
                "SELECT count(*) FROM pg_replication_slots"
                        + " WHERE slot_name = 'sub' AND synced AND NOT temporary AND invalidation_reason IS NULL",
                1);
    }

    @Test
    @Behaviour({"fo-slots-synced-to-standby", "fo-subscription-continues-on-new-primary", "fo-slot-failover-property"})
    void a_subscription_goes_on_at_the_promoted_standby_with_nothing_but_another_connection(
            MiniCluster cluster, Node vm1, Node vm3, Node vm1s) {
        vm1.execute("INSERT INTO item VALUES (1, 'before')");
        cluster.awaitReplicated();
        synchronize(cluster, vm1, vm1s);
        vm3.execute("ALTER SUBSCRIPTION sub DISABLE");
        vm1.execute("INSERT INTO item VALUES (2, 'not fetched yet')");
        cluster.standbys().awaitReplayed(vm1s);

        vm1.kill();
        vm1s.promote();
        vm3.execute("ALTER SUBSCRIPTION sub CONNECTION '"
                + vm3.conninfoTo(vm1s, "sub").replace("'", "''") + "'");
        vm3.execute("ALTER SUBSCRIPTION sub ENABLE");
        vm1s.execute("INSERT INTO item VALUES (3, 'after')");

        cluster.awaitReplicated(vm3, "sub");
        assertThat(vm3).table("item").hasRows(row(1, "before"), row(2, "not fetched yet"), row(3, "after"));
    }

    @Test
    @Behaviour("fo-standby-first-delivery")
    void a_subscriber_gets_nothing_that_the_standby_has_not_got(MiniCluster cluster, Node vm1, Node vm3, Node vm1s) {
        vm1.execute("INSERT INTO item VALUES (1, 'before')");
        cluster.awaitReplicated();
        synchronize(cluster, vm1, vm1s);
        ServerLog.Mark mark = vm1.log().mark();

        try (Fault cut = cluster.faults().cut(vm1, vm1s)) {
            vm1.execute("INSERT INTO item VALUES (2, 'vm1s first')");
            cluster.awaitLog(
                    vm1, mark, "Logical replication is waiting on the standby associated with replication slot");
            assertThat(vm3).table("item").hasRows(row(1, "before"));
        }

        cluster.awaitReplicated();
        assertThat(vm3).table("item").hasRows(row(1, "before"), row(2, "vm1s first"));
    }
}
