package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.standby.Failover;

/** What the cluster offers for physical standbys; what PostgreSQL does with them is told by the scenarios. */
@MiniClusterTest
@RequiresStandbys
class StandbyIT {

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
    void a_standby_has_what_its_primary_has_and_is_awaited_like_the_others(MiniCluster cluster, Node vm1, Node vm2) {
        Node vm4 = cluster.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
        vm2.execute("INSERT INTO test2 VALUES (2, 'from vm2')");

        cluster.awaitReplicated();

        assertThat(vm4).table("test").hasRows(row(1, "from vm1"));
        assertThat(vm4).table("test2").hasRows(row(2, "from vm2"));
        assertThat(vm4)
                .rejects("INSERT INTO test VALUES (9, 'here')")
                .withSqlState("25006")
                .withMessage("cannot execute INSERT in a read-only transaction");
        Assertions.assertThat(cluster.standbys().primaryOf(vm4)).contains("vm3");
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
    void a_plain_failover_goes_on_with_the_inherited_subscriptions(MiniCluster cluster, Node vm1) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        cluster.node("vm3").kill();

        Failover done = cluster.failOver("vm3", "vm4");

        vm1.execute("INSERT INTO test VALUES (2, 'after')");
        cluster.awaitReplicatedAndConverged("test", Duration.ofSeconds(30), "vm1", "vm2", "vm4");
        assertThat(cluster.node("vm4")).table("test").hasRows(row(1, "before"), row(2, "after"));
        Assertions.assertThat(done.subscriptions()).containsExactly("vm3_test2_sub", "vm3_test_sub");
        assertThatThrownBy(() -> cluster.standbys().remake(cluster.node("vm4")))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm4 to be a standby when it is made anew, but vm4 has taken over from vm3;"
                        + " rejoin() vm3 first");
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void a_guarded_failover_loses_nothing_though_the_standby_lags_and_goes_back_again(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute("INSERT INTO test SELECT i, 'in the gap' FROM generate_series(2, 21) AS i");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            vm3.kill();

            cluster.failOver("vm3", "vm4");
        }

        cluster.awaitReplicatedAndConverged("test", Duration.ofSeconds(30), "vm1", "vm2", "vm4");
        assertThat(vm4).query("SELECT count(*) FROM test").hasRows(row(21));

        try (Fault down = cluster.faults().kill(vm4)) {
            assertThatThrownBy(() -> cluster.standbys().rejoin(vm3))
                    .as(down.description())
                    .hasMessage(
                            "expected vm4 to be running when vm3 is copied from it, but was down; start() it first");
        }
        cluster.standbys().rejoin(vm3);
        vm1.execute("INSERT INTO test VALUES (22, 'after')");
        cluster.awaitReplicated();
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3", "vm4");

        vm4.kill();
        cluster.failOver("vm4", "vm3");
        vm1.execute("INSERT INTO test VALUES (23, 'back again')");
        cluster.awaitReplicatedAndConverged("test", Duration.ofSeconds(30), "vm1", "vm2", "vm3");
        assertThat(vm3).query("SELECT count(*) FROM test").hasRows(row(23));
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
    void a_failover_whose_conditions_do_not_hold_is_refused_and_changes_nothing(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected vm4 to be ready to take over from vm3, but was not: vm3 still runs and would go on"
                                + " taking rows, kill() or stop() it first; nothing was changed");
        assertThatThrownBy(() -> cluster.failOver("vm1", "vm4"))
                .hasMessage("expected vm4 to be ready to take over from vm1, but was not: vm4 is a standby of vm3;"
                        + " nothing was changed");
        assertThatThrownBy(() -> cluster.failOver("vm1", "vm3"))
                .hasMessage("expected vm3 to be ready to take over from vm1, but was not: vm3 is no standby; nothing"
                        + " was changed");
        assertThatThrownBy(() -> cluster.standbys().rejoin(vm3))
                .hasMessage("expected vm3 to have been failed over from when it rejoins, but was not;"
                        + " failOver(\"vm3\", ...) first");
        assertThatThrownBy(() -> cluster.standbys().remake(vm1))
                .hasMessage("expected vm1 to be a standby when it is made anew, but was not; standbys are [vm4]");

        vm1.execute("INSERT INTO test VALUES (1, 'still arrives')");
        cluster.awaitReplicated();
        assertThat(vm4).table("test").hasRows(row(1, "still arrives"));
    }

    /** Promoted by it, vm4 would wait for a walsender that cannot come. */
    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
    void a_plain_failover_is_refused_where_a_slot_is_gone_and_the_way_that_it_names_leads_on(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        vm3.kill();
        cluster.faults().dropSlot(vm1, "vm3_test_sub");

        assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                .hasMessage("expected vm4 to be ready to take over from vm3, but was not: slot vm3_test_sub on vm1 is"
                        + " not there, from which vm3_test_sub would go on, promote() vm4 by itself and make the"
                        + " subscription anew on it; nothing was changed");
        Assertions.assertThat(vm4.isStandby()).isTrue();

        vm4.promote();
        vm1.execute("INSERT INTO test VALUES (2, 'meanwhile')");
        cluster.reseed(vm4, "vm3_test_sub");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4");
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void a_guarded_failover_names_a_failover_slot_that_is_missing_and_a_fence_that_is_down(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3, Node vm4) {
        cluster.faults().dropSlot(vm1, "failover_vm4_vm3_test_sub");
        vm2.stop(StopMode.FAST);
        vm3.kill();

        assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                .hasMessage("expected vm4 to be ready to take over from vm3, but was not: vm2 does not answer, which"
                        + " subscription vm3_test2_sub on vm4 follows; failover slot failover_vm4_vm3_test_sub on vm1 is not"
                        + " there; nothing was changed");
        Assertions.assertThat(vm4.isStandby()).isTrue();
    }

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
    void the_link_of_a_standby_can_be_cut_and_stalled_and_heals(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        for (boolean cut : new boolean[] {true, false}) {
            int id = cut ? 1 : 2;
            try (Fault fault =
                    cut ? cluster.faults().cut(vm3, vm4) : cluster.faults().stall(vm4)) {
                vm1.execute("INSERT INTO test VALUES (" + id + ", 'while it lasts')");
                cluster.awaitReplicated(vm3, "vm3_test_sub");
                assertThat(vm4).query("SELECT * FROM test WHERE id = " + id).isEmpty();
            }
            cluster.standbys().awaitReplayed(vm4);
            assertThat(vm4).query("SELECT id FROM test WHERE id = " + id).hasRows(row(id));
        }
    }
}
