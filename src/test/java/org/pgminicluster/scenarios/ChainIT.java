package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * A node that publishes what it received itself.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication.html">Logical Replication</a>
 */
@MiniClusterTest
@TopologyFrom("chain")
class ChainIT {

    static Topology chain() {
        return Topology.named("chain")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node(
                        "source",
                        source -> source.seed("INSERT INTO item VALUES (1, 'before')")
                                .publishes("source_pub", "item"))
                .node("middle", middle -> middle.mayFollow("source").publishes("middle_pub", "item"))
                .node("last", last -> last.subscribes("last_sub", "middle", "middle_pub"))
                .build();
    }

    @Test
    @Behaviour("sync-cascade-includes-copied-rows")
    void rows_that_the_middle_node_copies_are_streamed_on_to_the_last(
            MiniCluster cluster, Node source, Node middle, Node last) {
        cluster.awaitSynced();
        assertThat(last).table("item").isEmpty();

        middle.execute(createSubscription("middle_sub", middle, source, "source_pub"));

        cluster.awaitReplicated();
        cluster.awaitConverged("item", "source", "middle", "last");
        assertThat(last).table("item").hasRows(row(1, "before"));
    }

    @Test
    @Behaviour("sync-cascade-includes-copied-rows")
    void changes_pass_through_the_middle_node(MiniCluster cluster, Node source, Node middle, Node last) {
        middle.execute(createSubscription("middle_sub", middle, source, "source_pub"));
        cluster.awaitConverged("item", "source", "middle", "last");

        source.execute("INSERT INTO item VALUES (2, 'inserted')");
        source.execute("UPDATE item SET name = 'updated' WHERE id = 1");
        middle.execute("INSERT INTO item VALUES (3, 'by the middle')");

        cluster.awaitReplicated(middle, "middle_sub");
        cluster.awaitReplicated(last, "last_sub");
        assertThat(source).table("item").hasRows(row(1, "updated"), row(2, "inserted"));
        assertThat(last).table("item").hasRows(row(1, "updated"), row(2, "inserted"), row(3, "by the middle"));
    }
}
