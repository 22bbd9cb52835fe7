package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * What a guarded failover carries over of a vm3 that has not stayed as it was set up: where a subscription is to go on is
 * known from its origin, from where its tables were copied, and from where its failover slot began.
 *
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
@MiniClusterTest
@RequiresStandbys
class CarriedOverIT {

    static Topology keyless() {
        return Trio.vm4(Topology.named("guarded trio without a key")
                        .schema("CREATE TABLE test (id integer, name text)")
                        .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                        .node("vm3", vm3 -> vm3.readOnly("test").subscribes(Trio.SUB, "vm1", "test_pub")))
                .guarded()
                .of("vm3")
                .build();
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void what_was_copied_anew_after_its_slot_was_dropped_is_on_vm4_once_with_a_key(MiniCluster cluster, Node vm3) {
        copyAnewAndFailOver(cluster, vm3);
    }

    @Test
    @TopologyFrom("keyless")
    void what_was_copied_anew_after_its_slot_was_dropped_is_on_vm4_once_without_a_key(MiniCluster cluster, Node vm3) {
        copyAnewAndFailOver(cluster, vm3);
    }

    private static void copyAnewAndFailOver(MiniCluster cluster, Node vm3) {
        lose(cluster);
        cluster.reseed(vm3, Trio.SUB);
        cluster.awaitValue(cluster.node("vm4"), "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'", 0);
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        assertEveryRowOnce(cluster);
    }

    @Test
    @TopologyFrom("keyless")
    void what_was_copied_anew_while_vm4_was_cut_off_is_on_vm4_once(MiniCluster cluster, Node vm3, Node vm4) {
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            lose(cluster);
            cluster.reseed(vm3, Trio.SUB);
            vm3.kill();
            cluster.failOver("vm3", "vm4");
            assertThat(cut.isOpen()).isTrue();
        }

        assertEveryRowOnce(cluster);
    }

    /** Row 1 is everywhere; the slot of vm3 is gone when twenty more come. */
    private static void lose(MiniCluster cluster) {
        Node vm1 = cluster.node("vm1");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated(cluster.node("vm3"), Trio.SUB);
        cluster.faults().dropSlot(vm1, Trio.SUB);
        vm1.execute("INSERT INTO test SELECT i, 'nobody keeps it' FROM generate_series(2, 21) AS i");
    }

    private static void assertEveryRowOnce(MiniCluster cluster) {
        cluster.node("vm1").execute("INSERT INTO test VALUES (100, 'after')");
        cluster.awaitReplicated(cluster.node("vm4"), Trio.SUB);
        assertThat(cluster).table("test").hasEqualRowsOn("vm1", "vm4");
        assertThat(cluster.node("vm4")).table("test").hasCount(22);
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void a_vm4_that_has_applied_nothing_since_it_was_made_takes_over(MiniCluster cluster, Node vm1, Node vm3) {
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        vm1.execute("INSERT INTO test VALUES (1, 'the first row of all')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4");
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void a_subscription_that_is_disabled_on_vm3_too_stays_disabled_and_misses_nothing(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        vm1.execute("INSERT INTO test VALUES (1, 'while it is disabled')");
        cluster.standbys().awaitReplayed(vm4);

        assertThat(cluster.failOver("vm3", "vm4").subscriptions()).containsExactly("vm3_test2_sub");

        assertThat(vm4).table("test").isEmpty();
        assertThat(vm1.currentSlot(Trio.SUB)).as("what vm3 had").isEmpty();
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub ENABLE");
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub ENABLE");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4");
        assertThat(vm3).table("test").isEmpty();
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void a_table_that_is_published_but_not_subscribed_to_is_nothing_to_lose_while_vm3_can_be_asked(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("CREATE TABLE item (id integer PRIMARY KEY)");
        vm3.execute("CREATE TABLE item (id integer PRIMARY KEY)");
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE item");
        vm1.execute("GRANT SELECT ON item TO replicator");
        vm1.execute("INSERT INTO item VALUES (1)");
        cluster.standbys().awaitReplayed(vm4);

        cluster.failOver("vm3", "vm4");

        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub REFRESH PUBLICATION");
        assertThat(cluster).table("item").convergesOn("vm1", "vm4");
    }
}
