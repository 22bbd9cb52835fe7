package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.STATES;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * What a new subscription copies before it streams.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-architecture.html#LOGICAL-REPLICATION-SNAPSHOT">Initial
 *     Snapshot</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.Subscribing#oneWay")
class InitialCopyIT {

    static Topology homeworkWithRows() {
        return HomeworkTopology.create()
                .seeded("vm1", "INSERT INTO test VALUES (1, 'vm1, before'), (2, NULL)")
                .seeded("vm2", "INSERT INTO test2 VALUES (1, 'vm2, before')");
    }

    @Test
    @TopologyFrom("homeworkWithRows")
    @Behaviour("sync-existing-rows-copied")
    void rows_that_existed_before_are_copied_in_both_directions_and_to_vm3(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitSynced();

        assertThat(vm2).table("test").hasRows(row(1, "vm1, before"), row(2, null));
        assertThat(vm3).table("test").hasRows(row(1, "vm1, before"), row(2, null));
        assertThat(vm1).table("test2").hasRows(row(1, "vm2, before"));
        assertThat(vm3).table("test2").hasRows(row(1, "vm2, before"));
    }

    @Test
    @Behaviour("sync-existing-rows-copied")
    void what_is_written_after_the_copy_is_streamed(MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        cluster.awaitSynced();

        publisher.execute("UPDATE item SET name = 'changed' WHERE id = 1");
        publisher.execute("INSERT INTO item VALUES (3, 'three')");

        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(1, "changed"), row(2, "two"), row(3, "three"));
    }

    @Test
    @Behaviour("sync-unpublished-table-untouched")
    void a_table_that_is_not_published_stays_empty_on_the_subscriber(
            MiniCluster cluster, Node publisher, Node subscriber) {
        publisher.execute("CREATE TABLE secret (id integer PRIMARY KEY)");
        subscriber.execute("CREATE TABLE secret (id integer PRIMARY KEY)");
        publisher.execute("INSERT INTO secret VALUES (1)");
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));

        publisher.execute("INSERT INTO secret VALUES (2)");
        publisher.execute("INSERT INTO item VALUES (3, 'marker')");

        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"), row(3, "marker"));
        assertThat(subscriber).table("secret").isEmpty();
    }

    @Test
    @Behaviour("sync-copy-data-false")
    void without_copy_data_only_later_changes_arrive(MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub WITH (copy_data = false)"));

        assertThat(subscriber).query(STATES).hasRows(row("item", "r"));

        publisher.execute("INSERT INTO item VALUES (3, 'later')");
        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(3, "later"));
    }

    @Test
    @Behaviour("sync-violation-keeps-table-in-d")
    void a_copy_that_meets_a_local_row_is_tried_again_until_that_row_is_gone(
            MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute("INSERT INTO item VALUES (2, 'local')");
        ServerLog.Mark before = subscriber.log().mark();

        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));

        cluster.awaitLog(subscriber, before, "\"item_pkey\"");
        assertThat(subscriber).query(STATES).hasRows(row("item", "d"));
        assertThat(subscriber).table("item").hasRows(row(2, "local"));

        subscriber.execute("DELETE FROM item");
        cluster.awaitSynced();
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"));
    }

    @Test
    @Behaviour("sync-ignores-publish-option")
    void the_copy_takes_rows_even_if_no_inserts_are_published(MiniCluster cluster, Node publisher, Node subscriber) {
        publisher.execute("ALTER PUBLICATION item_pub SET (publish = 'update')");
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        cluster.awaitSynced();

        publisher.execute("INSERT INTO item VALUES (3, 'not published')");
        publisher.execute("UPDATE item SET name = 'marker' WHERE id = 2");

        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "marker"));
    }

    @Test
    @Behaviour("sync-copies-by-column-name")
    void columns_are_matched_by_name_not_by_position(MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute("DROP TABLE item");
        subscriber.execute("CREATE TABLE item (name text, note text DEFAULT 'local', id integer PRIMARY KEY)");

        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        cluster.awaitSynced();
        publisher.execute("INSERT INTO item VALUES (3, 'three')");

        cluster.awaitReplicated();
        assertThat(subscriber)
                .table("item")
                .hasRows(row("one", "local", 1), row("two", "local", 2), row("three", "local", 3));
    }
}
