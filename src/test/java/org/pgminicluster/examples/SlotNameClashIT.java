package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * Why does CREATE SUBSCRIPTION say that the replication slot already exists?
 *
 * <p>A subscription makes a slot of its own name on the publisher, and slots belong to the whole server there. Name the
 * subscription after its node, or name the slot.
 *
 * <p>To see it happen: {@code minicluster run slot-name-clash}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html">Subscription, replication slot management</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class SlotNameClashIT {

    static Topology topology() {
        return Topology.named("slot clash")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("first", n -> n.subscribes("items_copy", "primary", "items"))
                .node("second", n -> n.subscribes("items_of_second", "primary", "items"))
                .build();
    }

    @Test
    void a_second_subscription_of_the_same_name_needs_another_slot(MiniCluster cluster, Node primary, Node second) {
        second.execute("DROP SUBSCRIPTION items_of_second");
        String create = "CREATE SUBSCRIPTION items_copy CONNECTION '" + second.conninfoTo(primary, "items_copy")
                + "' PUBLICATION items";

        assertThat(second).rejects(create).withMessageContaining("replication slot \"items_copy\" already exists");

        second.execute(create + " WITH (slot_name = 'items_copy_second')");
        primary.execute("INSERT INTO item VALUES (1, 'one')");

        assertThat(cluster).table("item").convergesOn("primary", "first", "second");
    }
}
