package shop

import org.junit.jupiter.api.Test
import org.pgminicluster.assertj.MiniClusterAssertions.assertThat
import org.pgminicluster.assertj.MiniClusterAssertions.row
import org.pgminicluster.cluster.MiniCluster
import org.pgminicluster.cluster.Node
import org.pgminicluster.junit.MiniClusterTest
import org.pgminicluster.junit.TopologyFrom
import org.pgminicluster.topology.Topology

@MiniClusterTest
@TopologyFrom("shop")
class ShopTest {

    companion object {
        @JvmStatic
        fun shop(): Topology =
            Topology.named("shop")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("office") { it.publishes("items", "item") }
                .node("till") { it.readOnly("item").subscribes("till_items", "office", "items") }
                .build()
    }

    @Test
    fun `an item reaches the till`(cluster: MiniCluster, office: Node, till: Node) {
        office.execute("INSERT INTO item VALUES (?, ?)", 1, "tea")

        cluster.awaitReplicated()
        assertThat(till).table("item").hasRows(row(1, "tea"))
        assertThat(till).rejects("DELETE FROM item").withMessage("Cannot modify table.")
    }
}
