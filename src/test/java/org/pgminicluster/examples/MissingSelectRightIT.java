package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * The subscription exists, but the table stays empty. What is missing?
 *
 * <p>The initial copy needs SELECT for the role in the connection string; grant it and the copy is made by itself.
 *
 * <p>To see it happen: {@code minicluster run no-select}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-security.html">Security</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class MissingSelectRightIT {

    static Topology topology() {
        return Topology.named("missing right")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void the_initial_copy_waits_for_the_right_to_select(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("DROP SUBSCRIPTION items_copy");
        primary.execute("INSERT INTO item VALUES (1, 'before')");
        primary.execute("REVOKE SELECT ON item FROM replicator");
        var before = copy.log().mark();

        copy.execute("CREATE SUBSCRIPTION items_copy CONNECTION '" + copy.conninfoTo(primary, "items_copy")
                + "' PUBLICATION items");

        cluster.awaitLog(copy, before, "permission denied for table item");
        assertThat(copy).table("item").isEmpty();

        primary.execute("GRANT SELECT ON item TO replicator");

        assertThat(cluster).table("item").convergesOn("primary", "copy");
        assertThat(copy).table("item").hasRows(row(1, "before"));
    }
}
