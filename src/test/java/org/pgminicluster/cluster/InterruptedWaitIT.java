package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.WaitFailedException;

/** An interrupt ends a wait at once, and the thread that waited can see that it was interrupted. */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.cluster.SmallTopologies#alone")
class InterruptedWaitIT {

    @Test
    void an_interrupt_ends_a_wait(MiniCluster cluster, Node vm1) throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);

        assertInterrupted(
                () -> cluster.await(
                        "what never comes",
                        Duration.ofMinutes(10),
                        () -> {
                            waiting.countDown();
                            return Seen.of(false, vm1.query("SELECT 1").toString());
                        },
                        vm1),
                waiting,
                "interrupted while waiting for what never comes");
    }

    @Test
    void an_interrupt_that_came_before_ends_a_wait_too(MiniCluster cluster) throws Exception {
        CountDownLatch waiting = new CountDownLatch(0);

        assertInterrupted(
                () -> {
                    Thread.currentThread().interrupt();
                    cluster.awaitValue(cluster.node("vm1"), "SELECT 1", 2, Duration.ofMinutes(10));
                },
                waiting,
                "interrupted while waiting for \"SELECT 1\" on vm1 to return 2");
    }

    private static void assertInterrupted(Runnable wait, CountDownLatch waiting, String message) throws Exception {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread waiter = new Thread(() -> {
            try {
                wait.run();
            } catch (RuntimeException | Error e) {
                thrown.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        waiter.start();
        waiting.await();

        waiter.interrupt();
        waiter.join(Duration.ofSeconds(20).toMillis());

        assertThat(waiter.isAlive()).isFalse();
        assertThat(thrown.get())
                .isInstanceOf(WaitFailedException.class)
                .message()
                .startsWith(message);
        assertThat(flag).isTrue();
    }
}
