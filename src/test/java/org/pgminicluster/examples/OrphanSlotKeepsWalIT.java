package org.pgminicluster.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * Why does the disk of my publisher fill up?
 *
 * <p>A slot that nobody reads keeps all WAL from its position on. Find it by active = false, and drop it or bring its
 * subscriber back.
 *
 * <p>To see it happen: {@code minicluster run orphan-slot}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
@MiniClusterTest
@TopologyFrom("topology")
class OrphanSlotKeepsWalIT {

    static Topology topology() {
        return Topology.named("orphan slot")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("primary", n -> n.publishes("items", "item"))
                .node("copy", n -> n.subscribes("items_copy", "primary", "items"))
                .build();
    }

    private static final String RETAINED =
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint FROM pg_replication_slots WHERE NOT active";

    @Test
    void a_slot_without_a_reader_holds_wal_back(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        copy.execute("ALTER SUBSCRIPTION items_copy DISABLE");
        cluster.awaitValue(primary, "SELECT active FROM pg_replication_slots", false);

        primary.execute("INSERT INTO item SELECT i, repeat('x', 100) FROM generate_series(1, 10000) AS i");

        assertThat(primary.query(RETAINED).number())
                .as("bytes that cannot be removed")
                .isGreaterThan(1_000_000);

        copy.execute("ALTER SUBSCRIPTION items_copy ENABLE");
        assertThat(cluster).table("item").convergesOn("primary", "copy");
    }
}
