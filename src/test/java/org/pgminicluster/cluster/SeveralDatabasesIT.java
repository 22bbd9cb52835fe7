package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
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
                        n -> n.readOnly("test")
                                .subscribes("sub", "vm1", "pub")
                                .database(
                                        "gathered",
                                        d -> d.schema("CREATE TABLE other (id integer PRIMARY KEY)")
                                                .readOnly("other")
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
        org.assertj.core.api.Assertions.assertThat(cluster.snapshot().toString())
                .contains("  subscriptions\n", "  subscriptions in gathered\n", "  subscribed tables in gathered\n");
    }

    @Test
    @TopologyFrom("databases")
    void tables_are_compared_between_databases(MiniCluster cluster, Node vm1, Node vm2) {
        Node other = vm1.in("Other db");
        other.execute("INSERT INTO other VALUES (2)");

        assertThat(cluster).table("other").convergesOn(other, vm2.in("gathered"));

        // Two of one server: nothing is replicated between them.
        vm1.execute("CREATE TABLE other (id integer)");
        other.execute(SmallTopologies.TABLE);
        assertThat(cluster).table("test").hasEqualRowsOn(vm1, other);
        assertThatThrownBy(() -> assertThat(cluster).table("other").hasEqualRowsOn(other, vm1))
                .hasMessage("expected table other to have equal rows on vm1 (Other db), vm1 (rep)\nbut vm1 (rep) has 0"
                        + " rows of table other, vm1 (Other db) has 2; only on vm1 (Other db): (1) (2)");
        assertThatThrownBy(() -> assertThat(cluster)
                        .table("other")
                        .within(Duration.ofMillis(100))
                        .convergesOn(vm1, other))
                .hasMessageStartingWith("waited for table other to be equal on vm1 (rep), vm1 (Other db), not within");
    }
}
