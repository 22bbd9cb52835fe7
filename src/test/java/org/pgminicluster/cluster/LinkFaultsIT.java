package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.relay.NeedsRelay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * A link that is cut, stalled or slow: what each looks like, and that it is over when the block ends.
 *
 * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">
 *     pg_stat_replication</a>
 */
@MiniClusterTest
@Homework
@Order(3)
class LinkFaultsIT {

    /** Without those that have copied a table and end in a moment. */
    private static final String SENDERS =
            "SELECT application_name, state FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid"
                    + " WHERE slot_name !~ '_sync_' ORDER BY application_name";

    private static final String SENDER =
            "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub' AND active";

    @Test
    void a_cut_connection_is_gone_and_a_stalled_one_is_silent(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();
        Rows sender = vm1.query(SENDER);

        try (Fault stall = cluster.faults().stall(vm3, "vm3_test_sub")) {
            vm1.execute("INSERT INTO test VALUES (1, 'while stalled')");
            cluster.awaitReplicated(vm2, "test_sub");
            assertThat(vm1.query(SENDER)).as(stall.proof()).isEqualTo(sender);
            assertThat(stall.kind()).isEqualTo(FaultKind.STALL);
            assertThat(stall.nodes()).containsExactly("vm1", "vm3");
            assertThat(stall.subscription()).contains("vm3_test_sub");
            assertThat(stall.pid()).contains(Math.toIntExact(sender.number()));
            assertThat(vm3).table("test").isEmpty();
        }
        cluster.awaitReplicated(vm3, "vm3_test_sub");
        assertThat(vm1.query(SENDER))
                .as("a stall that ends loses no connection")
                .isEqualTo(sender);

        try (Fault cut = cluster.faults().cut(vm1, vm3)) {
            vm1.execute("INSERT INTO test VALUES (2, 'while cut')");
            cluster.awaitReplicated(vm2, "test_sub");
            assertThat(cut.kind()).isEqualTo(FaultKind.CUT);
            assertThat(cut.nodes()).containsExactly("vm1", "vm3");
            assertThat(cut.subscription()).as("every one between them").isEmpty();
            assertThat(cut.pid()).isEmpty();
            assertThat(vm1.query(SENDER)).as(cut.proof()).isEqualTo(new Rows(List.of("active_pid"), List.of()));
            assertThat(vm3).table("test").hasRows(row(1, "while stalled"));
        }
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm1.query(SENDER))
                .as("after a cut there is another connection")
                .isNotEqualTo(sender);
    }

    /** Its worker tries again late, so that a refusal that was logged before would be taken for the proof. */
    static Topology late() {
        return Topology.named("one that tries again late")
                .schema("CREATE TABLE test (id integer PRIMARY KEY)")
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node(
                        "vm3",
                        vm3 -> vm3.subscribes("vm3_test_sub", "vm1", "test_pub")
                                .setting("wal_retrieve_retry_interval", "2s"))
                .build();
    }

    @Test
    @TopologyFrom("late")
    void a_second_cut_is_proven_by_a_refusal_of_its_own(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        cluster.faults().cut(vm1, vm3).heal();
        ServerLog.Mark healed = vm1.log().mark();

        try (Fault cut = cluster.faults().cut(vm1, vm3)) {
            assertThat(vm1.log().since(healed))
                    .as(cut.proof())
                    .containsPattern("(pg_hba.conf rejects replication|walsender FATAL: {2}pg_hba.conf rejects)"
                            + " connection .*user \"replicator_vm3\"");
        }
    }

    @Test
    void a_cut_link_leaves_all_others_alone(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();

        try (Fault cut = cluster.faults().cut(vm3, "vm3_test_sub")) {
            vm1.execute("INSERT INTO test VALUES (1, 'passes vm3 by')");
            vm2.execute("INSERT INTO test2 VALUES (1, 'reaches all')");

            cluster.awaitConverged("test2", "vm1", "vm2", "vm3");
            cluster.awaitConverged("test", "vm1", "vm2");
            assertThat(vm1.query(SENDERS).values()).as(cut.proof()).containsExactly(row("test_sub", "streaming"));
            assertThat(vm2.query(SENDERS).values())
                    .containsExactly(row("test2_sub", "streaming"), row("vm3_test2_sub", "streaming"));
            assertThat(vm3).table("test").isEmpty();
        }

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void an_isolated_node_hears_nobody_and_is_heard_by_nobody_but_the_test(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();

        try (Fault isolated = cluster.faults().isolate(vm1)) {
            vm1.execute("INSERT INTO test VALUES (1, 'alone')");
            vm2.execute("INSERT INTO test2 VALUES (1, 'without vm1')");
            cluster.awaitConverged("test2", "vm2", "vm3");

            assertThat(vm1.query(SENDERS).isEmpty()).as(isolated.proof()).isTrue();
            assertThat(vm2.query(SENDERS).values()).containsExactly(row("vm3_test2_sub", "streaming"));
            assertThat(vm1).table("test2").isEmpty();
            assertThat(vm3).table("test").isEmpty();
        }

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(cluster).table("test2").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_node_that_was_isolated_while_it_was_down_comes_back_alone(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();
        vm1.kill();
        vm2.execute("INSERT INTO test2 VALUES (1, 'without vm1')");

        try (Fault isolated = cluster.faults().isolate(vm1)) {
            ServerLog.Mark ofVm1 = vm1.log().mark();
            ServerLog.Mark ofVm3 = vm3.log().mark();
            vm1.start();
            vm1.execute("INSERT INTO test VALUES (1, 'alone')");

            cluster.awaitLog(vm1, ofVm1, ": FATAL:  pg_hba.conf rejects");
            cluster.awaitLog(vm3, ofVm3, ": FATAL:  pg_hba.conf rejects");
            assertThat(vm1).table("test2").isEmpty();
            assertThat(vm3).table("test").isEmpty();
            assertThat(isolated.isOpen()).isTrue();
        }

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(cluster).table("test2").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @NeedsRelay
    void rows_are_late_on_a_slow_link_and_on_time_on_the_others(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitReplicated();
        Rows conninfo = vm3.query("SELECT subconninfo FROM pg_subscription ORDER BY subname");

        try (Fault slow = cluster.faults().slow(vm3, "vm3_test_sub", Slowness.latency(Duration.ofMillis(700)))) {
            long start = System.nanoTime();
            vm1.execute("INSERT INTO test VALUES (1, 'late on vm3')");
            cluster.awaitConverged("test", "vm1", "vm3");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as(slow.proof())
                    .isGreaterThanOrEqualTo(Duration.ofMillis(700));
            cluster.awaitReplicated(vm2, "test_sub");
            assertThat(vm3.query("SELECT subconninfo FROM pg_subscription ORDER BY subname"))
                    .isNotEqualTo(conninfo);
        }

        assertThat(vm3.query("SELECT subconninfo FROM pg_subscription ORDER BY subname"))
                .isEqualTo(conninfo);
        vm1.execute("INSERT INTO test VALUES (2, 'on time')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @NeedsRelay
    void a_slow_link_finds_a_publisher_that_was_restarted(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();

        try (Fault slow = cluster.faults()
                .slow(vm3, "vm3_test_sub", Slowness.rate(100_000).withJitter(Duration.ofMillis(20)))) {
            vm1.restart();
            vm1.execute("INSERT INTO test SELECT i, repeat('x', 100) FROM generate_series(1, 500) AS i");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            assertThat(slow.isOpen()).isTrue();
        }

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasCount(500);
    }
}
