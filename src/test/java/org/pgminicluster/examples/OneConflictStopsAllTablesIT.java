package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * What happens to the other tables when one row conflicts?
 *
 * <p>The whole subscription stops, with everything that comes after the conflict; it goes on by itself
 * when the row in the way is gone.
 *
 * <p>To see it happen: {@code minicluster run conflict-insert}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-conflicts.html">Conflicts</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class OneConflictStopsAllTablesIT {

    static Topology topology() {
        return Topology.named("conflict")
                .schema(
                        "CREATE TABLE item (id integer PRIMARY KEY, name text); CREATE TABLE note (id integer PRIMARY KEY)")
                .node("primary", n -> n.publishes("both", "item", "note"))
                .node("copy", n -> n.subscribes("copy_of_both", "primary", "both"))
                .build();
    }

    @Test
    void a_conflict_in_one_table_holds_up_the_other_until_it_is_removed(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        copy.execute("INSERT INTO item VALUES (1, 'local')");
        var before = copy.log().mark();

        primary.execute("INSERT INTO item VALUES (1, 'remote')");
        primary.execute("INSERT INTO note VALUES (1)");

        cluster.awaitLog(copy, before, "item_pkey");
        assertThat(copy).table("note").isEmpty();

        copy.execute("DELETE FROM item WHERE id = 1");

        assertThat(cluster).table("note").convergesOn("primary", "copy");
        assertThat(copy).table("item").hasRows(row(1, "remote"));
    }
}
