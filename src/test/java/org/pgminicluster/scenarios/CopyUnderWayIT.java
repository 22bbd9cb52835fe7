package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.STATES;
import static org.pgminicluster.scenarios.Subscribing.awaitReady;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * A table while it is copied: each copy is held at a gate, looked at, and let go.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-architecture.html#LOGICAL-REPLICATION-SNAPSHOT">Initial
 *     Snapshot</a>
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.Subscribing#oneWay")
class CopyUnderWayIT {

    static Topology threeTables() {
        return threeTables("50ms");
    }

    /** Slow enough that what fails again and again does not look hopeless to the waits meanwhile. */
    static Topology threeTablesRetriedEachSecond() {
        return threeTables("1s");
    }

    private static Topology threeTables(String retryInterval) {
        return Topology.named("three tables, retried after " + retryInterval)
                .setting("wal_retrieve_retry_interval", retryInterval)
                .schema("CREATE TABLE a (id integer); CREATE TABLE b (id integer); CREATE TABLE c (id integer)")
                .node(
                        "publisher",
                        publisher -> publisher
                                .seed("INSERT INTO a VALUES (1); INSERT INTO b VALUES (2); INSERT INTO c VALUES (3)")
                                .publishes("all_pub", "a", "b", "c"))
                .node("subscriber", subscriber -> subscriber.mayFollow("publisher"))
                .build();
    }

    @Test
    @Behaviour("sync-snapshot-handoff-exact")
    void changes_made_during_the_copy_are_neither_lost_nor_applied_twice(
            MiniCluster cluster, Node publisher, Node subscriber) {
        // Without a key, so that a change that came twice would show.
        publisher.execute("CREATE TABLE note (id integer); ALTER TABLE note REPLICA IDENTITY FULL");
        publisher.execute("GRANT SELECT ON note TO replicator; ALTER PUBLICATION item_pub ADD TABLE note");
        publisher.execute("INSERT INTO note SELECT generate_series(1, 100)");
        subscriber.execute("CREATE TABLE note (id integer); ALTER TABLE note REPLICA IDENTITY FULL");

        try (Gate gate = Gate.closedBefore(1, subscriber, "note")) {
            subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
            gate.awaitWaiting(1);
            publisher.execute("INSERT INTO note VALUES (101)");
            publisher.execute("UPDATE note SET id = 1000 WHERE id = 100");
            publisher.execute("DELETE FROM note WHERE id <= 98");
            gate.open();
        }

        cluster.awaitReplicated();
        assertThat(subscriber).table("note").hasRows(row(99), row(1000), row(101));
    }

    @Test
    @Behaviour("sync-copy-visibility")
    @RequiresPostgres(max = 13, because = "14 commits the copy before it catches up")
    void copied_rows_are_seen_only_when_the_table_has_caught_up(MiniCluster cluster, Node publisher, Node subscriber) {
        try (Gate copy = Gate.closedBefore(1, subscriber, "item");
                Gate catchUp = Gate.closedBefore(3, subscriber, "item")) {
            subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
            copy.awaitWaiting(1);
            publisher.execute("INSERT INTO item VALUES (3, 'written during the copy')");
            // Only what the apply worker has passed already is left for the copy's own worker to catch up with.
            cluster.awaitValue(
                    subscriber,
                    "SELECT received_lsn >= '" + publisher.currentLsn()
                            + "' FROM pg_stat_subscription WHERE relid IS NULL",
                    true);
            copy.open();
            catchUp.awaitWaiting(1);

            assertThat(subscriber).query(STATES).hasRows(row("item", "d"));
            assertThat(subscriber).table("item").isEmpty();

            catchUp.open();
            cluster.awaitSynced();
            assertThat(subscriber)
                    .table("item")
                    .hasRows(row(1, "one"), row(2, "two"), row(3, "written during the copy"));
        }
    }

    @Test
    @Behaviour("sync-slot-kind-and-name")
    @RequiresPostgres(max = 13, because = "14 names the slot otherwise and makes it a lasting one")
    void a_copy_uses_a_temporary_slot_that_goes_when_it_is_done(MiniCluster cluster, Node publisher, Node subscriber) {
        String slots = "SELECT slot_name, temporary FROM pg_replication_slots";
        try (Gate gate = Gate.closedBefore(1, subscriber, "item")) {
            subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
            gate.awaitWaiting(1);

            String name = subscriber
                    .query("SELECT format('item_sub_%s_sync_%s', s.oid, 'item'::regclass::oid) FROM pg_subscription s")
                    .value();
            assertThat(publisher).query(slots).hasRows(row("item_sub", false), row(name, true));
            gate.open();
        }

        cluster.awaitSynced();
        cluster.awaitValue(publisher, "SELECT count(*) FROM pg_replication_slots", 1);
        assertThat(publisher).query(slots).hasRows(row("item_sub", false));
    }

    @Test
    @TopologyFrom("threeTables")
    @Behaviour({"sync-parallel-limit", "sync-states-catalog"})
    void two_tables_are_copied_at_once_and_the_third_waits_its_turn(
            MiniCluster cluster, Node publisher, Node subscriber) {
        try (Gate a = Gate.closedBefore(1, subscriber, "a");
                Gate b = Gate.closedBefore(2, subscriber, "b");
                Gate c = Gate.closedBefore(3, subscriber, "c")) {
            subscriber.execute(createSubscription("all_sub", subscriber, publisher, "all_pub"));
            String copying = "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'd'";
            cluster.awaitValue(subscriber, copying, 2);

            assertThat(subscriber)
                    .query("SHOW max_sync_workers_per_subscription")
                    .hasValue(2);
            assertThat(subscriber)
                    .query("SELECT srsubstate, count(*) FROM pg_subscription_rel GROUP BY 1")
                    .hasRows(row("d", 2), row("i", 1));
            assertThat(subscriber)
                    .query("SELECT count(*) FROM pg_stat_subscription WHERE relid IS NOT NULL")
                    .hasValue(2);

            a.open();
            b.open();
            c.open();
        }
        awaitReady(cluster, subscriber, 3);
    }

    @Test
    @TopologyFrom("threeTablesRetriedEachSecond")
    @Behaviour("sync-failed-copy-respawned")
    void a_copy_that_fails_is_started_again_and_holds_no_other_table_up(
            MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute("ALTER TABLE a ADD CHECK (id > 1)");
        ServerLog.Mark before = subscriber.log().mark();
        subscriber.execute(createSubscription("all_sub", subscriber, publisher, "all_pub"));
        String error = "new row for relation \"a\" violates check constraint";
        cluster.awaitLog(subscriber, before, error);

        ServerLog.Mark afterFirst = subscriber.log().mark();
        cluster.awaitLog(subscriber, afterFirst, error);
        awaitReady(cluster, subscriber, 2);
        publisher.execute("INSERT INTO b VALUES (20); INSERT INTO c VALUES (30)");
        cluster.awaitValue(subscriber, "SELECT count(*) FROM c", 2);

        assertThat(subscriber).query(STATES).hasRows(row("a", "d"), row("b", "r"), row("c", "r"));
        assertThat(subscriber).table("a").isEmpty();
        assertThat(subscriber).table("b").hasRows(row(2), row(20));
        assertThat(subscriber).table("c").hasRows(row(3), row(30));
    }
}
