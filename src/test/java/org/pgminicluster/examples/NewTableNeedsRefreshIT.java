package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * I added a table to the publication: why does nothing arrive?
 *
 * <p>A subscription learns of new tables only when it is refreshed, and nobody says so.
 *
 * <p>To see it happen: {@code minicluster run forgot-refresh}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION, REFRESH PUBLICATION</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class NewTableNeedsRefreshIT {

    static Topology topology() {
        return Topology.named("forgotten refresh")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    void a_table_added_later_arrives_after_a_refresh(MiniCluster cluster, Node primary, Node copy) {
        cluster.nodes().forEach(node -> node.execute("CREATE TABLE late (id integer PRIMARY KEY)"));
        primary.execute("GRANT SELECT ON late TO replicator");
        primary.execute("ALTER PUBLICATION items ADD TABLE late");
        primary.execute("INSERT INTO late VALUES (1)");
        primary.execute("INSERT INTO item VALUES (1, 'written after it')");

        assertThat(cluster).table("item").convergesOn("primary", "copy");
        assertThat(copy).table("late").isEmpty();

        copy.execute("ALTER SUBSCRIPTION items_copy REFRESH PUBLICATION");

        assertThat(cluster).table("late").convergesOn("primary", "copy");
    }
}
