package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

@MiniClusterTest
@TopologyFrom("shop")
class OwnDumpIT {

    static Topology shop() {
        return Topology.named("shop from a dump")
                .database("shop")
                .schemaFrom("org/pgminicluster/dumps/shop.sql")
                .node("office", n -> n.publishes("orders_pub", "orders"))
                .node(
                        "till",
                        n -> n.readOnly("orders")
                                .subscription(
                                        "orders_sub",
                                        s -> s.to("office", "orders_pub").with("copy_data", "false")))
                .build();
    }

    @Test
    void an_order_reaches_the_till(MiniCluster cluster, Node office, Node till) {
        office.execute("UPDATE orders SET freight = 1 WHERE order_id = 10248");

        assertThat(cluster).table("orders").convergesOn("office", "till");
    }
}
