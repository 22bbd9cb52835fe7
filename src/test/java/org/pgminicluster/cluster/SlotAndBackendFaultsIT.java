package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.relay.NeedsRelay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.ReplicationWaits;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.wait.WaitFailedException;

/**
 * Backends that are ended, and slots that are dropped or lost.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
@MiniClusterTest
@Homework
@Order(3)
class SlotAndBackendFaultsIT {

    private static final String SENDER =
            "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub' AND active";
    private static final String WORKER =
            "SELECT pid FROM pg_stat_subscription WHERE subname = 'vm3_test_sub' AND relid IS NULL";

    @Test
    void an_ended_walsender_is_followed_by_another_one(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        long before = vm1.query(SENDER).number();

        try (Fault ended = cluster.faults().terminateWalsender(vm3, "vm3_test_sub")) {
            assertThat(ended.proof()).isEqualTo("pid " + before + " is gone");
            assertThat(ended.kind()).isEqualTo(FaultKind.TERMINATE);
            assertThat(ended.pid()).contains(Math.toIntExact(before));
            assertThat(ended.description())
                    .isEqualTo("walsender " + before + " of subscription vm3_test_sub on vm3 terminated");
            vm1.execute("INSERT INTO test VALUES (1, 'meanwhile')");
        }

        assertThat(vm1.query(SENDER).number()).isNotEqualTo(before);
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void an_ended_apply_worker_is_followed_by_another_one(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        long before = vm3.query(WORKER).number();

        try (Fault ended = cluster.faults().terminateApplyWorker(vm3, "vm3_test_sub")) {
            assertThat(ended.proof()).isEqualTo("pid " + before + " is gone");
            vm1.execute("INSERT INTO test VALUES (1, 'meanwhile')");
        }

        assertThat(vm3.query(WORKER).number()).isNotEqualTo(before);
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void an_ended_session_is_gone_and_the_node_opens_another_one(MiniCluster cluster, Node vm1) {
        long before = vm1.query("SELECT pg_backend_pid()").number();

        cluster.faults().terminate(vm1, Math.toIntExact(before)).close();

        assertThat(vm1.attempt("SELECT 1"))
                .get()
                .extracting(SqlFailedException::sqlState)
                .isEqualTo("57P01");
        assertThat(vm1.query("SELECT pg_backend_pid()").number()).isNotEqualTo(before);
    }

    @Test
    void a_slot_is_dropped_while_it_is_in_use_and_seeding_again_brings_all_rows(
            MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm3.log().mark();

        try (Fault dropped = cluster.faults().dropSlot(vm1, "vm3_test_sub")) {
            assertThat(dropped.slot()).contains("vm3_test_sub");
            assertThat(dropped.nodes()).containsExactly("vm1");
            assertThat(dropped.proof()).isEqualTo("slot vm3_test_sub is not in pg_replication_slots");
            vm1.execute("INSERT INTO test VALUES (2, 'in no slot')");
            cluster.awaitLog(vm3, mark, "replication slot \"vm3_test_sub\" does not exist");
        }
        assertThat(vm3).table("test").hasRows(row(1, "before"));

        cluster.reseed(vm3, "vm3_test_sub");

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        vm1.execute("INSERT INTO test VALUES (3, 'after')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).rejects("TRUNCATE test").withMessage("Cannot modify table.");
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, the WAL kept for slots had no limit")
    void a_limit_of_wal_is_taken_back(MiniCluster cluster, Node vm1) {
        try (Fault limit = cluster.faults().limitSlotWal(vm1, 64)) {
            assertThat(limitOf(vm1)).as(limit.proof()).isEqualTo("64MB");
        }

        assertThat(limitOf(vm1)).isEqualTo("-1");
    }

    /** As a new session has it: those that are open hear of a reload one after the other. */
    private static String limitOf(Node node) {
        try (Session session = node.session()) {
            return String.valueOf(session.query("SHOW max_slot_wal_keep_size").value());
        }
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, no slot was lost by itself")
    void an_idle_slot_is_lost_under_a_limit_and_the_ones_in_use_are_not(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();

        try (Fault limit = cluster.faults().limitSlotWal(vm1, 32);
                Fault cut = cluster.faults().cut(vm1, vm3);
                Fault lost = cluster.faults().loseSlot(vm1, "vm3_test_sub")) {
            assertThat(vm1.query("SELECT slot_name, wal_status, restart_lsn IS NULL FROM pg_replication_slots"
                                    + " ORDER BY slot_name")
                            .values())
                    .as("%s, %s, %s", limit.proof(), cut.proof(), lost.proof())
                    .containsExactly(row("test_sub", "reserved", false), row("vm3_test_sub", "lost", true));
        }

        assertThat(healed(cluster))
                .contains(
                        "pg_hba.conf admits the login; slot vm3_test_sub is lost, so subscription vm3_test_sub on vm3 stays"
                                + " stopped until it is seeded again");
        cluster.reseed(vm3, "vm3_test_sub");
        vm1.execute("INSERT INTO test VALUES (1, 'after')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    private static List<String> healed(MiniCluster cluster) {
        return cluster.journal().entries().stream()
                .flatMap(entry -> entry.event() instanceof Event.Fault fault ? Stream.of(fault) : Stream.empty())
                .filter(fault -> fault.phase() == Event.Fault.Phase.HEALED)
                .map(fault -> fault.proof().toString())
                .toList();
    }

    @Test
    void a_link_that_was_cut_has_nothing_to_come_back_to_if_its_slot_was_dropped(
            MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();

        try (Fault cut = cluster.faults().cut(vm1, vm3)) {
            cluster.faults().dropSlot(vm1, "vm3_test_sub");
            assertThat(cut.isOpen()).isTrue();
        }

        assertThat(healed(cluster))
                .containsExactly(
                        "pg_hba.conf admits the login; slot vm3_test_sub is gone, so subscription vm3_test_sub on vm3"
                                + " stays stopped until it is seeded again");
        cluster.reseed(vm3, "vm3_test_sub");
        vm1.execute("INSERT INTO test VALUES (1, 'after')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void an_ended_walsender_has_nothing_to_come_back_to_if_its_slot_was_dropped(
            MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();

        try (Fault ended = cluster.faults().terminateWalsender(vm3, "vm3_test_sub")) {
            cluster.faults().dropSlot(vm1, "vm3_test_sub");
            assertThat(ended.isOpen()).isTrue();
        }

        assertThat(healed(cluster))
                .containsExactly(
                        "slot vm3_test_sub is gone, so subscription vm3_test_sub on vm3 stays stopped until it is"
                                + " seeded again");
    }

    @Test
    @NeedsRelay
    void a_slow_link_has_nothing_to_come_back_to_if_its_slot_was_dropped(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();

        try (Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", Slowness.latency(Duration.ofMillis(1)))) {
            cluster.faults().dropSlot(vm1, "vm3_test_sub");
            assertThat(slow.isOpen()).isTrue();
        }

        assertThat(healed(cluster))
                .containsExactly(
                        "the relay is gone; slot vm3_test_sub is gone, so subscription vm3_test_sub on vm3 stays"
                                + " stopped until it is seeded again");
    }

    @Test
    void a_stalled_subscription_that_was_disabled_is_not_told_to_be_down(MiniCluster cluster, Node vm3) {
        cluster.awaitReplicated();

        try (Fault stall = cluster.faults().stall(vm3, "vm3_test_sub")) {
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
            assertThat(stall.isOpen()).isTrue();
        }

        assertThat(healed(cluster)).containsExactly("it is not in use any more");
    }

    @Test
    void tables_of_a_subscription_that_is_not_there_are_not_awaited_as_if_it_had_none(MiniCluster cluster, Node vm3) {
        cluster.awaitReplicated();
        Link link = Link.named(cluster.runtime(), vm3.member(), "vm3_test_sub");
        vm3.execute("DROP SUBSCRIPTION vm3_test_sub");

        assertThatThrownBy(() -> new ReplicationWaits(cluster.runtime().waits()).synced(link, Duration.ofMillis(300)))
                .isInstanceOf(WaitFailedException.class)
                .message()
                .matches(
                        "(?s)waited for every table of subscription vm3_test_sub on vm3 to be synced, not within [0-9.]+ s"
                                + "\nlast seen: there is no such subscription\n.*");
    }
}
