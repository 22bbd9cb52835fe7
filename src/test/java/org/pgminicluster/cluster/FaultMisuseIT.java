package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.relay.NeedsRelay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.Topology;

/** What cannot be broken is refused with what to do, and whatever goes wrong while something is broken, it is healed. */
@MiniClusterTest
@Homework
class FaultMisuseIT {

    private static void assertRefused(ThrowingCallable act, String message) {
        assertThatThrownBy(act).isInstanceOf(MiniClusterException.class).hasMessage(message);
    }

    private static List<Event.Fault> faultsOf(MiniCluster cluster) {
        return cluster.journal().entries().stream()
                .flatMap(entry -> entry.event() instanceof Event.Fault fault ? Stream.of(fault) : Stream.empty())
                .toList();
    }

    @Test
    void what_is_not_there_is_refused_with_what_there_is(MiniCluster cluster, Node vm1, Node vm3) {
        Faults faults = cluster.faults();

        assertThatThrownBy(() -> faults.kill(cluster.node("vm9")))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessageContaining("vm9")
                .hasMessageContaining("vm1, vm2, vm3");
        assertRefused(
                () -> faults.cut(vm3, "no_sub"),
                "expected vm3 to have an enabled subscription \"no_sub\" to a node of this cluster, but has"
                        + " [vm3_test2_sub, vm3_test_sub]; check the name, or enable it");
        assertRefused(
                () -> faults.stall(vm1, "vm3_test_sub"),
                "expected vm1 to have an enabled subscription \"vm3_test_sub\" to a node of this cluster, but has"
                        + " [test2_sub]; check the name, or enable it");
        assertRefused(
                () -> faults.cut(vm3, vm1),
                "expected vm1 to have an enabled subscription to vm3, but has [test2_sub to vm2]; say cut(publisher,"
                        + " subscriber)");
        assertRefused(
                () -> faults.dropSlot(vm3, "vm3_test_sub"),
                "expected vm3 to have the slot \"vm3_test_sub\", but has []; a slot is on the publisher");
        assertThatThrownBy(() -> faults.terminate(vm1, 1_999_999_999))
                .isInstanceOf(MiniClusterException.class)
                .hasMessageStartingWith(
                        "expected 1999999999 to be the pid of a backend of vm1, but pg_stat_activity has [");
        assertRefused(
                () -> cluster.reseed(vm1, "vm3_test_sub"),
                "expected \"vm3_test_sub\" to be a subscription that the topology gives vm1 and that copies data, but"
                        + " those are [test2_sub]; one that was made by hand must be made again by hand");
        assertThat(faultsOf(cluster)).as("nothing has happened").isEmpty();
    }

    @Test
    void what_is_down_or_paused_already_is_refused(MiniCluster cluster, Node vm1, Node vm3) {
        assertRefused(
                vm3::start, "expected vm3 to be down when it is started, but was running; stop() or kill() it first");
        assertRefused(vm3::resume, "expected vm3 to be paused when it is resumed, but was awake; pause() it first");

        try (Fault killed = cluster.faults().kill(vm3)) {
            assertRefused(vm3::kill, "expected vm3 to be running when it is killed, but was down; start() it first");
            assertRefused(
                    () -> cluster.faults().stop(vm3, StopMode.FAST),
                    "expected vm3 to be running when it is stopped, but was down; start() it first");
            assertRefused(
                    () -> cluster.faults().pause(vm3),
                    "expected vm3 to be running when it is paused, but was down; start() it first");
            assertRefused(
                    () -> cluster.faults().cut(vm1, vm3),
                    "expected vm3 to be running when a link of it is cut, but was down; start() it first");
            assertThat(killed.isOpen()).isTrue();
        }
        try (Fault paused = cluster.faults().pause(vm3)) {
            assertRefused(
                    () -> cluster.faults().pause(vm3),
                    "expected vm3 to be awake when it is paused, but was paused; resume() it first");
            assertRefused(
                    () -> vm3.stop(StopMode.IMMEDIATE),
                    "expected vm3 to be awake when it is stopped, but was paused; resume() it first");
            assertRefused(
                    () -> cluster.faults().stall(vm3, "vm3_test_sub"),
                    "expected vm3 to be awake when a subscription of it is stalled, but was paused; resume() it first");
            assertRefused(
                    () -> cluster.faults().isolate(vm1),
                    "expected vm3 to be awake when vm1 is isolated, but was paused; resume() it first");
            assertRefused(
                    () -> cluster.faults().isolate(vm3),
                    "expected vm3 to be awake when vm3 is isolated, but was paused; resume() it first");
            assertThat(paused.isOpen()).isTrue();
        }
        assertThat(vm3.query("SELECT 1").number()).isEqualTo(1);
    }

