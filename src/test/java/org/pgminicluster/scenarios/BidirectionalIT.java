package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.Seen;

/**
 * Two nodes that follow each other: each its own table, or both the same one.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html">Subscription</a>
 */
@MiniClusterTest
class BidirectionalIT {

    static Topology sameTableWithKey() {
        return sameTable("id integer PRIMARY KEY");
    }

    static Topology sameTableWithoutKey() {
        return sameTable("id integer");
    }

    private static Topology sameTable(String columns) {
        return Topology.named("the same table both ways")
                .schema("CREATE TABLE item (" + columns + ")")
                .node("vm1", vm1 -> vm1.publishes("vm1_pub", "item").subscribes("vm1_sub", "vm2", "vm2_pub"))
                .node("vm2", vm2 -> vm2.publishes("vm2_pub", "item").subscribes("vm2_sub", "vm1", "vm1_pub"))
                .allowEcho()
                .build();
    }

    @Test
    @Homework
    @Behaviour("bidi-disjoint-tables-safe")
    void no_row_comes_back_when_each_node_writes_a_table_of_its_own(MiniCluster cluster, Node vm1, Node vm2) {
        ServerLog.Mark onVm1 = vm1.log().mark(), onVm2 = vm2.log().mark();
        vm1.execute("INSERT INTO test VALUES (1, 'vm1')");
        vm2.execute("INSERT INTO test2 VALUES (1, 'vm2')");
        cluster.awaitReplicated();

        // What came back would be there now: each node has confirmed what the other applied, too.
        cluster.awaitReplicated();
        assertThat(vm1).table("test").hasRows(row(1, "vm1"));
        assertThat(vm1).table("test2").hasRows(row(1, "vm2"));
        assertThat(vm2).table("test").hasRows(row(1, "vm1"));
        assertThat(vm2).table("test2").hasRows(row(1, "vm2"));
        assertThat(vm1.log().since(onVm1) + vm2.log().since(onVm2)).doesNotContain("ERROR");
    }

    @Test
    @TopologyFrom("sameTableWithKey")
    @Behaviour("bidi-same-table-echoes")
    void a_row_of_a_table_that_goes_both_ways_comes_back_and_stops_at_its_own_key(
            MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitSynced();
        ServerLog.Mark before = vm1.log().mark();

        vm1.execute("INSERT INTO item VALUES (1)");

        cluster.awaitLog(vm1, before, "\"item_pkey\"");
        assertThat(vm2).table("item").hasRows(row(1));

        vm2.execute("INSERT INTO item VALUES (2)");
        ServerLog.Mark later = vm1.log().mark();
        cluster.awaitLog(vm1, later, "\"item_pkey\"");
        assertThat(vm1).table("item").hasRows(row(1));
    }

    @Test
    @TopologyFrom("sameTableWithoutKey")
    @Behaviour("bidi-same-table-echoes")
    void without_a_key_the_row_multiplies_until_a_subscription_is_disabled(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitSynced();

        vm1.execute("INSERT INTO item VALUES (1)");
        cluster.await("the row to be there a hundred times on vm1", () -> {
            long count = vm1.table("item").count();
            return Seen.of(count >= 100, count + " times");
        });

        vm1.execute("ALTER SUBSCRIPTION vm1_sub DISABLE");
        cluster.awaitValue(vm2, "SELECT count(*) FROM pg_replication_slots WHERE active", 0);
        cluster.awaitConverged("item", "vm1", "vm2");
    }
}
