package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * The same table written on several nodes, with subscriptions that take only what was written on the publisher itself.
 *
 * @see <a href="https://www.postgresql.org/docs/16/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 */
@MiniClusterTest
@RequiresPostgres(min = 16, because = "origin = none came with 16")
class OriginNoneIT {

    private static final String ITEM = "CREATE TABLE item (id integer PRIMARY KEY)";

    static Topology bothWays() {
        return Topology.named("both ways")
                .schema(ITEM)
                .node("vm1", n -> from(n, "vm1", "vm2"))
                .node("vm2", n -> from(n, "vm2", "vm1"))
                .build();
    }

    static Topology mesh() {
        return Topology.named("mesh")
                .schema(ITEM)
                .node("vm1", n -> from(n, "vm1", "vm2", "vm3"))
                .node("vm2", n -> from(n, "vm2", "vm1", "vm3"))
                .node("vm3", n -> from(n, "vm3", "vm1", "vm2"))
                .build();
    }

    static Topology ring() {
        return Topology.named("ring")
                .schema(ITEM)
                .node("vm1", n -> from(n, "vm1", "vm3"))
                .node("vm2", n -> from(n, "vm2", "vm1"))
                .node("vm3", n -> from(n, "vm3", "vm2"))
                .build();
    }

    private static void from(NodeSpec.Builder node, String name, String... publishers) {
        node.publishes("pub", "item");
        for (String publisher : publishers) {
            node.subscription(
                    name + "_from_" + publisher,
                    s -> s.to(publisher, "pub").copyData(false).with("origin", "none"));
        }
    }

    @Test
    @TopologyFrom("bothWays")
    @Behaviour("bidi-origin-none-no-loop")
    void a_table_goes_both_ways_and_no_row_comes_back(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.execute("INSERT INTO item VALUES (1)");
        vm2.execute("INSERT INTO item VALUES (2)");

        assertThat(cluster).table("item").convergesOn("vm1", "vm2");

        vm1.execute("UPDATE item SET id = 20 WHERE id = 2");
        vm2.execute("DELETE FROM item WHERE id = 1");
        cluster.awaitReplicated();
        assertThat(vm1).table("item").hasRows(row(20));
        assertThat(vm2).table("item").hasRows(row(20));
    }

    @Test
    @TopologyFrom("mesh")
    @Behaviour("bidi-origin-none-no-loop")
    void where_everybody_follows_everybody_each_row_arrives_once(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("INSERT INTO item VALUES (1)");
        vm2.execute("INSERT INTO item VALUES (2)");
        vm3.execute("INSERT INTO item VALUES (3)");

        cluster.awaitReplicated();

        assertThat(vm1).table("item").hasRows(row(1), row(2), row(3));
        assertThat(cluster).table("item").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @TopologyFrom("ring")
    @Behaviour("bidi-origin-none-blocks-third-node")
    void in_a_ring_a_row_goes_one_step_and_is_not_passed_on(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("INSERT INTO item VALUES (1)");
        cluster.awaitReplicated();
        vm2.execute("INSERT INTO item VALUES (2)");

        cluster.awaitReplicated();

        assertThat(vm2).table("item").hasRows(row(1), row(2));
        assertThat(vm3).table("item").hasRows(row(2));
    }
}
