package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.relay.NeedsRelay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.wait.WaitFailedException;

/** A fault is forgotten when it is undone, and not before: one that could not be healed is open, and healed later. */
@MiniClusterTest
@NeedsRelay
@Homework
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
class HealAgainIT {

    private static final Slowness SLOW = Slowness.latency(Duration.ofMillis(1));

    private static List<Event.Fault> healed(MiniCluster cluster) {
        return cluster.journal().entries().stream()
                .flatMap(entry -> entry.event() instanceof Event.Fault fault ? Stream.of(fault) : Stream.empty())
                .filter(fault -> fault.phase() == Event.Fault.Phase.HEALED)
                .toList();
    }

    private static String conninfo(Node subscriber, String subscription) {
        return String.valueOf(subscriber
                .query("SELECT subconninfo FROM pg_subscription WHERE subname = ?", subscription)
                .value());
    }

    private static void assertStaysOpen(MiniCluster cluster, Fault fault, String why) {
        assertThatThrownBy(fault::heal).isInstanceOf(MiniClusterException.class).hasMessage(why);
        assertThat(fault.isOpen()).isTrue();
        assertThat(fault.failure()).contains(why);
        assertThat(cluster.faults().open()).contains(fault);
    }

    private static void assertHeals(MiniCluster cluster, Fault fault) {
        fault.heal();
        assertThat(fault.isOpen()).isFalse();
        assertThat(fault.failure()).isEmpty();
        assertThat(cluster.faults().open()).doesNotContain(fault);
        assertThat(healed(cluster))
                .as("healed once")
                .extracting(ended -> ended.what().toString())
                .containsOnlyOnce(fault.description());
    }

    @Test
    void a_slow_link_of_a_paused_node_stays_slow_until_the_node_is_awake(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        String direct = conninfo(vm3, "vm3_test_sub");
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW);
        Fault paused = cluster.faults().pause(vm3);

        assertStaysOpen(
                cluster,
                slow,
                "expected vm3 to be awake when it is led past a slow link again, but was paused; resume() it first");
        assertHeals(cluster, paused);
        assertThat(conninfo(vm3, "vm3_test_sub")).isNotEqualTo(direct);
        vm1.execute("INSERT INTO test VALUES (1, 'through the relay, which is still there')");
        cluster.awaitReplicated(vm3, "vm3_test_sub");

