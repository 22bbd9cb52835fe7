package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.scenarios.Told;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/**
 * A copy of vm3 that was started without {@code standby.signal}: a server of its own with vm3's subscriptions, and so
 * with vm3's slots.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-pgbasebackup.html">pg_basebackup, --write-recovery-conf</a>
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html#LOGICAL-REPLICATION-SUBSCRIPTION-SLOT">
 *     Replication Slot Management</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
@RequiresStandbys
class CloneIT {

    static Topology dropOnClone() {
        return Told.stage("drop-on-clone");
    }

    @Test
    @Behaviour({"fo-subscriber-and-clone-fight-for-slot", "slot-single-consumer"})
    void a_clone_takes_the_rows_of_vm3_as_soon_as_vm3_lets_its_slot_go(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        ServerLog.Mark mark4 = vm4.log().mark();
        cluster.standbys().startWithoutSignal(vm4);
        cluster.awaitLog(vm4, mark4, "replication slot \"vm3_test_sub\" is active for PID");
        ServerLog.Mark mark3 = vm3.log().mark();

        try (Fault blink = cluster.faults().stop(vm3, StopMode.FAST)) {
            vm1.execute("INSERT INTO test VALUES (2, 'stolen')");
            cluster.awaitReplicated(vm4, Trio.SUB);
            assertThat(blink.isOpen()).isTrue();
        }
        cluster.awaitLog(vm3, mark3, "replication slot \"vm3_test_sub\" is active for PID");
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub SET (slot_name = NONE)");
        vm1.execute("INSERT INTO test VALUES (3, 'marker')");
        cluster.awaitReplicated(vm3, Trio.SUB);
        assertThat(vm3).table("test").hasRows(row(1, "before"), row(3, "marker"));
        assertThat(vm4).table("test").hasRows(row(1, "before"), row(2, "stolen"));

        cluster.reseed(vm3, Trio.SUB);
        cluster.standbys().remake(vm4);

        cluster.awaitReplicated();
        assertThat(cluster).table("test").hasEqualRowsOn("vm1", "vm3", "vm4");
        assertThat(vm4.isStandby()).isTrue();
    }

    @Test
    @TopologyFrom("dropOnClone")
    @Behaviour("sub-drop-cleans-everything")
    void dropping_the_subscription_on_a_clone_drops_the_slot_of_vm3(MiniCluster cluster) {
        Told.on(cluster, "drop-on-clone");
    }

    @Test
    @Behaviour("sub-detach-and-drop")
    void a_clone_that_gives_the_slot_up_first_can_drop_its_subscription(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.standbys().startWithoutSignal(vm4);

        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub SET (slot_name = NONE)");
        vm4.execute("DROP SUBSCRIPTION vm3_test_sub");

        assertThat(vm1).slot(Trio.SUB).isActive();
        vm1.execute("INSERT INTO test VALUES (1, 'still for vm3')");
        cluster.awaitReplicated(vm3, Trio.SUB);
        assertThat(vm3).table("test").hasRows(row(1, "still for vm3"));
        assertThat(vm4).table("test").isEmpty();
    }
}
