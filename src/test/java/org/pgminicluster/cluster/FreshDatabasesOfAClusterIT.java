package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.relay.NeedsRelay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** Clusters that are lent servers: what they may do to them, and what is made good when they are closed. */
@TestInstance(Lifecycle.PER_CLASS)
class FreshDatabasesOfAClusterIT {

    private FreshDatabases servers;

    @BeforeAll
    void start() {
        servers = FreshDatabases.start(MiniCluster.of(Topology.named("one-way")
                        .schema(SmallTopologies.TABLE)
                        .setting("max_prepared_transactions", "5")
                        .node(
                                "vm1",
                                n -> n.seed("INSERT INTO test VALUES (0, 'seed')")
                                        .publishes("test_pub", "test"))
                        .node("vm2", n -> n.subscribes("test_sub", "vm1", "test_pub"))
                        .build())
                .name("FreshDatabasesOfAClusterIT"));
    }

    @AfterAll
    void close() {
        servers.close();
    }

    private MiniCluster next(TestInfo test) {
        return servers.next("FreshDatabasesOfAClusterIT."
                        + test.getTestMethod().orElseThrow().getName())
                .start();
    }

    /** The next one finds all as it is to be. */
    private void nextIsWell(TestInfo test) {
        try (MiniCluster next = next(test)) {
            next.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            next.awaitReplicated();
            assertThat(next.node("vm2")).table("test").hasRows(row(0, "seed"), row(1, "one"));
        }
    }

