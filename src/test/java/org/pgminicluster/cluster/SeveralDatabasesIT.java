package org.pgminicluster.cluster;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** A node may have several databases, each with publications and subscriptions of its own. */
@MiniClusterTest
class SeveralDatabasesIT {

    static Topology databases() {
        return Topology.named("databases")
                .schema(SmallTopologies.TABLE)
                .node(
                        "vm1",
                        n -> n.publishes("pub", "test")
                                .database(
                                        "Other db",
                                        d -> d.schema("CREATE TABLE other (id integer PRIMARY KEY)")
                                                .publishes("pub", "other")
                                                .seed("INSERT INTO other VALUES (1)")))
                .node(
                        "vm2",
                        n -> n.guards("test")
                                .subscribes("sub", "vm1", "pub")
                                .database(
                                        "gathered",
                                        d -> d.schema("CREATE TABLE other (id integer PRIMARY KEY)")
                                                .guards("other")
                                                .subscription(
                                                        "sub",
                                                        s -> s.to("vm1", "pub")
                                                                .database("Other db")
                                                                .slotName("gathered_sub"))))
                .build();
    }

    @Test
    @TopologyFrom("databases")
    void each_database_replicates_by_itself_and_all_are_awaited(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        vm1.in("Other db").execute("INSERT INTO other VALUES (2)");

        cluster.awaitReplicated();

        assertThat(vm2).table("test").hasRows(row(1, "one"));
        assertThat(vm2.in("gathered")).table("other").hasRows(row(1), row(2));
        assertThat(vm2.in("gathered")).rejects("DELETE FROM other").withMessage("Cannot modify table.");
        org.assertj.core.api.Assertions.assertThat(
                        cluster.snapshot().node("vm2").views().keySet())
                .contains("subscriptions", "subscriptions in gathered", "subscribed tables in gathered");
    }
}
