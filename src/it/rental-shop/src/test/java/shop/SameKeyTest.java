package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.wait.WaitFailedException;
import org.pgminicluster.topology.Topology;

/** Without the JUnit extension: what happens when two branches use the same key? */
class SameKeyTest {

    @Test
    void the_second_customer_of_the_same_key_stops_the_subscription_and_the_wait_says_why() {
        Topology topology = Topology.named("same key")
                .schemaFrom("schema.sql")
                .node("north", n -> n.publishes("customers", "shop.customer"))
                .node("office", n -> n.subscribes("from_north", "north", "customers"))
                .build();
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node office = cluster.node("office");
            cluster.awaitReplicated();
            office.execute("INSERT INTO shop.customer (id, name) VALUES (7, 'local')");

            cluster.node("north").execute("INSERT INTO shop.customer (id, name) VALUES (7, 'remote')");

            assertThatThrownBy(cluster::awaitReplicated)
                    .isInstanceOf(WaitFailedException.class)
                    .hasMessageContaining("customer_pkey");
            assertThat(office.query("SELECT name FROM shop.customer").column()).containsExactly("local");
        }
    }
}
