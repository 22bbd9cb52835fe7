package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pgminicluster.journal.Event;
import org.pgminicluster.session.SqlFailedException;

/** A closed cluster is gone but for its logs, whatever it was at. */
@Timeout(120)
class CloseIT {

    @Test
    void closing_twice_is_harmless_and_leaves_the_logs_and_the_journal() throws Exception {
        MiniCluster cluster = start("close-twice");
        Node vm1 = cluster.node("vm1");
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        assertThat(Remains.of("close-twice")).isNotEmpty();

        cluster.close();
        cluster.close();

        assertThat(Remains.of("close-twice")).isEmpty();
        assertThat(cluster.directory().resolve("vm1.log")).isNotEmptyFile();
        assertThat(Files.readString(cluster.directory().resolve("journal.jsonl")))
                .contains("\"kind\":\"started\"")
                .contains("INSERT INTO test VALUES (1, 'one')");
        assertThat(vm1.isRunning()).isFalse();
        assertThatThrownBy(() -> vm1.execute("SELECT 1")).isInstanceOf(SqlFailedException.class);
        cluster.journal().add(null, new Event.Step("a journal", "outlives its cluster"));
    }

    @Test
    void a_closed_cluster_can_still_be_looked_at() {
        MiniCluster cluster = start("close-look");
        cluster.close();

        assertThat(cluster.snapshot().node("vm1").state()).isEqualTo("not running");
        assertThat(cluster.snapshot().node("vm1").logTail()).isNotEmpty();
    }

    @Test
    void an_interrupt_does_not_keep_it_from_being_closed_and_is_given_back() {
        MiniCluster cluster = start("close-interrupted");
        Thread.currentThread().interrupt();

        cluster.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Remains.of("close-interrupted")).isEmpty();
    }

    @Test
    void nobody_waits_for_a_statement_that_is_still_going_on() throws Exception {
        MiniCluster cluster = start("close-busy");
        Node vm1 = cluster.node("vm1");
        CompletableFuture<Boolean> refused = CompletableFuture.supplyAsync(
                () -> vm1.attempt("SELECT pg_sleep(600)").isPresent());
        cluster.awaitValue(vm1, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'", 1);
        long start = System.nanoTime();

        cluster.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(refused.get(30, TimeUnit.SECONDS)).isTrue();
    }

    private static MiniCluster start(String name) {
        return MiniCluster.of(SmallTopologies.alone()).name(name).start();
    }
}
