package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.script.Step;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * A transaction that is open on the publisher while somebody subscribes: the slot can be made only when every
 * transaction that has written anything before has ended.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 * @see <a href="https://www.postgresql.org/docs/13/logicaldecoding-explanation.html">Logical Decoding Concepts</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.Subscribing#oneWay")
class OpenTransactionIT {

    private static final String BLOCKERS = "SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity"
            + " WHERE backend_type = 'walsender' AND wait_event = 'transactionid'";

    static Topology createHangs() {
        return Told.stage("create-hangs");
    }

    @Test
    @TopologyFrom("createHangs")
    @Behaviour("sub-create-waits-for-open-transactions")
    void an_open_write_transaction_on_the_publisher_holds_a_subscription_up_until_it_ends(MiniCluster cluster) {
        Told.on(cluster, "create-hangs");
    }

    @Test
    @Behaviour("sub-create-waits-for-open-transactions")
    void an_open_transaction_that_has_only_read_holds_nothing_up(MiniCluster cluster, Node publisher, Node subscriber) {
        try (Session reader = publisher.session()) {
            reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
            reader.query("SELECT * FROM item");

            subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
            cluster.awaitReplicated();

            assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"));
            assertThat(reader.query("SELECT txid_current_if_assigned()").value())
                    .isNull();
        }
    }

    @Test
    @Behaviour("sub-create-waits-for-open-transactions")
    void a_cancelled_attempt_keeps_its_slot_on_the_publisher_until_the_transaction_ends(
            MiniCluster cluster, Node publisher, Node subscriber) {
        String subscribe = createSubscription("item_sub", subscriber, publisher, "item_pub");
        try (Session writer = publisher.session();
                RunningStatement subscribing = startHeldUp(cluster, writer, publisher, subscriber, subscribe)) {
            subscribing.cancel();
            assertThatThrownBy(subscribing::await).hasMessageContaining("canceling statement due to user request");

            // Nobody waits for that slot any more, yet it is still being made.
            assertThat(subscriber)
                    .rejects(subscribe)
                    .withMessage("could not create replication slot \"item_sub\": ERROR:  replication slot \"item_sub\""
                            + " already exists");
            assertThat(publisher).query(BLOCKERS).hasValue(writer.backendPid());

            writer.execute("COMMIT");
        }
        cluster.awaitValue(publisher, "SELECT count(*) FROM pg_replication_slots", 0);
        subscriber.execute(subscribe);
        cluster.awaitSynced();
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"), row(3, "three"));
    }

    private static RunningStatement startHeldUp(
            MiniCluster cluster, Session writer, Node publisher, Node subscriber, String sql) {
        writer.execute("BEGIN; INSERT INTO item VALUES (3, 'three')");
        RunningStatement held = subscriber.executeInBackground(sql);
        cluster.awaitValue(publisher, BLOCKERS, writer.backendPid());
        return held;
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.RefreshIT#subscribed")
    @Behaviour("sub-create-waits-for-open-transactions")
    void the_set_up_names_the_transaction_that_holds_a_subscription_up(
            MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute("DROP SUBSCRIPTION all_sub");
        Step subscribe = cluster.script().phase(Step.Phase.SUBSCRIBE).get(0);
        try (Session writer = publisher.session()) {
            writer.execute("BEGIN; INSERT INTO item VALUES (3)");

            CompletableFuture<Void> carriedOut = CompletableFuture.runAsync(() -> cluster.carryOut(subscribe));
            cluster.awaitValue(publisher, BLOCKERS, writer.backendPid());
            subscriber.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE SUB%'");

            assertThatThrownBy(() -> carriedOut.get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("on publisher making a slot waits for a transaction that is still open")
                    .hasMessageContaining(Integer.toString(writer.backendPid()))
                    .hasMessageContaining("INSERT INTO item VALUES (3)");
        }
    }
}
