package org.pgminicluster.cluster;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** Clusters of other shapes than the homework's work the same way. */
@MiniClusterTest
class ShapesIT {

    private static final int COPIES = 8;

    /** Named from its end to its source, so that nobody is awaited in the right order by chance. */
    static Topology chain() {
        return Topology.named("chain")
                .schema(SmallTopologies.TABLE)
                .node("end", n -> n.readOnly("test").subscribes("end_sub", "third", "p"))
                .node("third", n -> n.readOnly("test").publishes("p", "test").subscribes("third_sub", "second", "p"))
                .node("second", n -> n.readOnly("test").publishes("p", "test").subscribes("second_sub", "first", "p"))
                .node("first", n -> n.publishes("p", "test"))
                .build();
    }

    @Test
    @TopologyFrom("chain")
    void what_is_written_at_the_source_of_a_chain_is_at_its_end_when_it_was_awaited(
            MiniCluster cluster, Node first, Node end) {
        for (int id = 1; id <= 20; id++) {
            first.execute("INSERT INTO test VALUES (?, 'far away')", id);

            cluster.awaitReplicated();

            assertThat(end).query("SELECT count(*) FROM test").hasValue(id);
        }
        assertThat(end).rejects("DELETE FROM test").withMessage("Cannot modify table.");
    }

    /** Each node writes a table of its own, which the next one copies; the last is followed by the first. */
    static Topology ring() {
        return Topology.named("ring")
                .schema("CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY);"
                        + "CREATE TABLE c (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("p", "a").readOnly("c").subscribes("s", "vm3", "p"))
                .node("vm2", n -> n.publishes("p", "b").readOnly("a").subscribes("s", "vm1", "p"))
                .node("vm3", n -> n.publishes("p", "c").readOnly("b").subscribes("s", "vm2", "p"))
                .build();
    }

    @Test
    @TopologyFrom("ring")
    void every_table_of_a_ring_goes_one_step_and_no_further(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("INSERT INTO a VALUES (1)");
        vm2.execute("INSERT INTO b VALUES (2)");
        vm3.execute("INSERT INTO c VALUES (3)");

        cluster.awaitReplicated();

        assertThat(vm2).table("a").hasRows(row(1));
        assertThat(vm3).table("b").hasRows(row(2));
        assertThat(vm1).table("c").hasRows(row(3));
        assertThat(vm3).table("a").isEmpty();
    }

    static Topology manyCopies() {
        Topology.Builder many = Topology.named("many copies")
                .schema(SmallTopologies.TABLE)
                .node("source", n -> n.publishes("p", "test"));
        for (int i = 1; i <= COPIES; i++) {
            String subscription = "s" + i;
            many.node("copy" + i, n -> n.readOnly("test").subscribes(subscription, "source", "p"));
        }
        return many.build();
    }

    @Test
    @TopologyFrom("manyCopies")
    void many_nodes_copy_one(MiniCluster cluster, Node source) {
        source.execute("INSERT INTO test VALUES (1, 'for all')");

        cluster.awaitReplicated();

        Assertions.assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node).table("test").hasRows(row(1, "for all")));
        assertThat(source)
                .query("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name !~ '_sync_'")
                .hasValue(COPIES);
    }

    static Topology manySources() {
        Topology.Builder many = Topology.named("many sources").schema(SmallTopologies.TABLE);
        for (int i = 1; i <= COPIES; i++) {
            String row = "INSERT INTO test VALUES (" + i + ", 'from source" + i + "')";
            many.node("source" + i, n -> n.seed(row).publishes("p", "test"));
        }
        return many.node("all", n -> {
                    n.readOnly("test");
                    for (int i = 1; i <= COPIES; i++) {
                        n.subscribes("s" + i, "source" + i, "p");
                    }
                })
                .build();
    }

    /** From PostgreSQL 18 on origins have a limit of their own, which eight that copy at once would meet. */
    @Test
    @TopologyFrom("manySources")
    void one_node_gathers_from_many(MiniCluster cluster, Node all) {
        cluster.awaitReplicated();

        assertThat(all).query("SELECT count(*), min(id), max(id) FROM test").hasRows(row(COPIES, 1, COPIES));
        Assertions.assertThat(all.log().since(new ServerLog.Mark(0))).doesNotContain("ERROR:");
    }
}
