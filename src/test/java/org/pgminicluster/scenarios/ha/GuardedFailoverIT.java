package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;

/**
 * A failover that loses nothing, on PostgreSQL as it comes: each publisher has a second slot of the subscription, which
 * is moved only to where vm4 is, and vm4 goes on from there.
 *
 * @see <a href="https://www.postgresql.org/docs/13/functions-admin.html#FUNCTIONS-REPLICATION">
 *     pg_copy_logical_replication_slot, pg_replication_slot_advance</a>
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
@MiniClusterTest
@RequiresStandbys
class GuardedFailoverIT {

    private static final String FAILOVER_SLOT = "failover_vm4_vm3_test_sub";

    @Test
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
    void an_asynchronous_vm4_that_lags_has_every_insert_update_and_delete_of_both_publishers_in_the_end(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test SELECT i, 'before' FROM generate_series(1, 30) AS i");
        vm2.execute("INSERT INTO test2 SELECT i, 'before' FROM generate_series(1, 30) AS i");
        cluster.awaitReplicated();

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute("INSERT INTO test SELECT i, 'in the gap' FROM generate_series(31, 40) AS i");
            vm1.execute("UPDATE test SET name = 'changed in the gap' WHERE id <= 5");
            vm1.execute("UPDATE test SET id = id + 100 WHERE id BETWEEN 6 AND 10");
            vm1.execute("DELETE FROM test WHERE id BETWEEN 11 AND 15");
            vm2.execute("TRUNCATE test2");
            vm2.execute("INSERT INTO test2 VALUES (1, 'after a truncate in the gap')");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            cluster.awaitReplicated(vm3, "vm3_test2_sub");
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        for (String table : new String[] {"test", "test2"}) {
            assertThat(cluster).table(table).convergesOn("vm1", "vm2", "vm4");
            String source = cluster.node("test".equals(table) ? "vm1" : "vm2")
                    .table(table)
                    .checksum();
            assertThat(vm4.table(table).checksum()).as("byte by byte").isEqualTo(source);
        }
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void the_two_holes_of_a_synchronous_vm4_are_none_for_a_guarded_one(MiniCluster cluster, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();
        gap.applySynchronously("remote_apply");

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitWaitingForVm4();
            cluster.faults().terminateApplyWorker(vm3, Trio.SUB).heal();
            gap.awaitConfirmed();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertKept();
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void a_failover_slot_keeps_what_vm4_has_not_replayed_and_no_more(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitConfirmed();
            cluster.standbys().advanceFailoverSlots();
            assertThat(vm1.query(
                                    "SELECT count(*) FROM pg_logical_slot_peek_binary_changes(?, NULL, NULL,"
                                            + " 'proto_version', '1', 'publication_names', 'test_pub')"
                                            + " WHERE get_byte(data, 0) = ascii('I')",
                                    FAILOVER_SLOT)
                            .number())
                    .as("the rows that are still to be had: %s", cut.proof())
                    .isEqualTo(Gap.ROWS);
        }

        cluster.standbys().awaitReplayed(vm4);
        vm1.execute("INSERT INTO test VALUES (50, 'moves it on')");
        cluster.awaitReplicated();
        assertThat(vm1.currentSlot(FAILOVER_SLOT)).isPresent();
        String left = "SELECT count(*) FROM pg_logical_slot_peek_binary_changes('" + FAILOVER_SLOT
                + "', NULL, NULL, 'proto_version', '1', 'publication_names', 'test_pub')";
        cluster.awaitValue(vm1, left, 0);
    }

    /** The subscription's own slot is only bytes behind, since its walsender tells what there is nothing to send of. */
    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void a_failover_slot_keeps_no_wal_of_what_nobody_publishes(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        vm1.query("SELECT pg_logical_emit_message(false, 'noise', repeat('x', 1000000)) FROM generate_series(1, 150)");

        cluster.awaitValue(
                vm1,
                "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) < 1024 * 1024"
                        + " AND pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) < 64 * 1024 * 1024"
                        + " FROM pg_replication_slots WHERE slot_name = '" + FAILOVER_SLOT + "'",
                true);

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute("INSERT INTO test VALUES (2, 'vm4 has it not')");
            cluster.awaitReplicated(vm3, Trio.SUB);
            cluster.standbys().advanceFailoverSlots();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
            assertThat(cut.isOpen()).isTrue();
        }
        vm1.execute("INSERT INTO test VALUES (3, 'after')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm4");
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void a_vm3_that_is_only_thought_to_be_lost_gets_nothing_any_more(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        ServerLog.Mark mark = vm1.log().mark();

        cluster.failOver("vm3", "vm4");

        gap.awaitMarker();
        assertThat(vm4).table("test").hasRows(row(1, "before"), row(100, "after"));
        cluster.awaitLog(vm1, mark, Trio.turnedAwayBy(vm1));
        assertThat(vm3.isRunning()).isTrue();
        assertThat(vm3).table("test").hasRows(row(1, "before"));
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    @RequiresPostgres(min = 13, because = "before, no slot was lost by itself")
    void a_lost_failover_slot_is_named_within_ten_seconds_and_keeps_the_failover_from_losing_rows(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        try (Fault limit = cluster.faults().limitSlotWal(vm1, 32)) {
            try (Fault cut = cluster.faults().cut(vm3, vm4)) {
                gap.write();
                cluster.faults().loseSlot(vm1, FAILOVER_SLOT);
                assertThat(vm1)
                        .slot(FAILOVER_SLOT)
                        .eventually(Duration.ofSeconds(10))
                        .isLost();
                vm3.kill();

                assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                        .isInstanceOf(MiniClusterException.class)
                        .hasMessage("expected vm4 to be ready to take over from vm3, but was not: failover slot "
                                + FAILOVER_SLOT + " on vm1 is lost; nothing was changed");
                vm3.start();
            }
            // vm3 is back, so its standby can be made anew, with failover slots that keep everything from here on.
            cluster.standbys().remake(vm4);
            gap.awaitConfirmed();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertKept();
    }
}
