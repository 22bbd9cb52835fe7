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
 * Does replication break if my table has no primary key?
 *
 * <p>No: it is your own UPDATE on the publisher that fails, as soon as the table is published. INSERT goes on.
 * A replica identity helps.
 *
 * <p>To see it happen: {@code minicluster run no-replica-identity}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-publication.html">Publication, replica identity</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class NoPrimaryKeyIT {

    static Topology topology() {
        return Topology.named("no primary key")
                .schema("CREATE TABLE item (id integer, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    void an_update_without_a_key_is_refused_on_the_publisher(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one')");
        assertThat(primary)
                .rejects("UPDATE item SET name = 'changed'")
                .withMessage("cannot update table \"item\" because it does not have a replica identity and publishes"
                        + " updates");

        primary.execute("ALTER TABLE item REPLICA IDENTITY FULL");
        primary.execute("UPDATE item SET name = 'changed'");

        assertThat(cluster).table("item").convergesOn("primary", "copy");
        assertThat(copy).table("item").hasRows(row(1, "changed"));
    }
}
