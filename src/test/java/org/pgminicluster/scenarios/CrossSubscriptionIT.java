package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * vm1 and vm2 subscribe to each other at the same moment. Each CREATE SUBSCRIPTION is a transaction, and makes a slot
 * on the other node; a slot waits for the transactions that run there, the other CREATE SUBSCRIPTION among them. Each
 * server sees one half of the circle only, so neither takes it for a deadlock.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 * @see <a href="https://www.postgresql.org/docs/13/explicit-locking.html#LOCKING-DEADLOCKS">Deadlocks</a>
 */
@MiniClusterTest
@TopologyFrom("notYetSubscribed")
class CrossSubscriptionIT {

    /** Who makes a slot here, what it waits for, and for whom. */
    private static final String STUCK = """
            SELECT s.wait_event_type, s.wait_event, b.pid AS blocker, lower(b.wait_event) AS blocker_waits
              FROM pg_stat_activity s JOIN pg_stat_activity b ON b.pid = ANY (pg_blocking_pids(s.pid))
             WHERE s.backend_type = 'walsender' AND s.query LIKE 'CREATE_REPLICATION_SLOT%'""";

    private static final String MAKING_A_SLOT = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE wait_event = 'transactionid' AND query LIKE 'CREATE_REPLICATION_SLOT%'";

    static Topology notYetSubscribed() {
        return Topology.named("homework's vm1 and vm2, not yet subscribed")
                .schema(HomeworkTopology.SCHEMA)
                .setting("deadlock_timeout", "100ms")
                .setting("log_lock_waits", "on")
                .node(
                        "vm1",
                        vm1 -> vm1.seed("INSERT INTO test VALUES (1, 'vm1')")
                                .publishes("test_pub", "test")
                                .mayFollow("vm2"))
                .node(
                        "vm2",
                        vm2 -> vm2.seed("INSERT INTO test2 VALUES (1, 'vm2')")
                                .publishes("test2_pub", "test2")
                                .mayFollow("vm1"))
                .build();
    }

    /** Both statements, each in a session of its own, waiting for each other. */
    private record Crossing(MiniCluster cluster, Node vm1, Node vm2, RunningStatement onVm1, RunningStatement onVm2)
            implements AutoCloseable {

        /** Open transactions hold both up, so that both are under way at once; those end, the wait remains. */
        static Crossing start(MiniCluster cluster, Node vm1, Node vm2) {
            try (Session holder1 = vm1.session();
                    Session holder2 = vm2.session()) {
                holder1.execute("BEGIN; INSERT INTO test VALUES (2, 'vm1')");
                holder2.execute("BEGIN; INSERT INTO test2 VALUES (2, 'vm2')");
                Crossing crossing = new Crossing(
                        cluster,
                        vm1,
                        vm2,
                        vm1.executeInBackground(createSubscription("test2_sub", vm1, vm2, "test2_pub")),
                        vm2.executeInBackground(createSubscription("test_sub", vm2, vm1, "test_pub")));
                cluster.awaitValue(vm1, MAKING_A_SLOT, 1);
                cluster.awaitValue(vm2, MAKING_A_SLOT, 1);
                holder1.execute("COMMIT");
                holder2.execute("COMMIT");
                cluster.awaitValue(
                        vm1,
                        "SELECT blocker FROM (" + STUCK + ") AS s",
                        crossing.onVm1().backendPid());
                cluster.awaitValue(
                        vm2,
                        "SELECT blocker FROM (" + STUCK + ") AS s",
                        crossing.onVm2().backendPid());
                return crossing;
            }
        }

        /** On either node the slot of the other waits for the local statement, and that for the other node. */
        void assertStuck() {
            assertThat(vm1)
                    .query(STUCK)
                    .hasRows(row("Lock", "transactionid", onVm1.backendPid(), "libpqwalreceiverreceive"));
            assertThat(vm2)
                    .query(STUCK)
                    .hasRows(row("Lock", "transactionid", onVm2.backendPid(), "libpqwalreceiverreceive"));
        }

        @Override
        public void close() {
            onVm1.close();
            onVm2.close();
        }
    }

    @Test
    @Behaviour("sub-crossing-creates-hang")
    void two_subscriptions_that_cross_wait_for_ever_and_neither_server_sees_a_deadlock(
            MiniCluster cluster, Node vm1, Node vm2) {
        ServerLog.Mark before1 = vm1.log().mark(), before2 = vm2.log().mark();
        try (Crossing crossing = Crossing.start(cluster, vm1, vm2)) {
            // Logged once the deadlock detector has looked at this very wait and found nothing.
            String held = "Process holding the lock: ";
            cluster.awaitLog(vm1, before1, held + crossing.onVm1().backendPid() + ".");
            cluster.awaitLog(vm2, before2, held + crossing.onVm2().backendPid() + ".");

            crossing.assertStuck();
            assertThat(crossing.onVm1().isDone()).isFalse();
            assertThat(crossing.onVm2().isDone()).isFalse();
            assertThat(vm1.log().since(before1))
                    .contains("Waiting for transactions")
                    .doesNotContain("deadlock");
            assertThat(vm2.log().since(before2))
                    .contains("Waiting for transactions")
                    .doesNotContain("deadlock");
        }
    }