    @Test
    void the_same_thing_is_not_broken_twice(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Faults faults = cluster.faults();
        String stalled = "expected subscription vm3_test_sub on vm3 to flow, but was stalled; heal that fault first";

        try (Fault stall = faults.stall(vm3, "vm3_test_sub")) {
            assertRefused(() -> faults.stall(vm3, "vm3_test_sub"), stalled);
            assertRefused(() -> faults.cut(vm1, vm3), stalled);
            assertRefused(() -> faults.terminateWalsender(vm3, "vm3_test_sub"), stalled);
            assertThat(faults.open()).containsExactly(stall);
        }
        assertThat(faults.open()).isEmpty();
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, the WAL kept for slots had no limit")
    void a_limit_of_wal_is_not_set_twice_and_takes_no_slot_in_use(MiniCluster cluster, Node vm1) {
        cluster.awaitReplicated();
        Faults faults = cluster.faults();

        try (Fault limit = faults.limitSlotWal(vm1, 64)) {
            assertRefused(
                    () -> faults.limitSlotWal(vm1, 32),
                    "expected max_slot_wal_keep_size of vm1 to be unlimited (-1), but was 64; heal the other limit first");
            assertThatThrownBy(() -> faults.loseSlot(vm1, "vm3_test_sub"))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessageMatching(
                            "expected slot vm3_test_sub on vm1 to be idle when it is driven to lost, but pid"
                                    + " \\d+ uses it; cut the link or take the subscriber down first");
            assertThat(faults.open()).containsExactly(limit);
        }
        assertRefused(
                () -> faults.loseSlot(vm1, "vm3_test_sub"),
                "expected vm1 to limit the WAL that it keeps for slots, but max_slot_wal_keep_size was -1; say"
                        + " limitSlotWal first");
        assertThat(faults.open()).isEmpty();
    }

    static Topology alone() {
        return Topology.named("alone").node("vm1").build();
    }

    @Test
    void a_node_of_another_cluster_is_refused(MiniCluster cluster, Node vm1) {
        try (MiniCluster other =
                MiniCluster.of(alone()).name("FaultMisuseIT.other").start()) {
            assertRefused(
                    () -> other.faults().kill(vm1),
                    "expected the node to be one of this cluster, [vm1], but was vm1 of another cluster");
        }
        assertThat(vm1.isRunning()).isTrue();
        assertThat(cluster.faults().open()).isEmpty();
    }

    @Test
    void healing_twice_heals_once(MiniCluster cluster, Node vm3) {
        Fault killed = cluster.faults().kill(vm3);

        killed.heal();
        killed.heal();
        killed.close();

        assertThat(killed.isOpen()).isFalse();
        assertThat(faultsOf(cluster))
                .extracting(Event.Fault::phase)
                .containsExactly(Event.Fault.Phase.OPENED, Event.Fault.Phase.HEALED);
    }

    @Test
    void a_node_that_was_started_by_hand_stays_as_it_is_when_its_fault_is_healed(MiniCluster cluster, Node vm3) {
        Fault killed = cluster.faults().kill(vm3);
        vm3.start();
        String started =
                String.valueOf(vm3.query("SELECT pg_postmaster_start_time()").value());

        killed.heal();

        assertThat(vm3.query("SELECT pg_postmaster_start_time()").value()).isEqualTo(started);
    }

    @Test
    void an_exception_while_something_is_broken_leaves_by_itself_and_all_is_healed(
            MiniCluster cluster, Node vm1, Node vm3) {
        Throwable thrown = catchThrowable(() -> {
            try (Fault killed = cluster.faults().kill(vm3)) {
                vm1.execute("INSERT INTO test VALUES (1, 'meanwhile')");
                throw new IllegalStateException("the test's own, in " + killed);
            }
        });

        assertThat(thrown)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the test's own, in vm3 killed (no process of the server is left)")
                .hasNoSuppressedExceptions();
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @NeedsRelay
    void an_exception_of_the_test_keeps_the_one_of_healing(MiniCluster cluster, Node vm3) {
        cluster.awaitReplicated();

        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", Slowness.latency(Duration.ofMillis(1)));
        Throwable thrown = catchThrowable(() -> {
            try (slow) {
                vm3.kill();
                throw new IllegalStateException("the test's own, in " + slow.description());
            }
        });

        assertThat(thrown).hasMessage("the test's own, in subscription vm3_test_sub on vm3 slow: 1 ms later");
        assertThat(thrown.getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("expected vm3 to be running when it is led past a slow link again, but was down; start() it"
                        + " first");
        assertThat(cluster.faults().open())
                .singleElement()
                .extracting(Fault::description)
                .isEqualTo("subscription vm3_test_sub on vm3 slow: 1 ms later");
        vm3.start();
        cluster.faults().open().get(0).heal();
        assertThat(cluster.faults().open()).isEmpty();
    }

    @Test
    @NeedsRelay
    void closing_the_cluster_undoes_what_is_open_the_last_first_and_goes_on_after_an_error() {
        MiniCluster cluster = MiniCluster.of(HomeworkTopology.create())
                .name("FaultMisuseIT.left_open")
                .start();
        Node vm1 = cluster.node("vm1");
        Node vm3 = cluster.node("vm3");
        cluster.awaitReplicated();
        Fault cut = cluster.faults().cut(vm1, cluster.node("vm2"));
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", Slowness.latency(Duration.ofMillis(1)));
        Fault stall = cluster.faults().stall(vm3, "vm3_test2_sub");
        vm3.kill();

        assertThatThrownBy(cluster::close)
                .hasMessage(
                        "expected \"subscription vm3_test_sub on vm3 slow: 1 ms later\" to be undone before the cluster is"
                                + " closed, but was not: expected vm3 to be running when it is led past a slow link again, but was"
                                + " down; start() it first");
        cluster.close();

        assertThat(List.of(cut.isOpen(), slow.isOpen(), stall.isOpen())).containsOnly(false);
        assertThat(faultsOf(cluster).stream()
                        .filter(fault -> fault.phase() == Event.Fault.Phase.HEALED)
                        .map(fault -> fault.what().toString()))
                .containsExactly(stall.description(), cut.description());
        assertThat(cluster.runtime().detours()).as("its relay is closed").isEmpty();
        assertThatThrownBy(vm1::session).isInstanceOf(SqlFailedException.class);
        cut.heal();
        slow.heal();
    }
}
