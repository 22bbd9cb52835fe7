package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.scenarios.SynchronousStandbys;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * {@code synchronous_standby_names = '*'} on a publisher: a subscription is a standby by that name too, so commits wait
 * for subscribers.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES">
 *     synchronous_standby_names</a>
 */
@MiniClusterTest
@TopologyFrom("publisherAndCopy")
class SynchronousStarIT {

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    private static final String STATE =
            "SELECT sync_state FROM pg_stat_replication WHERE application_name = '" + Trio.SUB + "'";

    static Topology publisherAndCopy() {
        return Trio.one("publisher and copy").build();
    }

    private static void waitFor(MiniCluster cluster, Node vm1, String names, String state) {
        SynchronousStandbys.waitFor(cluster, vm1, names, STATE, state);
    }

    private static void waitForNobody(MiniCluster cluster, Node vm1) {
        vm1.execute("ALTER SYSTEM RESET synchronous_standby_names");
        vm1.query("SELECT pg_reload_conf()");
        cluster.awaitValue(vm1, "SHOW synchronous_standby_names", "");
    }

    @Test
    @Behaviour({"phys-sync-states", "fault-sync-logical-standby-missing"})
    void a_star_means_subscriptions_too_and_a_commit_that_waits_for_one_is_only_ended_by_a_cancel_and_counts(
            MiniCluster cluster, Node vm1, Node vm3) {
        cluster.awaitReplicated();
        waitFor(cluster, vm1, "*", "sync");

        try (Fault down = cluster.faults().stop(vm3, StopMode.FAST);
                Session writer = vm1.session()) {
            writer.execute("SET statement_timeout = '200ms'");
            assertThatThrownBy(() -> writer.query("SELECT pg_sleep(20)")).hasMessageContaining("statement timeout");
            CompletableFuture<Void> commit = CompletableFuture.runAsync(
                    () -> writer.execute("INSERT INTO test VALUES (1, 'waits for a subscriber')"));
            cluster.awaitValue(vm1, WAITING + " AND clock_timestamp() - query_start > interval '1 s'", 1);
            assertThat(commit).as("past its timeout: %s", down.proof()).isNotDone();
            assertThat(vm1).table("test").isEmpty();

            vm1.query("SELECT pg_cancel_backend(?)", writer.backendPid());
            commit.join();
            assertThat(vm1).table("test").hasRows(row(1, "waits for a subscriber"));

            waitForNobody(cluster, vm1);
            vm1.execute("INSERT INTO test VALUES (2, 'waits for nobody')");
        }

        cluster.awaitReplicated();
        assertThat(vm3).table("test").hasRows(row(1, "waits for a subscriber"), row(2, "waits for nobody"));
    }

    @Test
    @Behaviour("fault-sync-catalog-lock-deadlock")
    @RequiresPostgres(
            min = 11,
            max = 13,
            because = "10 replicates no TRUNCATE; 14 decodes it without a lock on the table")
    void a_truncate_hangs_with_a_subscription_as_synchronous_standby(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        waitFor(cluster, vm1, Trio.SUB, "sync");

        try (RunningStatement truncate = vm1.executeInBackground("TRUNCATE test")) {
            cluster.awaitValue(vm1, WAITING, 1);
            cluster.awaitValue(
                    vm1,
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender' AND "
                            + truncate.backendPid() + " = ANY (pg_blocking_pids(pid))",
                    1);
            assertThat(truncate.isDone()).isFalse();
            assertThat(vm3).table("test").hasRows(row(1, "before"));

            vm1.query("SELECT pg_cancel_backend(?)", truncate.backendPid());
            truncate.await();
        }

        cluster.awaitReplicated();
        assertThat(vm3).table("test").isEmpty();
    }

    @Test
    @Behaviour("fault-sync-catalog-lock-deadlock")
    @RequiresPostgres(min = 14, because = "13 hangs")
    void a_truncate_comes_through_with_a_subscription_as_synchronous_standby_since_14(
            MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        waitFor(cluster, vm1, Trio.SUB, "sync");

        vm1.execute("TRUNCATE test");

        cluster.awaitReplicated();
        assertThat(vm3).table("test").isEmpty();
    }
}
