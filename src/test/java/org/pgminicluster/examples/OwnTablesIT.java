package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

@MiniClusterTest
@TopologyFrom("shop")
class OwnTablesIT {

    static Topology shop() {
        return Topology.named("shop")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, price numeric NOT NULL)")
                .node("office", n -> n.publishes("prices", "item"))
                .node("till", n -> n.readOnly("item").subscribes("till_prices", "office", "prices"))
                .build();
    }

    @Test
    void the_till_sees_a_new_price(Node office, Node till) {
        office.execute("INSERT INTO item VALUES (1, 9.90)");
        till.cluster().awaitReplicated();
        assertThat(till).table("item").hasRows(row(1, "9.90"));
    }
}