    private static void refused(String when, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm1 to serve one cluster alone when it is " + when + ", but is lent with fresh"
                        + " databases to one after the other; have this cluster started without freshDatabases");
    }

    @Test
    void what_breaks_a_whole_server_is_refused(TestInfo test) {
        try (MiniCluster cluster = next(test)) {
            Node vm1 = cluster.node("vm1");
            refused("killed", vm1::kill);
            refused("killed", () -> cluster.faults().kill(vm1));
            refused("stopped", () -> vm1.stop(StopMode.FAST));
            refused("stopped", () -> cluster.faults().stop(vm1, StopMode.IMMEDIATE));
            refused("stopped", vm1::restart);
            refused("paused", vm1::pause);
            refused("paused", () -> cluster.faults().pause(vm1));
            refused("copied by pg_basebackup", () -> cluster.backups().base(vm1));
            refused("started", () -> vm1.member().server().start());
            refused("resumed", () -> vm1.member().server().resume());
            refused("configured", () -> vm1.member().server().configure(Map.of()));
            assertThat(cluster.faults().open()).isEmpty();
            assertThat(vm1.isRunning()).isTrue();
            assertThat(vm1).table("test").hasRows(row(0, "seed"));
        }
    }

    @Test
    void a_topology_with_a_standby_is_refused() {
        Starter starter = MiniCluster.of(HomeworkTopology.withGuardedStandby());

        assertThatThrownBy(() -> FreshDatabases.start(starter))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected topology \"homework with a guarded standby\" to have no standby when its clusters get fresh databases, but"
                                + " has [vm4], which are copies of whole servers; start it without freshDatabases");
    }

    @Test
    void scripts_that_make_a_slot_are_refused() {
        Starter starter = MiniCluster.of(Topology.named("slot")
                .setting("wal_level", "logical")
                .node("vm1", n -> n.schema("SELECT pg_create_logical_replication_slot('a_slot', 'pgoutput')"))
                .build());

        assertThatThrownBy(() -> FreshDatabases.start(starter))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected the schema and seed scripts of vm1 to make nothing that a template database cannot"
                                + " have, but they made [slot a_slot]; have it in the topology, or make it in each test");
    }

    @Test
    void only_one_cluster_has_the_servers(TestInfo test) {
        try (MiniCluster cluster = next(test)) {
            Starter another = servers.next("another");
            assertThatThrownBy(another::start)
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage("expected the servers of one-way to be free when they are lent to another, but"
                            + " FreshDatabasesOfAClusterIT.only_one_cluster_has_the_servers has them; close that first, and"
                            + " let nothing run in parallel that shares them");
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            cluster.awaitReplicated();
            assertThat(cluster.node("vm2")).table("test").hasRows(row(0, "seed"), row(1, "one"));
        }
        nextIsWell(test);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "stall", "slow", "terminate", "drop slot"})
    @NeedsRelay
    void a_fault_of_a_link_that_is_left_open_is_gone_for_the_next(String what, TestInfo test) {
        try (MiniCluster cluster = next(test)) {
            Node vm1 = cluster.node("vm1");
            Node vm2 = cluster.node("vm2");
            Faults faults = cluster.faults();
            switch (what) {
                case "cut" -> faults.cut(vm1, vm2);
                case "stall" -> faults.stall(vm2, "test_sub");
                case "slow" -> faults.slow(vm2, "test_sub", Slowness.latency(Duration.ofMillis(20)));
                case "terminate" -> faults.terminateWalsender(vm2, "test_sub");
                default -> faults.dropSlot(vm1, "test_sub");
            }
        }
        nextIsWell(test);
    }

    @Test
    void transactions_that_are_left_open_or_prepared_hold_nobody_up(TestInfo test) {
        List<Session> open = new ArrayList<>();
        try (MiniCluster cluster = next(test)) {
            Node vm2 = cluster.node("vm2");
            vm2.execute("BEGIN; LOCK TABLE test; PREPARE TRANSACTION 'it''s left'");
            open.add(vm2.in("postgres").session());
            open.add(vm2.session());
            open.get(0).execute("BEGIN; SELECT txid_current()");
            // Nobody can log in any more.
            open.get(1).execute("BEGIN; LOCK TABLE pg_subscription");
        }
        nextIsWell(test);
        assertThat(open)
                .allSatisfy(session ->
                        assertThatThrownBy(() -> session.execute("SELECT 1")).isInstanceOf(SqlFailedException.class));
    }

    @Test
    void a_cluster_that_ends_all_sessions_is_closed_all_the_same(TestInfo test) {
        try (MiniCluster cluster = next(test)) {
            Node vm2 = cluster.node("vm2");
            vm2.attempt(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type <> 'autovacuum launcher'");
        }
        nextIsWell(test);
    }

    @Test
    void it_sees_its_own_part_of_the_logs_and_keeps_it(TestInfo test) {
        Node vm1;
        try (MiniCluster cluster = servers.next("earlier").start()) {
            cluster.node("vm1").attempt("SELECT 'an earlier one' / 0");
        }
        try (MiniCluster cluster = next(test)) {
            vm1 = cluster.node("vm1");
            ServerLog.Mark begin = new ServerLog.Mark(0);
            vm1.attempt("SELECT 'before' / 0");
            cluster.awaitLog(vm1, begin, "'before' / 0");
            assertThat(vm1.log().since(begin))
                    .contains("logical decoding found consistent point")
                    .doesNotContain("an earlier one");
            ServerLog.Mark mark = vm1.log().mark();
            vm1.attempt("SELECT 'this one' / 0");
            cluster.awaitLog(vm1, mark, "this one");
            assertThat(vm1.log().since(mark)).doesNotContain("before");
        }
        assertThat(vm1.cluster().journal().entries().toString())
                .contains("CREATE SUBSCRIPTION", "ALTER SUBSCRIPTION test_sub ENABLE")
                .doesNotContain("test_sub DISABLE", "DROP SUBSCRIPTION", "DROP DATABASE");
        assertThat(vm1.log().file())
                .isEqualTo(vm1.cluster().directory().resolve("vm1.log"))
                .content()
                .contains("consistent point", "this one")
                .doesNotContain("an earlier one");
    }

    @Test
    void who_is_lent_a_server_that_has_died_is_told_so(TestInfo test) {
        try (FreshDatabases dying =
                FreshDatabases.start(MiniCluster.of(SmallTopologies.alone()).name("dying"))) {
            try (MiniCluster cluster = dying.next("killed").start()) {
                dying.host().member("vm1").server().kill();
                assertThat(cluster.node("vm1").isRunning()).isFalse();
            }
            Starter next = dying.next("next");
            assertThatThrownBy(next::start)
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessageStartingWith(
                            "vm1 was expected to run when it is lent to next, but does not; something else"
                                    + " than this library has ended it\nlast lines of vm1.log:\n");
            dying.host().member("vm1").server().start();
            try (MiniCluster cluster = next.start()) {
                assertThat(cluster.node("vm1")).table("test").isEmpty();
            }
        }
    }
}