    @Test
    @Behaviour("sub-crossing-creates-hang")
    void the_wait_outlives_the_clients_that_are_killed(MiniCluster cluster, Node vm1, Node vm2) {
        try (Crossing crossing = Crossing.start(cluster, vm1, vm2)) {
            crossing.onVm1().abandon();
            crossing.onVm2().abandon();
            assertThatThrownBy(crossing.onVm1()::await).isInstanceOf(SqlFailedException.class);
            assertThatThrownBy(crossing.onVm2()::await).isInstanceOf(SqlFailedException.class);
            crossing.assertStuck();

            vm1.query("SELECT pg_terminate_backend(?)", crossing.onVm1().backendPid());

            // The other statement still ran: without a client it now makes its subscription.
            cluster.awaitValue(vm2, "SELECT count(*) FROM pg_subscription", 1);
            cluster.awaitReplicated();
            assertThat(vm1).query("SELECT subname FROM pg_subscription").isEmpty();
            assertThat(vm2).table("test").hasRows(row(1, "vm1"), row(2, "vm1"));
        }
    }

    @Test
    @Behaviour("sub-crossing-creates-hang")
    void cancelling_one_lets_the_other_through(MiniCluster cluster, Node vm1, Node vm2) {
        try (Crossing crossing = Crossing.start(cluster, vm1, vm2)) {
            crossing.onVm1().cancel();

            assertThatThrownBy(crossing.onVm1()::await).hasMessageContaining("canceling statement due to user request");
            crossing.onVm2().await();
        }
        cluster.awaitValue(vm2, "SELECT count(*) FROM pg_replication_slots", 0);
        vm1.execute(createSubscription("test2_sub", vm1, vm2, "test2_pub"));

        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "vm1"), row(2, "vm1"));
        assertThat(vm1).table("test2").hasRows(row(1, "vm2"), row(2, "vm2"));
    }

    @Test
    @Behaviour("sub-crossing-creates-hang")
    void terminating_what_makes_a_slot_ends_the_wait_on_both_nodes(MiniCluster cluster, Node vm1, Node vm2) {
        try (Crossing crossing = Crossing.start(cluster, vm1, vm2)) {
            vm1.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'walsender'");

            assertThatThrownBy(crossing.onVm2()::await)
                    .hasMessageContaining("could not create replication slot \"test_sub\"");
            crossing.onVm1().await();
        }
        cluster.awaitValue(vm1, "SELECT count(*) FROM pg_replication_slots", 0);
        vm2.execute(createSubscription("test_sub", vm2, vm1, "test_pub"));

        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "vm1"), row(2, "vm1"));
        assertThat(vm1).table("test2").hasRows(row(1, "vm2"), row(2, "vm2"));
    }

    @Test
    @Behaviour("sub-crossing-creates-hang")
    void one_after_the_other_they_go_through(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.execute(createSubscription("test2_sub", vm1, vm2, "test2_pub"));
        vm2.execute(createSubscription("test_sub", vm2, vm1, "test_pub"));

        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "vm1"));
        assertThat(vm1).table("test2").hasRows(row(1, "vm2"));
    }

    @Test
    @Behaviour({"sub-crossing-creates-hang", "slot-reuse-existing"})
    void with_slots_made_first_both_may_subscribe_at_once(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.query("SELECT pg_create_logical_replication_slot('test_sub', 'pgoutput')");
        vm2.query("SELECT pg_create_logical_replication_slot('test2_sub', 'pgoutput')");

        // The same open transactions that would hold both up: now neither waits for them.
        try (Session holder1 = vm1.session();
                Session holder2 = vm2.session()) {
            holder1.execute("BEGIN; INSERT INTO test VALUES (2, 'vm1')");
            holder2.execute("BEGIN; INSERT INTO test2 VALUES (2, 'vm2')");
            String options = " WITH (create_slot = false)";
            try (RunningStatement onVm1 =
                            vm1.executeInBackground(createSubscription("test2_sub", vm1, vm2, "test2_pub" + options));
                    RunningStatement onVm2 =
                            vm2.executeInBackground(createSubscription("test_sub", vm2, vm1, "test_pub" + options))) {
                onVm1.await();
                onVm2.await();
            }
            holder1.execute("COMMIT");
            holder2.execute("COMMIT");
        }

        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "vm1"), row(2, "vm1"));
        assertThat(vm1).table("test2").hasRows(row(1, "vm2"), row(2, "vm2"));
    }

    @Test
    @Behaviour({"sub-crossing-creates-hang", "sub-guc-in-connection-string"})
    void a_lock_timeout_in_the_connection_string_bounds_the_wait(MiniCluster cluster, Node vm1, Node vm2) {
        String bounded = "CREATE SUBSCRIPTION test_sub CONNECTION '" + vm2.conninfoTo(vm1, "test_sub")
                + " options=''-c lock_timeout=300ms''' PUBLICATION test_pub";
        try (Session holder = vm1.session()) {
            holder.execute("BEGIN; INSERT INTO test VALUES (2, 'vm1')");
            assertThat(vm2)
                    .rejects(bounded)
                    .withMessage("could not create replication slot \"test_sub\": ERROR:  canceling statement due to"
                            + " lock timeout");
            assertThat(vm1).query("SELECT slot_name FROM pg_replication_slots").isEmpty();
            holder.execute("COMMIT");
        }

        vm2.execute(bounded);
        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "vm1"), row(2, "vm1"));
    }
}
