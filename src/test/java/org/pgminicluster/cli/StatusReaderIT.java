package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** What {@code status} says of a subscription for which there is no row where one is looked for. */
@MiniClusterTest
@TopologyFrom("oneWay")
class StatusReaderIT {

    static Topology oneWay() {
        return Topology.named("one-way")
                .schema("CREATE TABLE test (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("test_pub", "test"))
                .node("vm2", n -> n.subscribes("test_sub", "vm1", "test_pub"))
                .build();
    }

    private static List<String> states(MiniCluster cluster) {
        return StatusReader.read(cluster, "now", List.of()).subscriptions().stream()
                .map(ClusterStatus.OfSubscription::state)
                .toList();
    }

    @Test
    void a_subscription_that_has_no_table_copies_nothing(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        assertThat(states(cluster)).containsExactly("streaming");

        vm1.execute("ALTER PUBLICATION test_pub DROP TABLE test");
        vm2.execute("ALTER SUBSCRIPTION test_sub REFRESH PUBLICATION");

        assertThat(states(cluster)).containsExactly("has no table");
    }

    @Test
    void a_slot_that_was_dropped_is_gone(MiniCluster cluster, Node vm1) {
        cluster.awaitReplicated();

        cluster.faults().dropSlot(vm1, "test_sub");

        assertThat(states(cluster)).containsExactly("its slot is gone");
    }
}
