package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.WaitFailedException;

/** A wait that cannot succeed any more ends long before its time, and says why. */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.cluster.SmallTopologies#oneWay")
@Order(3)
class HopelessWaitIT {

    /** Nobody would wait this long for a test to fail: whatever takes as long has waited for its timeout. */
    private static final Duration ENDLESS = Duration.ofMinutes(10);

    @Test
    void a_subscriber_that_was_killed_ends_the_wait_for_it(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm2.kill();

        WaitFailedException failure = hopeless(() -> cluster.awaitConverged("test", ENDLESS, "vm1", "vm2"));

        assertThat(failure)
                .message()
                .matches("(?s)waited for table test to be equal on vm1, vm2, gave up after \\d+\\.\\d s: vm2 is not"
                        + " running\nlast seen: vm2 refused \"connect to rep\": .*\n\n=== cluster one-way\n.*");
        assertThat(failure.snapshot().node("vm2").state()).isEqualTo("not running");
        assertThat(failure.snapshot().node("vm1").answers()).isTrue();
        assertThat(failure).hasCauseInstanceOf(SqlFailedException.class);
    }

    @Test
    void a_server_that_is_gone_while_somebody_waits_ends_the_wait(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();

        WaitFailedException failure = hopeless(() -> cluster.await(
                "what never comes",
                ENDLESS,
                () -> {
                    if (vm1.isRunning()) {
                        vm1.stop(StopMode.IMMEDIATE);
                    }
                    return Seen.of(false, "nothing");
                },
                vm1,
                vm2));

        assertThat(failure).message().contains(": vm1 is not running\nlast seen: nothing\n\n=== cluster one-way\n");
    }

    @Test
    void waiting_for_replication_ends_whichever_end_is_gone(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm1.kill();
        assertThat(hopeless(() -> cluster.awaitReplicated(ENDLESS)))
                .message()
                .contains("gave up after ")
                .contains(": vm1 is not running\n");

        vm1.start();
        cluster.awaitReplicated();
        vm2.kill();
        assertThat(hopeless(() -> cluster.awaitReplicated(ENDLESS)))
                .message()
                .contains("gave up after ")
                .contains(": vm2 is not running\n");
        assertThat(hopeless(() -> cluster.awaitReplicated(vm2, "test_sub", ENDLESS)))
                .message()
                .contains(": vm2 is not running\n");
    }

    @Test
    void a_worker_that_fails_again_and_again_ends_the_wait_and_its_line_is_quoted(
            MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm2.execute("INSERT INTO test VALUES (1, 'in the way')");
        vm1.execute("INSERT INTO test VALUES (1, 'one')");

        WaitFailedException failure = hopeless(() -> cluster.awaitConverged("test", ENDLESS, "vm1", "vm2"));

        assertThat(failure)
                .message()
                .matches("(?s)waited for table test to be equal on vm1, vm2, gave up after \\d+\\.\\d s: a replication"
                        + " worker on vm2 fails again and again: ERROR:  (duplicate key value violates unique"
                        + " constraint \"test_pkey\"|conflict detected on relation \"public.test\": conflict=insert_exists)"
                        + "\nlast seen: vm2 has 1 row of table test, vm1 has 1; only on vm1:"
                        + " \\(1, one\\); only on vm2: \\(1, in the way\\)\n\n=== cluster one-way\n.*");
        assertThat(failure.snapshot().node("vm2").logTail())
                .anyMatch(line -> line.contains("DETAIL:  Key ") && line.contains("already exists"));
    }

    @Test
    void an_error_that_was_cured_in_time_does_not_end_a_later_wait(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm2.execute("INSERT INTO test VALUES (1, 'in the way')");
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        hopeless(() -> cluster.awaitReplicated(ENDLESS));

        vm2.execute("DELETE FROM test");

        cluster.awaitConverged("test", "vm1", "vm2");
        cluster.awaitReplicated();
    }

    @Test
    void a_publisher_that_comes_back_was_worth_waiting_for(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        vm1.restart();
        vm1.execute("INSERT INTO test VALUES (2, 'two')");

        cluster.awaitReplicated();

        assertThat(vm2.table("test").count()).isEqualTo(2);
        assertThatThrownBy(() -> cluster.awaitConverged("test", Duration.ofMillis(300), "vm2", "nobody"))
                .hasMessageContaining("nobody");
    }

    private static WaitFailedException hopeless(ThrowingCallable wait) {
        WaitFailedException failure = catchThrowableOfType(WaitFailedException.class, wait);
        assertThat(failure).isNotNull();
        assertThat(failure.isHopeless()).as(failure.getMessage()).isTrue();
        return failure;
    }
}
