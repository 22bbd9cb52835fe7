package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * The publisher is gone for good: how do I get rid of the subscription?
 *
 * <p>DROP SUBSCRIPTION wants to drop the slot over there first. Disable it and take the slot from it; if the publisher
 * comes back, drop the slot there, or it keeps WAL for ever.
 *
 * <p>To see it happen: {@code minicluster run drop-sub-publisher-gone}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-dropsubscription.html">DROP SUBSCRIPTION</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class DropWithoutPublisherIT {

    static Topology topology() {
        return Topology.named("publisher gone")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    void a_subscription_is_dropped_without_its_publisher(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        primary.kill();

        assertThat(copy)
                .rejects("DROP SUBSCRIPTION items_copy")
                .withMessageContaining("could not connect to publisher when attempting to drop");

        copy.execute("ALTER SUBSCRIPTION items_copy DISABLE");
        copy.execute("ALTER SUBSCRIPTION items_copy SET (slot_name = NONE)");
        copy.execute("DROP SUBSCRIPTION items_copy");

        primary.start();
        cluster.awaitValue(primary, "SELECT slot_name || ' ' || active FROM pg_replication_slots", "items_copy false");
        primary.query("SELECT pg_drop_replication_slot('items_copy')");
    }
}
