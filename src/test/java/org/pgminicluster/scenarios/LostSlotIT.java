package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;

/**
 * A subscriber that stays away too long, or whose slot is dropped: seeding it again is the only way back.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html#GUC-MAX-SLOT-WAL-KEEP-SIZE">
 *     max_slot_wal_keep_size</a>
 */
@MiniClusterTest
@Homework
class LostSlotIT {

    private static final String STATUS =
            "SELECT wal_status, restart_lsn, active FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub'";

    @Test
    @RequiresPostgres(min = 13, because = "before, no slot was lost by itself")
    @Behaviour({"slot-wal-status-ladder", "mon-slot-wal-status"})
    void a_slot_lost_while_its_subscriber_was_down_is_seen_and_the_subscriber_seeded_again(
            MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm3.log().mark();

        try (Fault limit = cluster.faults().limitSlotWal(vm1, 32);
                Fault down = cluster.faults().stop(vm3, StopMode.FAST)) {
            vm1.execute("INSERT INTO test VALUES (2, 'in WAL that is removed')");
            Fault lost = cluster.faults().loseSlot(vm1, "vm3_test_sub");
            assertThat(vm1.query(STATUS).values())
                    .as("%s, %s, %s", limit, down, lost)
                    .containsExactly(row("lost", null, false));
        }
        cluster.awaitLog(vm3, mark, "could not start WAL streaming: ERROR:  ");
        assertThat(vm3).table("test").hasRows(row(1, "before"));

        cluster.reseed(vm3, "vm3_test_sub");

        assertThat(vm1.query(STATUS).values().get(0).get(0)).isEqualTo("reserved");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @Behaviour("slot-one-per-subscription")
    void a_slot_that_is_made_again_by_hand_leaves_a_gap_without_an_error(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();

        try (Fault dropped = cluster.faults().dropSlot(vm1, "vm3_test_sub")) {
            vm1.execute("INSERT INTO test VALUES (2, 'in no slot')");
            assertThat(dropped.isOpen()).isTrue();
            vm1.query("SELECT pg_create_logical_replication_slot('vm3_test_sub', 'pgoutput')");
        }
        vm1.execute("INSERT INTO test VALUES (3, 'marker')");

        cluster.awaitReplicated(vm3, "vm3_test_sub");
        assertThat(vm3).table("test").hasRows(row(1, "before"), row(3, "marker"));
        cluster.reseed(vm3, "vm3_test_sub");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }
}
