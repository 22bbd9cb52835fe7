package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.state.NodeState;
import org.pgminicluster.topology.Topology;

/**
 * Nodes of two majors in one cluster.
 *
 * @see <a href="https://www.postgresql.org/docs/current/logical-replication.html">Logical Replication</a>
 */
@MiniClusterTest
@RequiresPostgres(min = 12, max = 17, because = "a newer major is needed beside it, and standby.signal came with 12")
class SeveralMajorsIT {

    private static final String NEWER = System.getProperty("minicluster.upgrade", "17");

    static Topology upwards() {
        return Topology.named("old to new")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("old", old -> old.publishes("items", "item"))
                .node("newer", newer -> newer.postgres(NEWER).readOnly("item").subscribes("items_sub", "old", "items"))
                .standby("copy")
                .guarded()
                .of("newer")
                .build();
    }

    @Test
    @TopologyFrom("upwards")
    void each_node_runs_what_the_topology_says_of_it_and_so_does_its_standby(
            MiniCluster cluster, Node old, Node newer, Node copy) {
        old.execute("INSERT INTO item VALUES (1, 'one')");
        cluster.awaitReplicated();

        assertThat(newer.version().major())
                .isEqualTo(Integer.parseInt(NEWER))
                .isGreaterThan(old.version().major());
        assertThat(copy.version()).isEqualTo(newer.version());
        assertThat(cluster.version()).isEqualTo(old.version());
        assertThat(copy).table("item").hasRows(row(1, "one"));
        assertThat(newer).rejects("INSERT INTO item VALUES (2, 'two')").withMessage("Cannot modify table.");
        for (Node node : cluster.nodes()) {
            assertThat(node)
                    .query("SELECT current_setting('server_version_num')::integer / 10000")
                    .hasValue(node.version().major());
        }
    }

    @Test
    @TopologyFrom("upwards")
    void what_is_told_of_the_version_is_told_of_each_node(MiniCluster cluster, Node old, Node newer) {
        String each = old.version() + " on old, " + newer.version() + " on newer, " + newer.version() + " on copy";

        assertThat(cluster.versions()).isEqualTo(each);
        assertThat(cluster.journal().entries())
                .extracting(entry -> entry.event())
                .filteredOn(Event.Started.class::isInstance)
                .extracting(event -> ((Event.Started) event).version())
                .containsExactly(each);
        assertThat(cluster.journal().entries())
                .extracting(entry -> entry.event())
                .filteredOn(Trace.Layout.class::isInstance)
                .flatExtracting(event -> ((Trace.Layout) event).members())
                .extracting(member -> member.node() + " " + member.version())
                .containsExactly("old " + old.version(), "newer " + newer.version(), "copy " + newer.version());
        assertThat(cluster.snapshot().nodes())
                .extracting(NodeState::condition)
                .containsExactly(NodeState.Condition.RUNNING, NodeState.Condition.RUNNING, NodeState.Condition.STANDBY);
    }

    @Test
    @TopologyFrom("upwards")
    void a_guarded_standby_takes_over_from_a_newer_subscriber(MiniCluster cluster, Node old, Node newer, Node copy) {
        old.execute("INSERT INTO item VALUES (1, 'one')");
        cluster.awaitReplicated();
        newer.kill();
        old.execute("INSERT INTO item VALUES (2, 'meanwhile')");

        cluster.failOver("newer", "copy");

        cluster.awaitReplicated(copy, "items_sub");
        assertThat(copy).table("item").hasRows(row(1, "one"), row(2, "meanwhile"));
        cluster.standbys().rejoin(newer);
        cluster.standbys().awaitReplayed(newer);
    }

    static Topology downwards() {
        return Topology.named("new to old")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("newer", newer -> newer.postgres(NEWER).publishes("items", "item"))
                .node("old", old -> old.readOnly("item").subscribes("items_sub", "newer", "items"))
                .build();
    }

    @Test
    @TopologyFrom("downwards")
    void a_newer_publisher_feeds_an_older_subscriber(MiniCluster cluster, Node newer, Node old) {
        newer.execute("INSERT INTO item VALUES (1, 'one')");
        newer.execute("UPDATE item SET name = 'changed'");
        cluster.awaitReplicated();

        assertThat(old).table("item").hasRows(row(1, "changed"));
        assertThat(cluster.version()).as("of those of which nothing is said").isEqualTo(old.version());
    }

    static Topology filtered() {
        return Topology.named("filter of a newer publisher")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node(
                        "newer",
                        newer -> newer.postgres(NEWER)
                                .seed("INSERT INTO item SELECT generate_series(1, 3)")
                                .publication("even", p -> p.tableWhere("item", "id % 2 = 0")))
                .node("old", old -> old.mayFollow("newer"))
                .build();
    }

    /**
     * A topology would be refused for that, so it is made by hand. See <a
     * href="https://www.postgresql.org/docs/current/logical-replication-row-filter.html">Row Filters</a>.
     */
    @Test
    @TopologyFrom("filtered")
    @RequiresPostgres(min = 12, max = 14, because = "from 15 on a subscriber copies by the filter")
    void an_older_subscriber_copies_what_a_newer_publishers_filter_leaves_out_and_streams_what_it_lets_through(
            MiniCluster cluster, Node newer, Node old) {
        old.execute(Lesson.createSubscription("even_sub", old, newer, "even"));
        cluster.awaitReplicated();
        assertThat(old).table("item").hasRows(row(1), row(2), row(3));

        newer.execute("INSERT INTO item VALUES (4), (5)");
        cluster.awaitReplicated();
        assertThat(old).table("item").hasRows(row(1), row(2), row(3), row(4));
    }

    @Test
    void servers_of_two_majors_are_lent_with_fresh_databases() {
        try (FreshDatabases servers = FreshDatabases.start(downwards())) {
            for (String name : List.of("majors-first", "majors-second")) {
                try (MiniCluster cluster = servers.next(name).start()) {
                    cluster.node("newer").execute("INSERT INTO item VALUES (1, 'one')");
                    cluster.awaitReplicated();

                    assertThat(cluster.node("old")).table("item").hasRows(row(1, "one"));
                    assertThat(cluster.versions()).contains(" on newer, ").endsWith(" on old");
                }
            }
        }
    }
}
