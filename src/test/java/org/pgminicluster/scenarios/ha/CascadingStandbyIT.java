package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/**
 * vm5 follows vm4, which follows vm3, which subscribes to vm1.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#CASCADING-REPLICATION">Cascading Replication</a>
 */
@MiniClusterTest
@TopologyFrom("chain")
@RequiresStandbys
class CascadingStandbyIT {

    private static final String WRITE = "INSERT INTO test VALUES (?, 'from vm1')";

    static Topology chain() {
        return Trio.vm4(Trio.one("chain of standbys"))
                .of("vm3")
                .standby("vm5")
                .of("vm4")
                .build();
    }

    static Topology guarded() {
        return Trio.vm4(Trio.one("chain of standbys below a guarded one"))
                .guarded()
                .of("vm3")
                .standby("vm5")
                .of("vm4")
                .build();
    }

    @Test
    @Behaviour("phys-streams-and-cascades")
    void a_standby_passes_on_what_it_receives_and_the_primary_knows_of_that_one_only(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4, Node vm5) {
        vm1.execute(WRITE, 1);
        cluster.awaitReplicated();

        assertThat(vm5).table("test").hasRows(row(1, "from vm1"));
        assertThat(senders(vm3)).contains("vm4").doesNotContain("vm5");
        assertThat(vm4)
                .query("SELECT application_name, slot_name FROM pg_stat_replication JOIN pg_replication_slots ON pid ="
                        + " active_pid")
                .hasRows(row("vm5", "vm5"));
        assertThat(cluster.standbys().primaryOf(vm5)).contains("vm4");
    }

    @Test
    void what_is_awaited_of_the_last_one_is_all_that_the_first_has_written(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4, Node vm5) {
        cluster.awaitReplicated();
        try (Fault cut = cluster.faults().cut(vm4, vm5)) {
            vm1.execute(WRITE, 1);
            cluster.awaitReplicated(vm3, Trio.SUB);
            cluster.standbys().awaitReplayed(vm4);
            assertThat(vm5).table("test").isEmpty();
        }
        cluster.standbys().awaitReplayed(vm5);
        assertThat(vm5).table("test").hasRows(row(1, "from vm1"));

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute(WRITE, 2);
            cluster.awaitReplicated(vm3, Trio.SUB);
            assertThat(vm5).table("test").hasRows(row(1, "from vm1"));
        }
        cluster.standbys().awaitReplayed(vm5);
        assertThat(vm5).table("test").hasRows(row(1, "from vm1"), row(2, "from vm1"));
    }

    @Test
    void each_may_be_restarted_in_any_order(MiniCluster cluster, Node vm1, Node vm3, Node vm4, Node vm5) {
        cluster.awaitReplicated();
        vm4.kill();
        vm3.stop(StopMode.FAST);
        vm5.restart();
        vm4.start();
        vm1.execute(WRITE, 1);
        assertThat(vm5).table("test").isEmpty();
        vm3.start();

        cluster.awaitReplicated();
        assertThat(vm5).table("test").hasRows(row(1, "from vm1"));
    }

    @Test
    @Behaviour({"phys-streams-and-cascades", "fo-new-timeline-followed"})
    void when_vm4_takes_over_vm5_follows_it_onto_its_timeline_and_may_be_next(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4, Node vm5) {
        vm1.execute(WRITE, 1);
        cluster.awaitReplicated();
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        vm1.execute(WRITE, 2);
        cluster.awaitReplicated(vm4, Trio.SUB);
        cluster.standbys().awaitReplayed(vm5);
        assertThat(vm5).table("test").hasRows(row(1, "from vm1"), row(2, "from vm1"));
        assertThat(vm5).query("SELECT received_tli FROM pg_stat_wal_receiver").hasValue(2);
        cluster.standbys().rejoin(vm3);

        vm4.kill();
        cluster.failOver("vm4", "vm5");
        vm1.execute(WRITE, 3);
        cluster.awaitReplicated(vm5, Trio.SUB);
        cluster.standbys().awaitReplayed(vm3);
        assertThat(vm3).table("test").hasRows(row(1, "from vm1"), row(2, "from vm1"), row(3, "from vm1"));
        assertThat(cluster.standbys().primaryOf(vm3)).contains("vm5");
    }

    @Test
    @TopologyFrom("guarded")
    void vm5_follows_through_a_guarded_failover_and_its_restart(MiniCluster cluster, Node vm1, Node vm3, Node vm5) {
        cluster.awaitReplicated();
        try (Fault lag = cluster.faults().cut(vm3, cluster.node("vm4"))) {
            vm1.execute(WRITE, 1);
            cluster.awaitReplicated(vm3, Trio.SUB);
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        vm1.execute(WRITE, 2);
        cluster.awaitReplicated(cluster.node("vm4"), Trio.SUB);
        cluster.standbys().awaitReplayed(vm5);
        assertThat(vm5).table("test").hasRows(row(1, "from vm1"), row(2, "from vm1"));
    }

    @Test
    void when_vm4_is_promoted_by_hand_vm5_follows_it(MiniCluster cluster, Node vm3, Node vm4, Node vm5) {
        cluster.awaitReplicated();
        vm3.kill();
        vm4.promote();
        vm4.execute("CREATE TABLE own (id integer)");

        cluster.standbys().awaitReplayed(vm5);
        assertThat(vm5).query("SELECT count(*) FROM own").hasValue(0);
        assertThat(cluster.standbys().primaryOf(vm4)).isEmpty();
        assertThat(cluster.standbys().primaryOf(vm5)).contains("vm4");
    }

    @Test
    void nobody_takes_over_from_a_standby(MiniCluster cluster, Node vm4) {
        cluster.awaitReplicated();
        vm4.kill();

        assertThatThrownBy(() -> cluster.failOver("vm4", "vm5"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected vm5 to be ready to take over from vm4, but was not: vm4 is itself a standby of vm3,"
                                + " beside which vm5 would be another primary with the same subscriptions, let vm4 take over"
                                + " first; nothing was changed");
        assertThatThrownBy(() -> cluster.failOver("vm3", "vm5"))
                .hasMessage("expected vm5 to be ready to take over from vm3, but was not: vm5 is a standby of vm4;"
                        + " nothing was changed");
    }

    @Test
    void one_that_is_made_anew_takes_those_that_follow_it_along(MiniCluster cluster, Node vm1, Node vm4, Node vm5) {
        vm1.execute(WRITE, 1);
        cluster.awaitReplicated();

        cluster.standbys().remake(vm4);
        cluster.standbys().remake(vm5);

        vm1.execute(WRITE, 2);
        cluster.awaitReplicated();
        assertThat(vm5).table("test").hasRows(row(1, "from vm1"), row(2, "from vm1"));
        assertThat(vm4)
                .query("SELECT slot_name FROM pg_replication_slots WHERE active")
                .hasRows(row("vm5"));
    }

    private static String senders(Node node) {
        return node.query("SELECT application_name FROM pg_stat_replication")
                .column()
                .toString();
    }
}
