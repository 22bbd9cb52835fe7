package shop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** Two branches send their customers to the head office, each with keys of its own. */
@MiniClusterTest
@TopologyFrom("topology")
class BranchesTest {

    static Topology topology() {
        return Topology.named("branches")
                .schemaFrom("schema.sql")
                .node("north", n -> n.publishes("customers", "shop.customer"))
                .node("south", n -> n.publishes("customers", "shop.customer"))
                .node("office", n -> n.subscribes("from_north", "north", "customers")
                        .subscribes("from_south", "south", "customers"))
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void customers_of_both_branches_meet_at_the_office(int each, MiniCluster cluster, Node north, Node south, Node office) {
        north.execute("INSERT INTO shop.customer (id, name) SELECT i, 'n' || i FROM generate_series(1, ?) AS i", each);
        south.execute("INSERT INTO shop.customer (id, name) SELECT -i, 's' || i FROM generate_series(1, ?) AS i", each);

        cluster.awaitReplicated();

        assertThat(office.table("shop.customer").count()).isEqualTo(2L * each);
    }
}
