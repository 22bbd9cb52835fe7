package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * What becomes of the copy when its publisher goes: restarted, shut down in peace, or killed.
 *
 * @see <a href="https://www.postgresql.org/docs/13/server-shutdown.html">Shutting Down the Server</a>
 * @see <a href="https://www.postgresql.org/docs/13/wal-async-commit.html">Asynchronous Commit</a>
 */
@MiniClusterTest
@TopologyFrom("item")
class PublisherFaultIT {

    private static final String FLUSHED = "SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()";

    static Topology item() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY, name text)", "item");
    }

    @Test
    @Behaviour("fault-publisher-restart")
    void after_a_restart_of_the_publisher_the_subscription_streams_again_by_itself(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'before')");
        cluster.awaitReplicated();

        primary.restart();
        primary.execute("INSERT INTO item VALUES (2, 'after')");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "before"), row(2, "after"));
        cluster.awaitValue(primary, "SELECT state FROM pg_stat_replication", "streaming");
    }

    @Test
    @Behaviour("fault-publisher-fast-shutdown-waits")
    void a_fast_shutdown_waits_until_a_blocked_subscriber_has_everything(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = primary.log().mark();
        CompletableFuture<Void> shutdown;
        try (Session blocker = copy.session()) {
            blocker.execute("BEGIN");
            blocker.execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE");
            // More than fits into the buffers between the two, so it cannot all be on its way already.
            primary.execute("INSERT INTO item SELECT i, repeat('x', 1500) FROM generate_series(1, 20000) AS i");

            shutdown = CompletableFuture.runAsync(() -> primary.stop(StopMode.FAST));
            cluster.awaitLog(primary, mark, WorkerLog.line(primary, "checkpointer", "LOG:  shutting down"));

            assertThat(primary.isRunning()).isTrue();
            assertThat(primary.log().since(mark)).doesNotContain("database system is shut down");
            blocker.execute("ROLLBACK");
        }

        shutdown.join();
        cluster.awaitValue(copy, "SELECT count(*) FROM item", 20000);
        assertThat(primary.isRunning()).as("all came before the publisher went").isFalse();
    }

    static Topology lazyWriter() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text)",
                primary -> primary.publishes("pub", "item").setting("wal_writer_delay", "5s"),
                OneWay.streams("pub"));
    }

    @Test
    @Behaviour("fault-publisher-crash-unflushed-not-sent")
    void a_commit_that_the_publisher_loses_in_a_crash_has_not_reached_the_copy(
            @TopologyFrom("lazyWriter") MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        try (Session hurried = primary.session()) {
            hurried.execute("SET synchronous_commit = off");
            hurried.execute("INSERT INTO item VALUES (1, 'flushed by the WAL writer')");
            // It has just been round, and comes again in five seconds.
            cluster.awaitValue(primary, FLUSHED, true);
            hurried.execute("INSERT INTO item VALUES (2, 'committed, not flushed')");
            assertThat(hurried.query("SELECT id FROM item ORDER BY id").column())
                    .containsExactly("1", "2");
        }
        try (Fault crash = cluster.faults().kill(primary)) {
            assertThat(crash.isOpen()).isTrue();
        }
        assertThat(primary).table("item").hasRows(row(1, "flushed by the WAL writer"));

        primary.execute("INSERT INTO item VALUES (3, 'marker')");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "flushed by the WAL writer"), row(3, "marker"));
    }
}