        assertHeals(cluster, slow);
        assertThat(conninfo(vm3, "vm3_test_sub")).isEqualTo(direct);
        vm1.execute("INSERT INTO test VALUES (2, 'past the relay')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_slow_link_of_a_node_that_is_down_is_healed_when_it_is_up(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW);
        Fault killed = cluster.faults().kill(vm3);

        assertStaysOpen(
                cluster,
                slow,
                "expected vm3 to be running when it is led past a slow link again, but was down; start() it first");
        assertHeals(cluster, killed);

        assertHeals(cluster, slow);
        vm1.execute("INSERT INTO test VALUES (1, 'past the relay')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_renamed_and_disabled_subscription_is_led_past_the_slow_link_too(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        String direct = conninfo(vm3, "vm3_test_sub");
        try (Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW)) {
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub RENAME TO renamed");
            vm3.execute("ALTER SUBSCRIPTION renamed DISABLE");
            assertThat(slow.isOpen()).isTrue();
        }
        assertThat(conninfo(vm3, "renamed")).isEqualTo(direct);

        vm3.execute("ALTER SUBSCRIPTION renamed ENABLE");
        vm1.execute("INSERT INTO test VALUES (1, 'past the relay')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_renamed_subscription_is_the_same_one(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW);
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub RENAME TO renamed");

        assertThatThrownBy(() -> cluster.faults().slow(vm3, "renamed", SLOW))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected subscription renamed on vm3 to be at full speed, but was slow; heal that fault first");
        assertHeals(cluster, slow);

        Fault cut = cluster.faults().cut(vm1, vm3);
        vm3.execute("ALTER SUBSCRIPTION renamed RENAME TO vm3_test_sub");
        assertHeals(cluster, cut);
        assertThat(healed(cluster))
                .last()
                .extracting(fault -> fault.proof().toString())
                .isEqualTo("pg_hba.conf admits the login, and back are [subscription renamed on vm3]");

        Fault stall = cluster.faults().stall(vm3, "vm3_test_sub");
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub RENAME TO renamed");
        assertThatThrownBy(() -> cluster.faults().cut(vm3, "renamed"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected subscription renamed on vm3 to flow, but was stalled; heal that fault first");
        assertHeals(cluster, stall);
        vm1.execute("INSERT INTO test VALUES (1, 'past the relay')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_subscription_that_was_made_again_past_its_slow_link_is_back_already(
            MiniCluster cluster, Node vm1, Node vm3) {
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW);
        cluster.reseed(vm3, "vm3_test_sub");
        String direct = conninfo(vm3, "vm3_test_sub");

        assertHeals(cluster, slow);

        assertThat(conninfo(vm3, "vm3_test_sub")).isEqualTo(direct);
        vm1.execute("INSERT INTO test VALUES (1, 'past the relay')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_cut_of_a_paused_publisher_stays_until_it_is_awake_and_others_keep_theirs(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();
        Fault first = cluster.faults().cut(vm1, vm3);
        Fault second = cluster.faults().cut(vm1, vm3);
        Fault paused = cluster.faults().pause(vm1);

        assertStaysOpen(
                cluster,
                first,
                "expected vm1 to be awake when it reads pg_hba.conf again, but was paused; resume() it first");
        assertHeals(cluster, paused);
        first.heal();
        assertThat(first.isOpen()).isFalse();
        assertThat(healed(cluster))
                .last()
                .extracting(fault -> fault.proof().toString())
                .isEqualTo("another fault still has pg_hba.conf refuse replicator_vm3");
        vm1.execute("INSERT INTO test VALUES (1, 'the second one still cuts')");
        cluster.awaitReplicated(vm2, "test_sub");
        assertThat(vm3).table("test").isEmpty();

        second.heal();
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void an_isolated_node_is_let_in_where_that_is_possible_and_later_by_the_others(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();
        Fault isolated = cluster.faults().isolate(vm3);
        Fault paused = cluster.faults().pause(vm2);

        assertStaysOpen(
                cluster,
                isolated,
                "expected vm2 to be awake when it reads pg_hba.conf again, but was paused; resume() it first");
        vm1.execute("INSERT INTO test VALUES (1, 'vm1 lets it in already')");
        cluster.awaitConverged("test", "vm1", "vm3");
        assertHeals(cluster, paused);

        assertHeals(cluster, isolated);
        vm2.execute("INSERT INTO test2 VALUES (1, 'and vm2 does again')");
        assertThat(cluster).table("test2").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_stalled_walsender_of_a_paused_node_is_thawed_when_the_node_is_awake(
            MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Fault stall = cluster.faults().stall(vm3, "vm3_test_sub");
        Fault paused = cluster.faults().pause(vm1);

        assertStaysOpen(
                cluster,
                stall,
                "expected vm1 to be awake when a walsender of it is thawed, but was paused; resume() it first");
        assertHeals(cluster, paused);
        assertThatThrownBy(() -> cluster.faults().terminateWalsender(vm3, "vm3_test_sub"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected subscription vm3_test_sub on vm3 to flow, but was stalled; heal that fault first");
        vm1.execute("INSERT INTO test VALUES (1, 'while it is still stalled')");
        cluster.awaitConverged("test", "vm1", "vm2");
        assertThat(vm3).table("test").isEmpty();

        assertHeals(cluster, stall);
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_stall_ends_with_its_server(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Fault stall = cluster.faults().stall(vm3, "vm3_test_sub");
        Fault killed = cluster.faults().kill(vm1);

        assertHeals(cluster, stall);
        assertThat(healed(cluster))
                .last()
                .extracting(fault -> fault.proof().toString())
                .isEqualTo("an end of it is down");

        assertHeals(cluster, killed);
        vm1.execute("INSERT INTO test VALUES (1, 'a new one runs')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_killed_node_that_somebody_has_started_and_frozen_is_not_told_to_answer(MiniCluster cluster, Node vm3) {
        Fault killed = cluster.faults().kill(vm3);
        vm3.start();
        vm3.pause();

        assertHeals(cluster, killed);

        assertThat(healed(cluster))
                .last()
                .extracting(fault -> fault.proof().toString())
                .isEqualTo("was paused in the meantime");
        vm3.resume();
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, the WAL kept for slots had no limit")
    void a_limit_of_a_stopped_node_is_taken_back_when_it_is_up(MiniCluster cluster, Node vm1) {
        Fault limit = cluster.faults().limitSlotWal(vm1, 64);
        Fault stopped = cluster.faults().stop(vm1, StopMode.FAST);

        assertStaysOpen(
                cluster,
                limit,
                "expected vm1 to be running when the limit of WAL for slots is taken back, but was down; start() it"
                        + " first");
        assertHeals(cluster, stopped);

        assertHeals(cluster, limit);
        assertThat(vm1.query("SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size'")
                        .value())
                .isEqualTo("-1");
    }

    @Test
    void a_walsender_that_cannot_come_back_while_its_link_is_cut_is_healed_all_the_same(
            MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Fault ended = cluster.faults().terminateWalsender(vm3, "vm3_test_sub");
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW);
        Fault cut = cluster.faults().cut(vm1, vm3);

        assertHeals(cluster, ended);
        assertHeals(cluster, slow);
        assertThat(healed(cluster))
                .extracting(fault -> fault.proof().toString())
                .containsExactly("it stays gone", "the relay is gone");

        assertHeals(cluster, cut);
        vm1.execute("INSERT INTO test VALUES (1, 'all is as before')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @TopologyFrom("org.pgminicluster.cluster.OneOfTwoLinksIT#twoSubscriptions")
    void faults_that_lead_the_same_subscription_elsewhere_are_healed_in_any_order(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        String direct = conninfo(copy, "a_sub");

        Fault slow = cluster.faults().slow(copy, "a_sub", SLOW);
        Fault cut = cluster.faults().cut(copy, "a_sub");
        assertThatThrownBy(() -> cluster.faults().cut(copy, "a_sub"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected subscription a_sub on copy to be let in, but was cut; heal that fault first");
        Fault whole = cluster.faults().cut(primary, copy);

        assertHeals(cluster, slow);
        primary.execute("INSERT INTO a VALUES (1)");
        primary.execute("INSERT INTO b VALUES (1)");
        assertHeals(cluster, cut);
        assertThat(conninfo(copy, "a_sub")).isEqualTo(direct);
        assertThat(copy).table("a").isEmpty();
        assertHeals(cluster, whole);

        assertThat(cluster).table("a").convergesOn("primary", "copy");
        assertThat(cluster).table("b").convergesOn("primary", "copy");
    }

    @Test
    void two_that_heal_at_once_both_see_it_healed_and_one_did_it(MiniCluster cluster, Node vm3) {
        Fault killed = cluster.faults().kill(vm3);

        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            killed.heal();
            assertThat(killed.isOpen()).isFalse();
            assertThat(vm3.isRunning()).isTrue();
        });
        killed.heal();
        assertThat(killed.isOpen()).isFalse();
        assertThat(vm3.isRunning()).isTrue();
        other.join();

        assertThat(healed(cluster)).hasSize(1);
    }

    private static MiniCluster impatient(String name) {
        Properties properties = new Properties(System.getProperties());
        properties.setProperty("minicluster.timeout.scale", "0.25");
        return MiniCluster.of(HomeworkTopology.create())
                .name(name)
                .settings(ServerSettings.from(properties))
                .start();
    }

    @Test
    void what_was_undone_in_vain_is_still_open_and_healed_when_it_is_seen() {
        try (MiniCluster cluster = impatient("HealAgainIT.in_vain")) {
            Node vm1 = cluster.node("vm1");
            cluster.awaitReplicated();
            Fault cut = cluster.faults().cut(vm1, cluster.node("vm3"));
            vm1.execute("ALTER ROLE replicator_vm3 NOLOGIN");

            Throwable inVain = catchThrowable(cut::heal);

            assertThat(inVain)
                    .isInstanceOf(WaitFailedException.class)
                    .hasMessageStartingWith(
                            "waited for subscription vm3_test_sub on vm3 to be connected again, or its slot"
                                    + " to be gone or lost, not within 7.5 s\nlast seen: no walsender\n");
            assertThat(cut.failure())
                    .contains(
                            "waited for subscription vm3_test_sub on vm3 to be connected again, or its slot to be gone"
                                    + " or lost, not within 7.5 s");
            assertThat(cluster.faults().open()).containsExactly(cut);

            vm1.execute("ALTER ROLE replicator_vm3 LOGIN");
            assertHeals(cluster, cut);
            assertThat(healed(cluster))
                    .last()
                    .extracting(fault -> fault.proof().toString())
                    .isEqualTo("pg_hba.conf admits the login, and back are [subscription vm3_test_sub on vm3]");
        }
    }

    @Test
    @NeedsRelay
    void what_could_be_neither_done_nor_undone_is_open_and_healed_later() {
        try (MiniCluster cluster = impatient("HealAgainIT.half_done")) {
            Node vm3 = cluster.node("vm3");
            // Asked for here, too: what is refused below is another thread's.
            vm3.member().server().hostAddress();
            cluster.awaitReplicated();
            String direct = conninfo(vm3, "vm3_test_sub");
            CompletableFuture<Optional<Throwable>> slowing =
                    CompletableFuture.supplyAsync(() -> Optional.ofNullable(catchThrowable(() ->
                            cluster.faults().slow(vm3, "vm3_test_sub", Slowness.latency(Duration.ofMinutes(1))))));
            cluster.awaitValue(
                    vm3,
                    "SELECT subconninfo = '" + direct.replace("'", "''")
                            + "' FROM pg_subscription WHERE subname = 'vm3_test_sub'",
                    false);
            vm3.pause();

            assertThat(slowing.join())
                    .get()
                    .extracting(failure -> String.valueOf(failure.getMessage())
                            .lines()
                            .findFirst()
                            .orElse(""))
                    .isEqualTo(
                            "waited for subscription vm3_test_sub on vm3 to be connected through the relay, not within"
                                    + " 7.5 s");
            assertThat(cluster.faults().open())
                    .singleElement()
                    .hasToString("subscription vm3_test_sub on vm3 slow: 60000 ms later (not proven, since waited for"
                            + " subscription vm3_test_sub on vm3 to be connected through the relay, not within 7.5 s, and"
                            + " not undone)");

            vm3.resume();
            cluster.faults().open().get(0).heal();
            assertThat(cluster.faults().open()).isEmpty();
            assertThat(conninfo(vm3, "vm3_test_sub")).isEqualTo(direct);
        }
    }

    @Test
    void closing_the_cluster_tries_again_what_another_fault_was_in_the_way_of() {
        MiniCluster cluster = MiniCluster.of(HomeworkTopology.create())
                .name("HealAgainIT.second_pass")
                .start();
        Node vm3 = cluster.node("vm3");
        cluster.awaitReplicated();
        Fault paused = cluster.faults().pause(vm3);
        vm3.resume();
        Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", SLOW);
        vm3.pause();

        cluster.close();

        assertThat(healed(cluster))
                .extracting(fault -> fault.what().toString())
                .containsExactly(paused.description(), slow.description());
        assertThat(cluster.faults().open()).isEmpty();
    }
}
