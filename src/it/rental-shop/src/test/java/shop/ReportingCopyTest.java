package shop;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** One shop and a read-only copy of all its tables for reports. */
@MiniClusterTest
@TopologyFrom("topology")
class ReportingCopyTest {

    static Topology topology() {
        return Topology.named("reporting")
                .database("rental shop")
                .schemaFrom("schema.sql")
                .node("shop", n -> n.publishes("everything", "shop.customer", "shop.rental", "shop.payment"))
                .node("reports", n -> n.readOnly("shop.customer", "shop.rental", "shop.payment")
                        .subscribes("reports", "shop", "everything"))
                .build();
    }

    @Test
    void the_copy_follows_and_refuses_writes(MiniCluster cluster, Node shop, Node reports) {
        shop.execute("INSERT INTO shop.customer (name) VALUES ('Ann'), ('Bob')");
        shop.execute("INSERT INTO shop.rental (customer, film, tags) VALUES (1, 'Metropolis', '{old,silent}')");
        shop.execute("INSERT INTO shop.payment VALUES (1, '2025-12-31', 3.50), (2, '2026-01-01', 4)");
        shop.execute("UPDATE shop.customer SET active = false WHERE name = 'Bob'");

        assertThat(cluster).table("shop.customer").convergesOn("shop", "reports");
        assertThat(cluster).table("shop.payment").convergesOn("shop", "reports");
        assertThat(reports).table("shop.rental").hasRows(row(1, 1, "Metropolis", "{old,silent}"));
        assertThat(reports).rejects("DELETE FROM shop.rental").withMessage("Cannot modify table.");
    }
}
