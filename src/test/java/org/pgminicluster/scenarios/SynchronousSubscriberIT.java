package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Topology;

/**
 * A subscription that is named in {@code synchronous_standby_names}: commits on the publisher wait for it.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#SYNCHRONOUS-REPLICATION">Synchronous Replication</a>
 */
@MiniClusterTest
@TopologyFrom("waitsForSub")
class SynchronousSubscriberIT {

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

    static Topology waitsForSub() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY, name text)", "item");
    }

    /** Only now: while the topology is set up nobody could confirm anything. */
    private static void waitForSub(MiniCluster cluster, Node primary) {
        cluster.awaitReplicated();
        SynchronousStandbys.waitFor(cluster, primary, "sub");
    }

    @Test
    @Behaviour("fault-sync-logical-standby-missing")
    void a_commit_waits_while_the_synchronous_subscription_is_down(MiniCluster cluster, Node primary, Node copy) {
        waitForSub(cluster, primary);
        primary.execute("INSERT INTO item VALUES (1, 'confirmed at once')");
        CompletableFuture<Void> commit;

        try (Session writer = primary.session();
                Fault down = cluster.faults().kill(copy)) {
            commit = CompletableFuture.runAsync(() -> writer.execute("INSERT INTO item VALUES (2, 'waits')"));
            cluster.awaitValue(primary, WAITING, 1);
            assertThat(primary.query("SELECT id FROM item").column())
                    .as("nobody else sees it: %s", down.proof())
                    .containsExactly("1");
            assertThat(commit).isNotDone();
            down.heal();
            commit.join();
        }

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "confirmed at once"), row(2, "waits"));
    }

    @Test
    @Behaviour("fault-sync-wait-then-restart")
    void a_commit_that_was_waiting_when_the_publisher_restarted_counts(MiniCluster cluster, Node primary, Node copy) {
        waitForSub(cluster, primary);

        try (Session writer = primary.session();
                Fault down = cluster.faults().kill(copy)) {
            CompletableFuture<Optional<SqlFailedException>> commit = CompletableFuture.supplyAsync(() -> {
                try {
                    writer.execute("INSERT INTO item VALUES (1, 'never confirmed')");
                    return Optional.empty();
                } catch (SqlFailedException e) {
                    return Optional.of(e);
                }
            });
            cluster.awaitValue(primary, WAITING, 1);
            primary.stop(StopMode.IMMEDIATE);
            primary.start();

            assertThat(commit.join())
                    .as("the client was not told: %s", down.proof())
                    .isPresent();
            assertThat(primary).table("item").hasRows(row(1, "never confirmed"));
        }

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "never confirmed"));
    }
}
