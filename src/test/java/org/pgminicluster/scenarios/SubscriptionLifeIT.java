package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * A subscription from the day it is disabled, renamed or pointed elsewhere to the day it is dropped.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-dropsubscription.html">DROP SUBSCRIPTION</a>
 */
@MiniClusterTest
@TopologyFrom("subscribed")
class SubscriptionLifeIT {

    /** Without those that a table has while it is copied, and for a moment after. */
    private static final String SLOTS =
            "SELECT slot_name, active FROM pg_replication_slots WHERE slot_name !~ '_sync_'";

    private static final String HOLDER = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'item_sub'";

    static Topology subscribed() {
        return Topology.named("one table, subscribed")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node(
                        "publisher",
                        publisher ->
                                publisher.seed("INSERT INTO item VALUES (1)").publishes("item_pub", "item"))
                .node("subscriber", subscriber -> subscriber.subscribes("item_sub", "publisher", "item_pub"))
                .build();
    }

    static Topology ownFollower() {
        return Topology.named("a node that follows itself")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node(
                        "alone",
                        alone -> alone.seed("INSERT INTO item VALUES (1)")
                                .publishes("item_pub", "item")
                                .mayFollow("alone"))
                .build();
    }

    @Test
    @Behaviour("sub-disable-then-enable-catches-up")
    void what_is_written_while_a_subscription_is_disabled_arrives_when_it_is_enabled(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        subscriber.execute("ALTER SUBSCRIPTION item_sub DISABLE");
        cluster.awaitValue(publisher, "SELECT active FROM pg_replication_slots", false);
        publisher.execute("INSERT INTO item VALUES (2)");
        publisher.execute("DELETE FROM item WHERE id = 1");
        assertThat(subscriber).table("item").hasRows(row(1));

        subscriber.execute("ALTER SUBSCRIPTION item_sub ENABLE");

        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(2));
    }

    @Test
    @Behaviour("sub-drop-cleans-everything")
    void dropping_a_subscription_takes_slot_origin_and_table_states_with_it(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        String traces = "SELECT (SELECT count(*) FROM pg_subscription), (SELECT count(*) FROM pg_subscription_rel),"
                + " (SELECT count(*) FROM pg_replication_origin)";
        // From 14 on the copy of a table has an origin of its own, for a moment longer than the table's rows take.
        cluster.awaitValue(subscriber, "SELECT count(*) FROM pg_replication_origin", 1);
        assertThat(subscriber).query(traces).hasRows(row(1, 1, 1));
        assertThat(publisher).query(SLOTS).hasRows(row("item_sub", true));

        subscriber.execute("DROP SUBSCRIPTION item_sub");

        assertThat(subscriber).query(traces).hasRows(row(0, 0, 0));
        assertThat(publisher).query(SLOTS).isEmpty();
        assertThat(subscriber).table("item").hasRows(row(1));
    }

    @Test
    @Behaviour({"sub-detach-and-drop", "slot-orphan-after-detach", "sub-drop-with-slot-not-in-transaction"})
    void a_subscription_without_slot_is_dropped_in_one_transaction_and_leaves_the_slot_behind(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        publisher.stop(StopMode.FAST);

        try (Session session = subscriber.session()) {
            session.execute("BEGIN");
            session.execute("ALTER SUBSCRIPTION item_sub DISABLE");
            session.execute("ALTER SUBSCRIPTION item_sub SET (slot_name = NONE)");
            session.execute("DROP SUBSCRIPTION item_sub");
            session.execute("COMMIT");
        }

        assertThat(subscriber).query("SELECT * FROM pg_subscription").isEmpty();
        publisher.start();
        assertThat(publisher).query(SLOTS).hasRows(row("item_sub", false));
        publisher.query("SELECT pg_drop_replication_slot('item_sub')");
        assertThat(publisher).query(SLOTS).isEmpty();
    }

    @Test
    @Behaviour("sub-drop-fails-if-publisher-unreachable")
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void dropping_fails_while_the_publisher_is_away(MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        publisher.stop(StopMode.FAST);

        assertThat(subscriber)
                .rejects("DROP SUBSCRIPTION item_sub")
                .withMessageContaining("could not connect to publisher when attempting to drop")
                .withHint("Use ALTER SUBSCRIPTION ... DISABLE to disable the subscription, and then use"
                        + " ALTER SUBSCRIPTION ... SET (slot_name = NONE) to disassociate it from the slot.");

        publisher.start();
        subscriber.execute("DROP SUBSCRIPTION item_sub");
        assertThat(publisher).query(SLOTS).isEmpty();
    }

    @Test
    @Behaviour("sub-drop-fails-if-publisher-unreachable")
    void dropping_fails_if_the_slot_is_gone(MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        subscriber.execute("ALTER SUBSCRIPTION item_sub DISABLE");
        cluster.awaitValue(publisher, "SELECT active FROM pg_replication_slots", false);
        publisher.query("SELECT pg_drop_replication_slot('item_sub')");

        assertThat(subscriber)
                .rejects("DROP SUBSCRIPTION item_sub")
                .withMessageContaining("replication slot \"item_sub\" on publisher");
        subscriber.execute("ALTER SUBSCRIPTION item_sub SET (slot_name = NONE)");
        subscriber.execute("DROP SUBSCRIPTION item_sub");
        assertThat(subscriber).query("SELECT * FROM pg_subscription").isEmpty();
    }

    @Test
    @Behaviour("sub-alter-connection-restarts-worker")
    void another_connection_string_makes_the_worker_connect_anew_and_loses_nothing(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitReplicated();
        String pid = publisher.query(HOLDER).value();

        subscriber.execute(
                "ALTER SUBSCRIPTION item_sub CONNECTION '" + subscriber.conninfoTo(publisher, "other_name") + "'");
        publisher.execute("INSERT INTO item VALUES (2)");

        cluster.awaitValue(publisher, "SELECT application_name FROM pg_stat_replication", "other_name");
        cluster.awaitReplicated();
        cluster.awaitValue(publisher, "SELECT count(*) FROM pg_stat_replication WHERE pid = " + pid, 0);
        assertThat(subscriber).table("item").hasRows(row(1), row(2));
    }

    @Test
    @Behaviour("sub-rename-restarts-worker")
    void a_renamed_subscription_connects_anew_and_keeps_its_slot(MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitReplicated();
        String pid = publisher.query(HOLDER).value();

        subscriber.execute("ALTER SUBSCRIPTION item_sub RENAME TO renamed_sub");
        cluster.awaitValue(publisher, "SELECT count(*) FROM pg_stat_replication WHERE pid <> " + pid, 1);
        publisher.execute("INSERT INTO item VALUES (2)");

        cluster.awaitReplicated(subscriber, "renamed_sub");
        assertThat(subscriber).table("item").hasRows(row(1), row(2));
        assertThat(publisher).query(SLOTS).hasRows(row("item_sub", true));
    }

    @Test
    @TopologyFrom("ownFollower")
    @Behaviour("sub-same-cluster-create-hangs")
    void subscribing_to_the_own_server_hangs_unless_the_slot_is_made_first(MiniCluster cluster, Node alone) {
        alone.execute("CREATE DATABASE copy");
        Node copy = alone.in("copy");
        copy.execute("CREATE TABLE item (id integer PRIMARY KEY)");
        String blockers = "SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity WHERE backend_type = 'walsender'";
        try (RunningStatement hanging =
                copy.executeInBackground(createSubscription("copy_sub", copy, alone, "item_pub"))) {
            // The slot waits for the transaction of the very statement that asked for it.
            cluster.awaitValue(alone, blockers, hanging.backendPid());
            hanging.cancel();
        }
        cluster.awaitValue(alone, "SELECT count(*) FROM pg_replication_slots", 0);

        alone.query("SELECT pg_create_logical_replication_slot('copy_sub', 'pgoutput')");
        copy.execute(createSubscription("copy_sub", copy, alone, "item_pub WITH (create_slot = false)"));

        cluster.awaitReplicated(copy, "copy_sub");
        assertThat(copy).table("item").hasRows(row(1));
    }
}
