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
 * I added a column on the publisher and replication stopped. What now?
 *
 * <p>Schema changes are not replicated. Add the column on the subscriber too, best before; nothing is lost.
 *
 * <p>To see it happen: {@code minicluster run ddl-drift}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class AddColumnIT {

    static Topology topology() {
        return Topology.named("added column")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    void replication_stops_at_an_unknown_column_and_goes_on_when_it_is_there(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        var before = copy.log().mark();

        primary.execute("ALTER TABLE item ADD COLUMN price integer");
        primary.execute("INSERT INTO item VALUES (1, 'one', 10)");

        cluster.awaitLog(copy, before, "missing");
        copy.execute("ALTER TABLE item ADD COLUMN price integer");

        assertThat(cluster).table("item").convergesOn("primary", "copy");
        assertThat(copy).table("item").hasRows(row(1, "one", 10));
    }
}
