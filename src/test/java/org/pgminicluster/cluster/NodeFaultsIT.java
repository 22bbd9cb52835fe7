package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Words;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.Lsn;

/**
 * A node that is killed, stopped or paused is back when the block ends.
 *
 * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">
 *     pg_stat_replication</a>
 */
@MiniClusterTest
@Homework
class NodeFaultsIT {

    private static final String SENDER =
            "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub' AND active";

    @Test
    void a_killed_node_recovers_when_the_block_ends(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitConverged("test", "vm1", "vm3");
        ServerLog.Mark mark = vm3.log().mark();

        try (Fault killed = cluster.faults().kill(vm3)) {
            assertThat(vm3.isRunning()).isFalse();
            assertThat(killed.proof()).isEqualTo("no process of the server is left");
            vm1.execute("INSERT INTO test VALUES (2, 'meanwhile')");
        }

        assertThat(vm3.log().since(mark)).contains("automatic recovery in progress");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "before"), row(2, "meanwhile"));
    }

    @ParameterizedTest
    @EnumSource(StopMode.class)
    void a_stopped_node_is_started_when_the_block_ends(StopMode mode, MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm3.log().mark();

        try (Fault stopped = cluster.faults().stop(vm3, mode)) {
            assertThat(vm3.isRunning()).isFalse();
            assertThat(stopped.isOpen()).isTrue();
            vm1.execute("INSERT INTO test VALUES (1, 'meanwhile')");
        }

        assertThat(vm3.log().since(mark))
                .as("a fast stop leaves nothing to recover, an immediate one does")
                .contains(
                        mode == StopMode.FAST
                                ? "received fast shutdown request"
                                : "received immediate shutdown request")
                .matches(log -> log.contains("automatic recovery in progress") == (mode == StopMode.IMMEDIATE));
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "meanwhile"));
    }

    @Test
    void a_paused_node_keeps_its_connections_and_confirms_nothing(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        Rows sender = vm1.query(SENDER);

        try (Fault paused = cluster.faults().pause(vm3)) {
            Lsn before = vm1.currentLsn();
            vm1.execute("INSERT INTO test VALUES (1, 'meanwhile')");
            cluster.awaitConverged("test", "vm1", "vm2");

            assertThat(vm1.query(SENDER)).isEqualTo(sender);
            assertThat(vm1.query(
                                    "SELECT confirmed_flush_lsn <= ?::pg_lsn FROM pg_replication_slots"
                                            + " WHERE slot_name = 'vm3_test_sub'",
                                    before.toString())
                            .value())
                    .isEqualTo("t");
            assertThat(paused.isOpen()).isTrue();
        }

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm1.query(SENDER)).as("the same connection as before").isEqualTo(sender);
    }

    @Test
    void a_node_that_was_frozen_first_can_be_killed(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm3.log().mark();

        vm3.pause();
        try (Fault killed = cluster.faults().kill(vm3)) {
            assertThat(vm3.isRunning()).as(killed.proof()).isFalse();
            assertThat(vm3.isPaused()).isFalse();
            vm1.execute("INSERT INTO test VALUES (1, 'meanwhile')");
        }

        assertThat(vm3.log().since(mark)).contains("automatic recovery in progress");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void the_journal_holds_beginning_and_end_with_what_shows_them(MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();

        String proof;
        try (Fault cut = cluster.faults().cut(vm1, vm3)) {
            proof = cut.proof();
        }

        Words back =
                Words.of("proof.back", Words.of("proof.admitted"), List.of(Words.subscription("vm3_test_sub", "vm3")));
        FaultFacts link = FaultFacts.of(FaultKind.CUT, "vm1", "vm3");
        assertThat(cluster.journal().entries().stream()
                        .map(Entry::event)
                        .flatMap(event -> event instanceof Event.Fault fault ? Stream.of(fault) : Stream.empty()))
                .extracting(
                        fault -> fault.what().toString(),
                        Event.Fault::facts,
                        Event.Fault::phase,
                        fault -> fault.proof().toString())
                .containsExactly(
                        tuple("link vm1 -> vm3 cut", link, Event.Fault.Phase.OPENED, proof),
                        tuple("link vm1 -> vm3 cut", link, Event.Fault.Phase.HEALED, back.toString()));
        assertThat(back).hasToString("pg_hba.conf admits the login, and back are [subscription vm3_test_sub on vm3]");
        assertThat(proof)
                .isEqualTo("pg_hba.conf refuses the login, no connection of it is left, and turned away were"
                        + " [subscription vm3_test_sub on vm3]");
    }

    @Test
    void a_restarted_node_is_found_at_the_address_that_it_tells(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");

        vm1.restart();
        vm1.execute("INSERT INTO test VALUES (2, 'by the node')");
        try (Session session = vm1.session()) {
            session.execute("INSERT INTO test VALUES (3, 'by a new session')");
        }

        assertThat(vm1.query("SELECT inet_server_port() > 0").value()).isEqualTo("t");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "before"), row(2, "by the node"), row(3, "by a new session"));
    }
}
