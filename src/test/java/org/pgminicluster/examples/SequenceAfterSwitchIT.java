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
 * I switched writers to the copy and got duplicate keys. Why?
 *
 * <p>Logical replication carries rows, not sequences: the copy's sequence still stands at its start. Set it before
 * writing.
 *
 * <p>To see it happen: {@code minicluster run sequence-after-failover}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions, sequences</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class SequenceAfterSwitchIT {

    static Topology topology() {
        return Topology.named("sequence")
                .schema("CREATE TABLE item (id serial PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    @Test
    void the_sequence_on_the_copy_has_to_be_set_by_hand(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item (name) VALUES ('one'), ('two')");
        cluster.awaitReplicated();

        assertThat(copy)
                .rejects("INSERT INTO item (name) VALUES ('three')")
                .withSqlState("23505")
                .withDetail("Key (id)=(1) already exists.");

        copy.query("SELECT setval('item_id_seq', (SELECT max(id) FROM item))");
        copy.execute("INSERT INTO item (name) VALUES ('three')");

        assertThat(copy).table("item").hasRows(row(1, "one"), row(2, "two"), row(3, "three"));
    }
}
