package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.wait.WaitFailedException;

/** A frozen server keeps its connections open and says nothing: nobody may wait for it longer than he wanted to. */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.cluster.SmallTopologies#oneWay")
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
class FrozenNodeIT {

    /** A look in flight, and the snapshot at the end, come on top of a wait. */
    private static final Duration ON_TOP = Duration.ofSeconds(30);

    @Test
    void a_wait_on_it_ends_in_time_and_shows_the_others(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm2.pause();
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        long start = System.nanoTime();

        WaitFailedException failure = catchThrowableOfType(
                WaitFailedException.class, () -> cluster.awaitConverged("test", Duration.ofSeconds(2), "vm1", "vm2"));

        assertThat(since(start))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(2).plus(ON_TOP));
        assertThat(failure.isHopeless()).isFalse();
        assertThat(failure)
                .message()
                .startsWith("waited for table test to be equal on vm1, vm2, not within 2.0 s\n"
                        + "last seen: vm2 refused \"");
        assertThat(failure.snapshot().node("vm2").state()).startsWith("running, but did not answer (");
        assertThat(failure.snapshot().node("vm1").state()).startsWith("running at ");
        assertThat(failure.snapshot().node("vm1").slots())
                .singleElement()
                .extracting(SlotState::walsender)
                .isNotNull();

        vm2.resume();
        cluster.awaitConverged("test", "vm1", "vm2");
    }

    @Test
    void a_statement_on_it_ends_in_time(Node vm2) {
        try (Session session = vm2.member().session(Duration.ofSeconds(1))) {
            vm2.pause();
            long start = System.nanoTime();

            assertThatThrownBy(() -> session.execute("SELECT 1")).isInstanceOf(SqlFailedException.class);

            assertThat(since(start)).isBetween(Duration.ofSeconds(1), ON_TOP);
        }
    }

    @Test
    @Timeout(60)
    void a_cluster_with_it_is_closed_like_any_other(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.pause();
        vm2.pause();
        long start = System.nanoTime();

        cluster.close();

        assertThat(since(start)).isLessThan(ON_TOP);
        assertThat(Remains.of(cluster.directory().getFileName().toString())).isEmpty();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
