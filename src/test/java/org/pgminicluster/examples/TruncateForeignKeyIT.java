package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * TRUNCATE worked on the publisher and stopped the subscriber. Why?
 *
 * <p>The subscriber has a foreign key that the publisher has not, and a replicated TRUNCATE never cascades. Drop the
 * foreign key there, or publish both tables.
 *
 * <p>To see it happen: {@code minicluster run truncate-fk}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions, TRUNCATE</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class TruncateForeignKeyIT {

    static Topology topology() {
        return Topology.named("truncate")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    @RequiresPostgres(min = 11, because = "before, no TRUNCATE was replicated")
    void a_foreign_key_on_the_subscriber_alone_stops_a_replicated_truncate(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("CREATE TABLE child (item integer REFERENCES item)");
        primary.execute("INSERT INTO item VALUES (1, 'one')");
        cluster.awaitReplicated();
        var before = copy.log().mark();

        primary.execute("TRUNCATE item");

        cluster.awaitLog(copy, before, "cannot truncate a table referenced in a foreign key constraint");
        copy.execute("ALTER TABLE child DROP CONSTRAINT child_item_fkey");

        assertThat(cluster).table("item").convergesOn("primary", "copy");
        assertThat(copy).table("item").isEmpty();
    }
}
