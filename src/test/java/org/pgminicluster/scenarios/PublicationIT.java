package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * A publication that changes while somebody follows it.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-publication.html">Publication</a>
 */
@MiniClusterTest
@TopologyFrom("twoTables")
class PublicationIT {

    static Topology twoTables() {
        return Topology.named("two tables, one publication")
                .schema("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE marker (id integer PRIMARY KEY)")
                .node(
                        "publisher",
                        publisher ->
                                publisher.seed("INSERT INTO item VALUES (1)").publishes("both_pub", "item", "marker"))
                .node("subscriber", subscriber -> subscriber.subscribes("both_sub", "publisher", "both_pub"))
                .build();
    }

    static Topology partitioned() {
        return Topology.named("a partitioned table, published as a whole and in part")
                .schema("CREATE TABLE item (id integer) PARTITION BY RANGE (id);"
                        + " CREATE TABLE item_low PARTITION OF item FOR VALUES FROM (0) TO (100);"
                        + " CREATE TABLE item_high PARTITION OF item FOR VALUES FROM (100) TO (200)")
                .node(
                        "publisher",
                        publisher -> publisher
                                .seed("INSERT INTO item VALUES (1), (101)")
                                .publication(
                                        "root_pub",
                                        publication ->
                                                publication.tables("item").viaPartitionRoot())
                                .publishes("low_pub", "item_low"))
                .node("subscriber", subscriber -> subscriber.subscribes("sub", "publisher", "root_pub", "low_pub"))
                .build();
    }

    @Test
    @Behaviour("pub-drop-table-stops-at-once")
    void a_table_taken_off_the_publication_is_sent_no_longer_and_keeps_its_rows(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        publisher.execute("ALTER PUBLICATION both_pub DROP TABLE item");

        publisher.execute("INSERT INTO item VALUES (2)");
        publisher.execute("INSERT INTO marker VALUES (1)");

        cluster.awaitReplicated();
        assertThat(subscriber).table("marker").hasRows(row(1));
        assertThat(subscriber).table("item").hasRows(row(1));
    }

    @Test
    @Behaviour("pub-add-table-is-transactional")
    void a_table_is_off_the_publication_from_the_commit_that_takes_it_off(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        try (Session session = publisher.session()) {
            session.execute("BEGIN; ALTER PUBLICATION both_pub DROP TABLE item");
            publisher.execute("INSERT INTO item VALUES (2)");
            session.execute("ROLLBACK");

            publisher.execute("INSERT INTO item VALUES (3)");
            session.execute("BEGIN; ALTER PUBLICATION both_pub DROP TABLE item");
            publisher.execute("INSERT INTO item VALUES (4)");
            session.execute("COMMIT");
            publisher.execute("INSERT INTO item VALUES (5)");
            publisher.execute("INSERT INTO marker VALUES (1)");
        }

        cluster.awaitReplicated();
        assertThat(subscriber).table("marker").hasRows(row(1));
        assertThat(subscriber).table("item").hasRows(row(1), row(2), row(3), row(4));
    }

    @Test
    @Behaviour("pub-add-table-is-transactional")
    @RequiresPostgres(min = 13, because = "the last releases before lose what follows")
    void a_table_is_published_from_then_on_though_a_transaction_writes_to_it_meanwhile(
            MiniCluster cluster, Node publisher, Node subscriber) {
        publishWhileWritten(cluster, publisher);

        assertThat(subscriber).table("item").hasRows(row(1), row(3));
    }

    @Test
    @Behaviour("pub-add-table-is-transactional")
    @RequiresPostgres(max = 12, because = "mended in 13.21, 14.18, 15.13, 16.9, 17.5")
    void a_table_that_is_published_while_a_transaction_writes_to_it_loses_what_follows(
            MiniCluster cluster, Node publisher, Node subscriber) {
        publishWhileWritten(cluster, publisher);

        assertThat(subscriber).table("item").hasRows(row(1));
    }

    private static void publishWhileWritten(MiniCluster cluster, Node publisher) {
        cluster.awaitSynced();
        publisher.execute("ALTER PUBLICATION both_pub DROP TABLE item");
        try (Session session = publisher.session()) {
            session.execute("BEGIN; INSERT INTO item VALUES (2)");
            publisher.execute("ALTER PUBLICATION both_pub ADD TABLE item");
            session.execute("COMMIT");
        }

        publisher.execute("INSERT INTO item VALUES (3)");
        publisher.execute("INSERT INTO marker VALUES (1)");
        cluster.awaitReplicated();
    }

    @Test
    @Behaviour("pub-empty-allowed")
    void a_publication_may_start_empty_and_get_its_tables_later(MiniCluster cluster, Node publisher, Node subscriber) {
        publisher.execute("CREATE PUBLICATION empty_pub");
        subscriber.execute("ALTER SUBSCRIPTION both_sub SET PUBLICATION empty_pub");
        assertThat(subscriber).query("SELECT * FROM pg_subscription_rel").isEmpty();

        publisher.execute("ALTER PUBLICATION empty_pub ADD TABLE marker");
        publisher.execute("INSERT INTO marker VALUES (1)");
        subscriber.execute("ALTER SUBSCRIPTION both_sub REFRESH PUBLICATION");

        cluster.awaitReplicated();
        assertThat(subscriber).table("marker").hasRows(row(1));
    }

    @Test
    @Behaviour("pub-missing-at-subscribe")
    @RequiresPostgres(max = 17, because = "18 goes on without the missing publication")
    void a_publication_that_does_not_exist_is_noticed_only_when_something_is_written(
            MiniCluster cluster, Node publisher, Node subscriber) {
        ServerLog.Mark before = subscriber.log().mark();
        String error = "publication \"no_pub\" does not exist";
        subscriber.execute(createSubscription("no_sub", subscriber, publisher, "no_pub"));
        cluster.awaitValue(
                publisher, "SELECT state FROM pg_stat_replication WHERE application_name = 'no_sub'", "streaming");
        assertThat(subscriber.log().since(before)).doesNotContain("ERROR");

        publisher.execute("INSERT INTO marker VALUES (1)");

        cluster.awaitLog(subscriber, before, "could not receive data from WAL stream: ERROR:  " + error);
        cluster.awaitReplicated(subscriber, "both_sub");
        assertThat(subscriber).table("marker").hasRows(row(1));
    }

    @Test
    @Behaviour("pub-rename-swap")
    void publications_are_found_by_name_so_swapped_names_change_what_is_sent(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();
        publisher.execute("CREATE PUBLICATION deletes_pub FOR TABLE item, marker WITH (publish = 'delete')");
        publisher.execute("INSERT INTO item VALUES (2)");

        publisher.execute("BEGIN; ALTER PUBLICATION both_pub RENAME TO old_pub;"
                + " ALTER PUBLICATION deletes_pub RENAME TO both_pub; COMMIT");
        publisher.execute("INSERT INTO item VALUES (3)");
        publisher.execute("DELETE FROM item WHERE id = 1");

        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(2));
    }

    @Test
    @TopologyFrom("partitioned")
    @Behaviour("sync-parent-and-child-publications-double-copy")
    @RequiresPostgres(min = 13, max = 15, because = "before, only partitions were published; 16 copies such a one once")
    void a_partition_published_with_its_root_and_by_itself_is_copied_twice(
            MiniCluster cluster, Node publisher, Node subscriber) {
        cluster.awaitSynced();

        assertThat(subscriber).table("item").hasRows(row(1), row(1), row(101));

        publisher.execute("INSERT INTO item VALUES (2), (102)");
        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(1), row(1), row(2), row(101), row(102));
    }
}
