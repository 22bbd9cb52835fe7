package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * A primary with more than the smallest topology has: two standbys, two databases, subscriptions that are named as their
 * owners speak. What is nobody's any more is gone after each step, and keeps no WAL.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html">Log-Shipping Standby Servers</a>
 */
@MiniClusterTest
@RequiresStandbys
class StandbysOfOneIT {

    private static final String REPORT = "отчёт";
    private static final String STORE = "склад";
    private static final String SLOTS = "SELECT slot_name FROM pg_replication_slots ORDER BY 1";

    static Topology two() {
        return Topology.named("two standbys of one")
                .schema("CREATE TABLE test (id integer PRIMARY KEY); CREATE TABLE test2 (id integer PRIMARY KEY)")
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test").publishes("test2_pub", "test2"))
                .node("vm3", vm3 -> vm3.subscribes(REPORT, "vm1", "test_pub").subscribes(STORE, "vm1", "test2_pub"))
                .standby("vm4")
                .guarded()
                .of("vm3")
                .standby("vm5")
                .guarded()
                .of("vm3")
                .build();
    }

    @Test
    @TopologyFrom("two")
    void the_other_standby_follows_the_one_that_has_taken_over_and_may_be_next(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4, Node vm5) {
        vm1.execute("INSERT INTO test VALUES (1)");
        vm1.execute("INSERT INTO test2 VALUES (1)");
        cluster.awaitReplicated();
        vm3.kill();

        assertThat(cluster.failOver("vm3", "vm4").subscriptions()).containsExactlyInAnyOrder(REPORT, STORE);

        assertThat(cluster.standbys().primaryOf(vm5)).contains("vm4");
        assertThatThrownBy(() -> cluster.failOver("vm3", "vm5"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected vm5 to be ready to take over from vm3, but was not: vm5 is a standby of vm4; nothing"
                                + " was changed");
        assertThat(slots(vm1))
                .hasSize(4)
                .filteredOn(name -> name.startsWith("failover_vm4_"))
                .hasSize(2);
        assertThat(slots(vm1))
                .filteredOn(name -> name.startsWith("failover_vm5_"))
                .hasSize(2);
        assertThat(slots(vm4)).containsExactly("vm5");
        vm1.execute("INSERT INTO test VALUES (2)");
        assertThat(cluster).table("test").convergesOn("vm1", "vm4", "vm5");

        vm4.kill();
        cluster.failOver("vm4", "vm5");

        vm1.execute("INSERT INTO test VALUES (3)");
        vm1.execute("INSERT INTO test2 VALUES (3)");
        assertThat(cluster).table("test").convergesOn("vm1", "vm5");
        assertThat(cluster).table("test2").convergesOn("vm1", "vm5");
        assertThat(slots(vm1)).hasSize(2).allMatch(name -> name.startsWith("failover_vm5_"));
        cluster.standbys().rejoin(vm3);
        assertThat(cluster.standbys().primaryOf(vm3)).contains("vm5");
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void nothing_is_left_of_a_failover_that_nobody_needs(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.failOver("vm3", "vm4");
        assertThat(slots(vm1)).containsExactly("failover_vm4_vm3_test_sub");
        assertThat(slots(vm4)).as("of a standby that was").isEmpty();

        vm3.kill();
        cluster.standbys().rejoin(vm3);
        assertThat(slots(vm1)).containsExactly("failover_vm3_vm3_test_sub", "failover_vm4_vm3_test_sub");
        assertThat(slots(vm4)).containsExactly("vm3");
        assertThat(slots(vm3)).as("of a primary that was").isEmpty();
        assertThat(vm1)
                .query("SELECT * FROM pg_hba_file_rules WHERE auth_method = 'reject'")
                .isEmpty();

        cluster.failOver("vm4", "vm3");
        assertThat(slots(vm1)).containsExactly("failover_vm3_vm3_test_sub");
        vm4.kill();
        cluster.standbys().rejoin(vm4);
        vm3.execute("DROP SUBSCRIPTION vm3_test_sub");
        cluster.standbys().awaitReplayed(vm4);
        cluster.awaitValue(vm1, "SELECT count(*) FROM pg_replication_slots", 0);
    }

    static Topology databases() {
        return Topology.named("a standby of two databases")
                .schema("CREATE TABLE test (id integer PRIMARY KEY)")
                .node(
                        "vm1",
                        vm1 -> vm1.publishes("pub", "test")
                                .database(
                                        "second",
                                        d -> d.schema("CREATE TABLE other (id integer PRIMARY KEY)")
                                                .publishes("pub", "other")))
                .node(
                        "vm3",
                        vm3 -> vm3.subscribes("sub", "vm1", "pub")
                                .database(
                                        "second",
                                        d -> d.schema("CREATE TABLE other (id integer PRIMARY KEY)")
                                                .subscription(
                                                        "sub",
                                                        s -> s.to("vm1", "pub").slotName("second_sub"))))
                .standby("vm4")
                .guarded()
                .of("vm3")
                .build();
    }

    @Test
    @TopologyFrom("databases")
    void a_standby_takes_over_in_every_database(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1)");
        vm1.in("second").execute("INSERT INTO other VALUES (2)");
        cluster.awaitReplicated();
        vm3.kill();

        assertThat(cluster.failOver("vm3", "vm4").subscriptions()).containsExactly("sub", "sub");

        vm1.execute("INSERT INTO test VALUES (3)");
        vm1.in("second").execute("INSERT INTO other VALUES (4)");
        cluster.awaitValue(vm4, "SELECT sum(id) FROM test", 4);
        cluster.awaitValue(vm4.in("second"), "SELECT sum(id) FROM other", 6);
    }

    private static List<String> slots(Node node) {
        return node.query(SLOTS).column();
    }
}
