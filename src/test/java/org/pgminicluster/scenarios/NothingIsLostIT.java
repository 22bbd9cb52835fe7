package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * Servers are killed while transactions are written. What the publisher has acknowledged is on the copy in the end, whole
 * and once; what it has not may be there or not, but on both or on neither.
 *
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
@MiniClusterTest
@TopologyFrom("entries")
class NothingIsLostIT {

    private static final int ROUNDS = 3;
    private static final int TRANSACTIONS = 100;

    static Topology entries() {
        return OneWay.of(Ledger.TABLE, "entry");
    }

    @Test
    @Behaviour({"fault-publisher-restart", "slot-crash-may-resend"})
    void nothing_acknowledged_is_lost_when_the_publisher_is_killed_under_load(
            MiniCluster cluster, Node primary, Node copy) {
        try (Ledger ledger = new Ledger(cluster, primary)) {
            kill(cluster, primary, ledger);
            ledger.close();
            assertKept(cluster, ledger, primary, copy);
        }
    }

    @Test
    @Behaviour({"fault-subscriber-crash-no-loss-no-dup", "fault-subscriber-down-then-catches-up"})
    void nothing_acknowledged_is_lost_when_the_subscriber_is_killed_under_load(
            MiniCluster cluster, Node primary, Node copy) {
        try (Ledger ledger = new Ledger(cluster, primary)) {
            kill(cluster, copy, ledger);
            ledger.close();
            assertThat(ledger.unknown()).as("the publisher was always there").isEmpty();
            assertKept(cluster, ledger, primary, copy);
        }
    }

    @Test
    @Behaviour("fault-connection-cut")
    void nothing_acknowledged_is_lost_when_the_link_is_cut_under_load(MiniCluster cluster, Node primary, Node copy) {
        try (Ledger ledger = new Ledger(cluster, primary)) {
            for (int round = 0; round < ROUNDS; round++) {
                ledger.awaitMore(TRANSACTIONS);
                try (Fault cut = cluster.faults().cut(primary, copy)) {
                    ledger.awaitMore(TRANSACTIONS);
                    assertThat(cut.isOpen()).isTrue();
                }
            }
            ledger.close();
            assertKept(cluster, ledger, primary, copy);
        }
    }

    private static void kill(MiniCluster cluster, Node node, Ledger ledger) {
        for (int round = 0; round < ROUNDS; round++) {
            ledger.awaitMore(TRANSACTIONS);
            node.kill();
            node.start();
        }
        ledger.awaitMore(TRANSACTIONS);
    }

    private static void assertKept(MiniCluster cluster, Ledger ledger, Node primary, Node copy) {
        cluster.awaitReplicated();
        String entries = "SELECT id, count(*), sum(part) FROM entry GROUP BY id ORDER BY id";
        Rows kept = copy.query(entries);
        Set<Integer> ids = new TreeSet<>();
        kept.column().forEach(id -> ids.add(Integer.valueOf(String.valueOf(id))));

        assertThat(kept.values().stream()
                        .filter(row -> !List.of("2", "3").equals(row.values().subList(1, 3))))
                .as("torn, or there more than once")
                .isEqualTo(List.<Row>of());
        assertThat(ids).as("acknowledged, but lost").containsAll(ledger.acknowledged());
        ids.removeAll(ledger.acknowledged());
        assertThat(ledger.unknown()).as("there, but never written").containsAll(ids);
        assertThat(kept).as("the same on both").isEqualTo(primary.query(entries));
    }
}
