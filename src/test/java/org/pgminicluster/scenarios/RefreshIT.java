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
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * Which tables a subscription knows, and which of them are copied again.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 */
@MiniClusterTest
@TopologyFrom("subscribed")
class RefreshIT {

    static Topology subscribed() {
        return Topology.named("everything published and subscribed")
                .schema("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE line (text text)")
                .node(
                        "publisher",
                        publisher -> publisher
                                .seed("INSERT INTO item VALUES (1); INSERT INTO line VALUES ('first')")
                                .publication("all_pub", publication -> publication.allTables())
                                .publishes("item_pub", "item"))
                .node("subscriber", subscriber -> subscriber.subscribes("all_sub", "publisher", "all_pub"))
                .build();
    }

    @Test
    @Behaviour({"sync-new-table-needs-refresh", "pub-all-tables-covers-future"})
    void a_new_table_receives_nothing_until_the_subscription_is_refreshed(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        subscriber.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        publisher.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        publisher.execute("INSERT INTO later VALUES (1)");
        cluster.awaitReplicated();
        assertThat(subscriber).table("later").isEmpty();

        subscriber.execute("ALTER SUBSCRIPTION all_sub REFRESH PUBLICATION");
        cluster.awaitSynced();
        publisher.execute("INSERT INTO later VALUES (2)");

        cluster.awaitReplicated();
        assertThat(subscriber).table("later").hasRows(row(1), row(2));
    }

    @Test
    @Behaviour("sync-refresh-skips-known-tables")
    void a_refresh_copies_new_tables_and_no_known_one_again(MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        subscriber.execute("DELETE FROM item");
        subscriber.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        publisher.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        publisher.execute("INSERT INTO later VALUES (1)");

        subscriber.execute("ALTER SUBSCRIPTION all_sub REFRESH PUBLICATION");

        cluster.awaitReplicated();
        assertThat(subscriber).table("later").hasRows(row(1));
        assertThat(subscriber).table("item").isEmpty();
        assertThat(subscriber).table("line").hasRows(row("first"));
    }

    @Test
    @Behaviour("sync-readd-publication-recopies")
    void a_publication_that_is_taken_off_and_put_back_is_copied_again(
            MiniCluster cluster, Node publisher, Node subscriber) {
        awaitReady(cluster, subscriber, 2);

        subscriber.execute("ALTER SUBSCRIPTION all_sub SET PUBLICATION item_pub");
        assertThat(subscriber).query(STATES).hasRows(row("item", "r"));
        subscriber.execute("ALTER SUBSCRIPTION all_sub SET PUBLICATION all_pub");

        cluster.awaitSynced();
        assertThat(subscriber).table("line").hasRows(row("first"), row("first"));
        assertThat(subscriber).table("item").hasRows(row(1));
    }

    @Test
    @Behaviour("sync-recreate-subscription-recopies")
    void a_recreated_subscription_copies_everything_again(MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        ServerLog.Mark before = subscriber.log().mark();

        subscriber.execute("DROP SUBSCRIPTION all_sub");
        subscriber.execute(createSubscription("all_sub", subscriber, publisher, "all_pub"));

        // Without a key the row is there twice; with one the copy fails again and again.
        cluster.awaitLog(subscriber, before, "\"item_pkey\"");
        cluster.awaitValue(subscriber, "SELECT count(*) FROM line", 2);
        assertThat(subscriber).table("line").hasRows(row("first"), row("first"));
        assertThat(subscriber).query(STATES + " WHERE srsubstate = 'd'").hasRows(row("item", "d"));
        assertThat(subscriber).table("item").hasRows(row(1));
    }

    @Test
    @Behaviour("sub-refresh-in-transaction")
    @RequiresPostgres(max = 13, because = "14 refuses it in a transaction block")
    void a_refresh_in_a_transaction_counts_from_its_commit(MiniCluster cluster, Node publisher, Node subscriber) {
        awaitReady(cluster, subscriber, 2);
        subscriber.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        publisher.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        publisher.execute("INSERT INTO later VALUES (1)");

        try (Session session = subscriber.session()) {
            session.execute("BEGIN");
            session.execute("ALTER SUBSCRIPTION all_sub REFRESH PUBLICATION");
            assertThat(subscriber).query(STATES).hasRows(row("item", "r"), row("line", "r"));
            session.execute("COMMIT");
        }

        awaitReady(cluster, subscriber, 3);
        assertThat(subscriber).query(STATES).hasRows(row("item", "r"), row("line", "r"), row("later", "r"));
        assertThat(subscriber).table("later").hasRows(row(1));
    }

    @Test
    @Behaviour("sub-refresh-needs-enabled")
    void a_disabled_subscription_cannot_be_refreshed(MiniCluster cluster, Node subscriber) {
        subscriber.execute("ALTER SUBSCRIPTION all_sub DISABLE");

        assertThat(subscriber)
                .rejects("ALTER SUBSCRIPTION all_sub REFRESH PUBLICATION")
                .withMessage("ALTER SUBSCRIPTION ... REFRESH is not allowed for disabled subscriptions");
    }
}
