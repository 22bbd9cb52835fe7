package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;

/**
 * vm4 as a synchronous standby of vm3, with a subscription that asks for it. It closes the gap as long as nothing but
 * vm3 as a whole is lost; a worker that waits for vm4 has committed already, and whoever ends its wait loses the rows.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#SYNCHRONOUS-REPLICATION">Synchronous Replication</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">synchronous_commit of a subscription</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
@Order(3)
@RequiresStandbys
class SynchronousStandbyIT {

    @ParameterizedTest
    @ValueSource(strings = {"on", "remote_apply"})
    @Behaviour({"phys-sync-states", "fo-subscriber-standby-resumes"})
    void with_synchronous_commit_on_the_subscription_a_vm3_frozen_and_killed_loses_nothing(
            String level, MiniCluster cluster, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();
        gap.applySynchronously(level);

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitWaitingForVm4();
            // Frozen first, so that nothing of it gets to say a last word to vm1.
            vm3.pause();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertKept();
    }

    @Test
    @Behaviour("fault-sync-logical-standby-missing")
    void the_price_is_that_vm3_applies_nothing_while_vm4_is_away(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();
        gap.applySynchronously("on");

        try (Fault down = cluster.faults().stop(vm4, StopMode.FAST)) {
            vm1.execute("INSERT INTO test VALUES (2, 'committed on vm3, and seen by nobody')");
            gap.awaitWaitingForVm4();
            vm1.execute("INSERT INTO test VALUES (3, 'not even looked at')");
            assertThat(vm3).table("test").hasRows(row(1, "before"));
            assertThat(vm1.currentSlot(Trio.SUB).orElseThrow().lag().orElseThrow())
                    .as("vm1 keeps the WAL: %s", down.proof())
                    .isPositive();
        }

        cluster.awaitReplicated();
        assertThat(cluster).table("test").hasEqualRowsOn("vm1", "vm3", "vm4");
    }

    @Test
    @Behaviour("fault-sync-wait-then-restart")
    void an_apply_worker_that_is_ended_while_it_waits_for_vm4_opens_the_gap_again(
            MiniCluster cluster, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();
        gap.applySynchronously("remote_apply");

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitWaitingForVm4();
            cluster.faults().terminateApplyWorker(vm3, Trio.SUB).heal();
            // The next worker knows nothing of the wait, and confirms what it finds committed.
            gap.awaitConfirmed();
            vm3.pause();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertLost();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAST", "IMMEDIATE"})
    @Behaviour("fault-sync-wait-then-restart")
    void a_restart_of_vm3_while_it_waits_for_vm4_opens_the_gap_again(
            StopMode mode, MiniCluster cluster, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();
        gap.applySynchronously("remote_apply");

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitWaitingForVm4();
            vm3.stop(mode);
            vm3.start();
            gap.awaitConfirmed();
            vm3.pause();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertLost();
    }

    /**
     * A race: the worker may notice that its server is gone, leave its wait and tell vm1 a last position before it dies
     * itself. So it is not claimed which of the two it is; what it was is in the journal.
     */
    @Test
    void a_kill_of_vm3_while_it_waits_for_vm4_keeps_the_gap_or_loses_it_as_a_whole(
            MiniCluster cluster, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();
        gap.applySynchronously("remote_apply");

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitWaitingForVm4();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        long missing = 2 + Gap.ROWS - vm4.table("test").count();
        cluster.journal()
                .add("vm4", new Event.Observation("rows lost by a kill while vm3 waited for vm4", missing + ""));
        assertThat(missing).isIn(0L, (long) Gap.ROWS);
    }
}
