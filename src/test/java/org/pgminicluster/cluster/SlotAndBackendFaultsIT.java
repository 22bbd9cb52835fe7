package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.server.ServerLog;

/**
 * Backends that are ended, and slots that are dropped or lost.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
@MiniClusterTest
@Homework
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

        cluster.reseed(vm3, "vm3_test_sub");
        vm1.execute("INSERT INTO test VALUES (1, 'after')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }
}
