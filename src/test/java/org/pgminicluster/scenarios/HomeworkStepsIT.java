package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * The homework's steps: vm3's first attempt and its cures, and every kind of change on its way to every copy.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html#LOGICAL-REPLICATION-SUBSCRIPTION-SLOT">Replication
 *     Slot Management</a>
 */
@MiniClusterTest
@Homework
class HomeworkStepsIT {

    /** Without those that a table has while it is copied, and for a moment after. */
    private static final String SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE slot_name !~ '_sync_'";

    static Topology vm3NotYetSubscribed() {
        return Topology.named("homework before vm3 subscribes")
                .schema(HomeworkTopology.SCHEMA)
                .node(
                        "vm1",
                        vm1 -> vm1.seed("INSERT INTO test VALUES (1, 'vm1, before')")
                                .readOnly("test2")
                                .publishes("test_pub", "test")
                                .subscribes("test2_sub", "vm2", "test2_pub"))
                .node(
                        "vm2",
                        vm2 -> vm2.readOnly("test")
                                .publishes("test2_pub", "test2")
                                .subscribes("test_sub", "vm1", "test_pub"))
                .node("vm3", vm3 -> vm3.readOnly("test", "test2").mayFollow("vm1", "vm2"))
                .build();
    }

    static Topology walLevel() {
        return Told.stage("wal-level");
    }

    @Test
    @TopologyFrom("vm3NotYetSubscribed")
    @Behaviour("slot-one-per-subscription")
    void vm3_cannot_name_its_subscription_like_that_of_vm2_for_the_slot_is_taken(
            MiniCluster cluster, Node vm1, Node vm3) {
        assertThat(vm3)
                .rejects(createSubscription("test_sub", vm3, vm1, "test_pub"))
                .withMessage("could not create replication slot \"test_sub\": ERROR:  replication slot \"test_sub\""
                        + " already exists");

        assertThat(vm3).query("SELECT subname FROM pg_subscription").isEmpty();
        assertThat(vm1).query(SLOTS).hasRows(row("test_sub"));
        assertThat(cluster).table("test").convergesOn("vm1", "vm2");
    }

    @Test
    @TopologyFrom("vm3NotYetSubscribed")
    @Behaviour("slot-one-per-subscription")
    void a_name_of_its_own_gives_vm3_a_slot_of_its_own(MiniCluster cluster, Node vm1, Node vm3) {
        vm3.execute(createSubscription("vm3_test_sub", vm3, vm1, "test_pub"));
        vm1.execute("INSERT INTO test VALUES (2, 'vm1, later')");

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "vm1, before"), row(2, "vm1, later"));
        assertThat(vm1).query(SLOTS).hasRows(row("test_sub"), row("vm3_test_sub"));
    }

    @Test
    @TopologyFrom("vm3NotYetSubscribed")
    @Behaviour("slot-one-per-subscription")
    void the_same_subscription_name_serves_with_a_slot_name_of_its_own(MiniCluster cluster, Node vm1, Node vm3) {
        vm3.execute(createSubscription("test_sub", vm3, vm1, "test_pub WITH (slot_name = vm3_slot)"));
        vm1.execute("INSERT INTO test VALUES (2, 'vm1, later')");

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "vm1, before"), row(2, "vm1, later"));
        assertThat(vm1).query(SLOTS).hasRows(row("test_sub"), row("vm3_slot"));
    }

    @Test
    @Behaviour({"dml-insert-update-delete", "trunc-replicated"})
    @RequiresPostgres(min = 11, because = "10 does not replicate TRUNCATE")
    void inserts_updates_deletes_and_truncate_reach_every_copy(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'stays'), (2, 'soon changed'), (3, 'soon gone')");
        vm1.execute("UPDATE test SET id = 20, name = 'changed' WHERE id = 2");
        vm1.execute("DELETE FROM test WHERE id = 3");
        vm2.execute("INSERT INTO test2 VALUES (1, 'soon truncated')");
        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "stays"), row(20, "changed"));
        assertThat(vm3).table("test").hasRows(row(1, "stays"), row(20, "changed"));
        assertThat(vm1).table("test2").hasRows(row(1, "soon truncated"));

        vm2.execute("TRUNCATE test2");
        vm2.execute("INSERT INTO test2 VALUES (2, 'after truncate')");

        cluster.awaitReplicated();
        assertThat(vm1).table("test2").hasRows(row(2, "after truncate"));
        assertThat(vm3).table("test2").hasRows(row(2, "after truncate"));
    }

    @Test
    @Behaviour("lim-wal-level-logical-required")
    void a_node_that_only_subscribes_needs_no_logical_wal_level(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        assertThat(vm1).query("SHOW wal_level").hasValue("logical");
        assertThat(vm2).query("SHOW wal_level").hasValue("logical");
        assertThat(vm3).query("SHOW wal_level").hasValue("replica");

        vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
        vm2.execute("INSERT INTO test2 VALUES (1, 'from vm2')");

        assertThat(cluster).table("test").convergesOn("vm1", "vm3");
        assertThat(cluster).table("test2").convergesOn("vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "from vm1"));
    }

    @Test
    @TopologyFrom("walLevel")
    @Behaviour({"lim-wal-level-logical-required", "pub-low-wal-level-only-warns"})
    @RequiresPostgres(
            min = 13,
            max = 18,
            because = "earlier ones do not warn, and later ones raise the level themselves")
    void a_node_without_logical_wal_level_may_publish_but_nobody_can_subscribe(MiniCluster cluster) {
        Told.on(cluster, "wal-level");
    }
}
