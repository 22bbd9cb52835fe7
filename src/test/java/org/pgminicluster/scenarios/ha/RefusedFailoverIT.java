package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;

/**
 * What vm3 has done and vm4 not replayed cannot be carried over, and a failover that would lose rows by it is refused
 * before it changes anything. What vm3 may have done is seen on the publishers if it is dead, and in its own catalogs if
 * it is not. Whoever follows the refusal's advice loses nothing.
 *
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription.html">pg_subscription</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@RequiresStandbys
class RefusedFailoverIT {

    private static final String FAILOVER_SLOT = "failover_vm4_vm3_test_sub";
    private static final String ROWS = "INSERT INTO test SELECT i, 'in the gap' FROM generate_series(2, 21) AS i";

    @Test
    void a_subscription_that_vm3_has_enabled_again_and_vm4_shows_as_disabled(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        cluster.standbys().awaitReplayed(vm4);
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub ENABLE");
            vm1.execute(ROWS);
            cluster.awaitReplicated(vm3, Trio.SUB);
            assertRefused(
                    cluster,
                    "subscription vm3_test_sub is enabled on vm3 and disabled on vm4, let vm4 replay what vm3 has"
                            + " written first");
            vm3.kill();
            assertRefused(
                    cluster,
                    "subscription vm3_test_sub is disabled on vm4, but its slot vm3_test_sub is on vm1 and vm3 may have"
                            + " enabled it again, start vm3 and let vm4 replay what it has written, or drop that slot if"
                            + " the subscription is to stay disabled");
            vm3.start();
            assertThat(cut.isOpen()).isTrue();
        }

        failOverWhenReplayed(cluster, vm3, vm4);

        assertEqualInTheEnd(cluster, "test");
    }

    @Test
    void a_disabled_subscription_of_a_dead_vm3_until_its_slot_is_dropped(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        cluster.standbys().awaitReplayed(vm4);
        vm1.execute(ROWS);
        vm3.kill();
        assertRefused(
                cluster,
                "subscription vm3_test_sub is disabled on vm4, but its slot vm3_test_sub is on vm1 and vm3 may have"
                        + " enabled it again, start vm3 and let vm4 replay what it has written, or drop that slot if"
                        + " the subscription is to stay disabled");

        vm1.query("SELECT pg_drop_replication_slot('vm3_test_sub')");
        cluster.failOver("vm3", "vm4");

        assertThat(vm4).table("test").isEmpty();
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub ENABLE");
        assertEqualInTheEnd(cluster, "test");
    }

    @Test
    void a_subscription_that_vm3_has_made_and_vm4_has_not(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        publish(cluster, "CREATE PUBLICATION item_pub FOR TABLE item");
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm3.execute("CREATE SUBSCRIPTION item_sub CONNECTION '" + vm3.conninfoTo(vm1, "item_sub")
                    + "' PUBLICATION item_pub");
            cluster.awaitReplicated(vm3, "item_sub");
            assertRefused(
                    cluster,
                    "subscription item_sub of vm3, which follows vm1, is not on vm4, let vm4 replay what vm3 has written"
                            + " first");
            vm3.kill();
            assertRefused(
                    cluster,
                    "slot item_sub on vm1 is of no subscription that vm4 or another node has, and vm3 may have made it for"
                            + " one that vm4 has not replayed, start vm3 and let vm4 replay what it has written, or drop"
                            + " that slot if nobody needs it");
            vm3.start();
            assertThat(cut.isOpen()).isTrue();
        }
        cluster.standbys().awaitReplayed(vm4);
        // Once to make a failover slot for what was made by hand, and once to see that vm4 has all up to there.
        cluster.standbys().advanceFailoverSlots();
        cluster.standbys().advanceFailoverSlots();
        assertThat(cluster.standbys().obstacles(vm3, vm4)).isEmpty();
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        assertEqualInTheEnd(cluster, "item");
    }

    @Test
    void a_table_that_vm3_has_subscribed_to_and_vm4_has_not(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        publish(cluster, "ALTER PUBLICATION test_pub ADD TABLE item");
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub REFRESH PUBLICATION");
            vm1.execute("INSERT INTO item SELECT generate_series(2, 30)");
            cluster.awaitReplicated(vm3, Trio.SUB);
            assertRefused(
                    cluster,
                    "table item is in subscription vm3_test_sub on vm3 and not on vm4, let vm4 replay what vm3 has written"
                            + " first");
            vm3.kill();
            assertRefused(cluster, UNKNOWN_TABLE);
            vm3.start();
            assertThat(cut.isOpen()).isTrue();
        }

        failOverWhenReplayed(cluster, vm3, vm4);

        assertEqualInTheEnd(cluster, "item");
    }

    private static final String UNKNOWN_TABLE =
            "table item is published by vm1 to subscription vm3_test_sub, which has it not on vm4, and vm3 may have copied"
                    + " it, start vm3 and let vm4 replay what it has written, or take the table out of the publication until"
                    + " vm4 has taken over, then add it again and refresh the subscription";

    @Test
    void a_published_table_that_nobody_has_subscribed_to_until_it_is_published_no_more(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        publish(cluster, "ALTER PUBLICATION test_pub ADD TABLE item");
        vm3.kill();
        assertRefused(cluster, UNKNOWN_TABLE);

        vm1.execute("ALTER PUBLICATION test_pub DROP TABLE item");
        cluster.failOver("vm3", "vm4");
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE item");
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub REFRESH PUBLICATION");

        assertEqualInTheEnd(cluster, "item");
    }

    @Test
    @RequiresPostgres(min = 14, because = "a table that is copied keeps its slot until it has caught up")
    void a_table_that_is_copied_and_has_not_caught_up_on_vm4(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        publish(cluster, "ALTER PUBLICATION test_pub ADD TABLE item");
        String state = "SELECT srsubstate FROM pg_subscription_rel WHERE srrelid = 'item'::regclass";
        try (Session copy = vm3.session();
                Session apply = vm3.session()) {
            copy.execute("BEGIN");
            copy.execute("LOCK TABLE item IN SHARE MODE");
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub REFRESH PUBLICATION");
            cluster.awaitValue(vm3, state, "d");
            apply.execute("BEGIN");
            apply.execute("LOCK TABLE test");
            vm1.execute("INSERT INTO test VALUES (1, 'holds the apply worker up')");
            cluster.awaitValue(
                    vm3, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'test'::regclass", 1);
            copy.execute("COMMIT");
            cluster.awaitValue(vm4, state, "f");
            try (Fault cut = cluster.faults().cut(vm3, vm4)) {
                apply.execute("COMMIT");
                vm1.execute("INSERT INTO item VALUES (2)");
                cluster.awaitReplicated(vm3, Trio.SUB);
                vm3.kill();
                assertRefused(
                        cluster,
                        "table item of subscription vm3_test_sub is copied on vm4, but has not caught up, let vm4 replay"
                                + " what vm3 has written first");
                vm3.start();
                assertThat(cut.isOpen()).isTrue();
            }
        }

        failOverWhenReplayed(cluster, vm3, vm4);

        assertEqualInTheEnd(cluster, "item");
    }

    @Test
    void a_subscription_that_was_made_again_without_a_copy_until_vm3_was_asked_how_far_it_is(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        cluster.standbys().awaitReplayed(vm4);
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm3.execute("DROP SUBSCRIPTION vm3_test_sub");
            vm3.execute("CREATE SUBSCRIPTION vm3_test_sub CONNECTION '" + vm3.conninfoTo(vm1, Trio.SUB)
                    + "' PUBLICATION test_pub WITH (copy_data = false)");
            assertThat(cut.isOpen()).isTrue();
        }
        cluster.standbys().awaitReplayed(vm4);
        cluster.standbys().advanceFailoverSlots();
        assertThat(cluster.standbys().obstacles(vm3, vm4)).isEmpty();

        vm3.kill();
        vm1.execute("INSERT INTO test VALUES (2, 'after vm3')");
        cluster.failOver("vm3", "vm4");

        assertEqualInTheEnd(cluster, "test");
    }

    @Test
    void a_failover_slot_that_was_made_again_beyond_what_vm4_has(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute(ROWS);
            assertThat(vm1).slot(Trio.SUB).eventually().lagsAtMost(0);
            cluster.faults().dropSlot(vm1, FAILOVER_SLOT);
            vm1.query("SELECT pg_copy_logical_replication_slot('vm3_test_sub', '" + FAILOVER_SLOT + "')");
            vm3.kill();
            String has = vm4.query(
                            "SELECT remote_lsn FROM pg_replication_origin_status o"
                                    + " JOIN pg_subscription s ON o.external_id = 'pg_' || s.oid WHERE subname = 'vm3_test_sub'")
                    .value();
            String at = vm1.query("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                            + FAILOVER_SLOT + "'")
                    .value();
            assertRefused(
                    cluster,
                    "failover slot " + FAILOVER_SLOT + " on vm1 begins at " + at
                            + ", but vm4 has only what was committed up to " + has
                            + ", start vm3 and let vm4 replay what it has written, or make vm4 anew");
            vm3.start();
            assertThat(cut.isOpen()).isTrue();
        }

        failOverWhenReplayed(cluster, vm3, vm4);

        assertEqualInTheEnd(cluster, "test");
    }

    /** Makes a table on vm1 and vm3, with a row on vm1, and publishes it. */
    @Test
    void other_publications_and_a_table_copied_again_on_vm3_while_it_can_be_asked(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        vm1.execute("CREATE PUBLICATION other_pub FOR TABLE test");
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub SET PUBLICATION other_pub WITH (refresh = false)");
            assertRefused(
                    cluster,
                    "subscription vm3_test_sub has the publications {other_pub} on vm3 and {test_pub} on vm4, let vm4"
                            + " replay what vm3 has written first");
            vm1.execute("ALTER PUBLICATION other_pub DROP TABLE test");
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub REFRESH PUBLICATION");
            vm1.execute(ROWS);
            vm1.execute("ALTER PUBLICATION other_pub ADD TABLE test");
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub SET PUBLICATION test_pub");
            vm1.execute("INSERT INTO test VALUES (22, 'streamed')");
            cluster.awaitReplicated(vm3, Trio.SUB);
            assertRefused(
                    cluster,
                    "table test of subscription vm3_test_sub was copied again on vm3, let vm4 replay what vm3 has"
                            + " written first");
            assertThat(cut.isOpen()).isTrue();
        }

        failOverWhenReplayed(cluster, vm3, vm4);
        assertEqualInTheEnd(cluster, "test");
    }

    /** What was received is replayed by the promotion, after all that could be looked at. */
    @Test
    void a_vm4_that_holds_back_what_it_has_received(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        vm4.query("SELECT pg_wal_replay_pause()");
        vm1.execute(ROWS);
        cluster.awaitReplicated(vm3, Trio.SUB);
        vm3.execute("DROP SUBSCRIPTION vm3_test_sub");
        vm3.execute("CREATE SUBSCRIPTION vm3_test_sub CONNECTION '" + vm3.conninfoTo(vm1, "vm3_test_sub")
                + "' PUBLICATION test_pub WITH (copy_data = false)");
        assertRefused(cluster, "replay is paused on vm4, say pg_wal_replay_resume() first");
        vm4.execute("ALTER SYSTEM SET recovery_min_apply_delay = '1h'");
        vm4.restart();
        assertRefused(cluster, "recovery_min_apply_delay is 1h on vm4, set it to 0 first");

        vm4.execute("ALTER SYSTEM RESET recovery_min_apply_delay");
        vm4.restart();
        vm1.execute("INSERT INTO test VALUES (22, 'so that it has a position')");
        cluster.awaitReplicated(vm3, Trio.SUB);
        failOverWhenReplayed(cluster, vm3, vm4);
        assertEqualInTheEnd(cluster, "test");
    }

    @Test
    void a_vm4_whose_readers_are_in_the_way_of_its_replay(MiniCluster cluster, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        cluster.standbys().awaitReplayed(vm4);
        try (Session reader = vm4.session()) {
            reader.execute("BEGIN");
            reader.query("SELECT * FROM test2");
            vm3.execute("ALTER TABLE test2 ALTER name SET DEFAULT ''");
            cluster.awaitValue(
                    vm4, "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE backend_type = 'startup'", true);
            vm3.kill();
            assertRefused(cluster, "replay waits for a session on vm4 that is in its way, end that session first");
        }

        cluster.failOver("vm3", "vm4");
        assertEqualInTheEnd(cluster, "test");
    }

    @Test
    void a_walsender_of_vm3_that_is_stalled_and_cannot_be_ended(MiniCluster cluster, Node vm3) {
        cluster.awaitReplicated();
        try (Fault stall = cluster.faults().stall(vm3, Trio.SUB)) {
            assertRefused(
                    cluster,
                    "the walsender of slot vm3_test_sub on vm1 is stalled and cannot be ended, heal that fault first");
            assertThat(stall.isOpen()).isTrue();
        }

        vm3.kill();
        cluster.failOver("vm3", "vm4");

        assertEqualInTheEnd(cluster, "test");
    }

    @Test
    void a_vm4_that_publishers_would_not_let_in(MiniCluster cluster, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        Fault isolated = cluster.faults().isolate(vm4);
        vm3.kill();

        assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected vm4 to be ready to take over from vm3, but was not: vm2 refuses replicator_vm4, by"
                                + " which vm4 would go on with vm3_test2_sub, heal that fault first; vm1 refuses"
                                + " replicator_vm4, by which vm4 would go on with vm3_test_sub, heal that fault first; nothing"
                                + " was changed");
        assertThat(vm4.isStandby()).isTrue();

        isolated.heal();
        cluster.failOver("vm3", "vm4");
        assertEqualInTheEnd(cluster, "test");
    }

    private static void publish(MiniCluster cluster, String publication) {
        Node vm1 = cluster.node("vm1");
        cluster.node("vm3").execute("CREATE TABLE item (id integer PRIMARY KEY)");
        vm1.execute("CREATE TABLE item (id integer PRIMARY KEY)");
        vm1.execute("GRANT SELECT ON item TO replicator");
        vm1.execute("INSERT INTO item VALUES (1)");
        vm1.execute(publication);
        cluster.standbys().awaitReplayed(cluster.node("vm4"));
    }

    /** The old primary dies when vm4 has all that it has written, as the advice says. */
    private static void failOverWhenReplayed(MiniCluster cluster, Node vm3, Node vm4) {
        cluster.standbys().awaitReplayed(vm4);
        vm3.kill();
        cluster.failOver("vm3", "vm4");
    }

    private static void assertEqualInTheEnd(MiniCluster cluster, String table) {
        cluster.node("vm1").execute("INSERT INTO " + table + " VALUES (100)");
        assertThat(cluster).table(table).convergesOn("vm1", "vm4");
    }

    private static void assertRefused(MiniCluster cluster, String obstacle) {
        List<String> before = slots(cluster);

        assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm4 to be ready to take over from vm3, but was not: " + obstacle
                        + "; nothing was changed");

        assertThat(cluster.node("vm4").isStandby()).isTrue();
        assertThat(slots(cluster)).isEqualTo(before);
        for (String publisher : List.of("vm1", "vm2")) {
            assertThat(cluster.node(publisher))
                    .query("SELECT * FROM pg_hba_file_rules WHERE auth_method = 'reject'")
                    .isEmpty();
        }
    }

    private static List<String> slots(MiniCluster cluster) {
        return List.of(
                cluster.node("vm1")
                        .query("SELECT slot_name FROM pg_replication_slots WHERE slot_name !~ '_sync_' ORDER BY 1")
                        .toString(),
                cluster.node("vm2")
                        .query("SELECT slot_name FROM pg_replication_slots WHERE slot_name !~ '_sync_' ORDER BY 1")
                        .toString());
    }
}
