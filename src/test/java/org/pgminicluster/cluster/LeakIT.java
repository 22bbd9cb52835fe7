package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.topology.Topology;

/**
 * Clusters leave nothing behind but their logs: many of them, at once, interrupted, or closed by a thread that is. What is
 * looked for is of the whole JVM, so nothing may run beside it.
 */
@Isolated
class LeakIT {

    private static final Topology PAIR = Topology.named("leak")
            .schema("CREATE TABLE item (id integer PRIMARY KEY)")
            .node("till", n -> n.publishes("items", "item"))
            .node("copy", n -> n.subscribes("items_copy", "till", "items"))
            .build();

    /** The first clusters also open what stays for all: connections to the engine, templates, classes. */
    @BeforeAll
    static void warmUp() {
        fourAtOnce();
    }

    private static List<Address> useOne() {
        try (MiniCluster cluster = MiniCluster.of(PAIR).name("leak").start()) {
            cluster.node("till").execute("INSERT INTO item VALUES (1)");
            cluster.awaitReplicated();
            return cluster.nodes().stream().map(Node::address).toList();
        }
    }

    private static List<Address> fourAtOnce() {
        List<CompletableFuture<List<Address>>> begun = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "leak-" + i;
            begun.add(CompletableFuture.supplyAsync(
                    () -> {
                        try (MiniCluster cluster =
                                MiniCluster.of(PAIR).name(name).start()) {
                            cluster.awaitReplicated();
                            return cluster.nodes().stream().map(Node::address).toList();
                        }
                    },
                    runnable -> new Thread(runnable, name).start()));
        }
        return begun.stream().flatMap(one -> one.join().stream()).toList();
    }

    @Test
    void twenty_clusters_one_after_the_other_and_four_at_once_leave_nothing_behind() {
        Standing before = Standing.now();
        List<Address> used = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            used.addAll(useOne());
        }
        used.addAll(fourAtOnce());

        awaitNothingMoreThan(before);
        assertThat(used).allSatisfy(LeakIT::isClosed);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 60, 120, 250, 400, 600, 900, 1300, 2000})
    void a_start_that_is_interrupted_leaves_nothing_behind(int millis) throws InterruptedException {
        Standing before = Standing.now();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        CompletableFuture<RuntimeException> failure = new CompletableFuture<>();
        Thread starting = new Thread(() -> {
            try {
                MiniCluster.of(PAIR).name("leak").start().close();
                failure.complete(new MiniClusterException("it was faster than the interrupt"));
            } catch (RuntimeException e) {
                failure.complete(e);
            } finally {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });

        starting.start();
        starting.join(Math.max(1, millis));
        starting.interrupt();

        assertThat(failure.orTimeout(60, java.util.concurrent.TimeUnit.SECONDS).join())
                .isInstanceOf(MiniClusterException.class);
        assertThat(flag.join() || String.valueOf(failure.join().getMessage()).contains("faster"))
                .isTrue();
        starting.join();
        awaitNothingMoreThan(before);
    }

    @Test
    void a_thread_that_is_interrupted_closes_a_cluster_all_the_same() {
        Standing before = Standing.now();
        MiniCluster cluster = MiniCluster.of(PAIR).name("leak").start();
        Address address = cluster.node("till").address();

        Thread.currentThread().interrupt();
        cluster.close();

        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        isClosed(address);
        awaitNothingMoreThan(before);
    }

    @Test
    void a_set_up_that_fails_leaves_nothing_behind() {
        Standing before = Standing.now();
        Topology broken = Topology.named("leak")
                .schema("CREATE TABLE item (id nonsense)")
                .node("till")
                .build();

        assertThatThrownBy(() -> MiniCluster.of(broken).name("leak").start()).hasMessageContaining("nonsense");

        awaitNothingMoreThan(before);
    }

    /** What ends by itself may take a moment: threads, and the sockets of connections that were cut. */
    private static void awaitNothingMoreThan(Standing before) {
        Awaitility.await()
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Standing.now().beyond(before)).isEmpty());
    }

    /** A container engine may keep the port open for the next cluster, but nobody answers there. */
    private static void isClosed(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), 1000);
            socket.setSoTimeout(1000);
            // A server would answer the question whether it talks SSL.
            socket.getOutputStream().write(new byte[] {0, 0, 0, 8, 4, (byte) 210, 22, 47});
            assertThat(socket.getInputStream().read())
                    .as("answer from %s", address)
                    .isEqualTo(-1);
        } catch (SocketException closed) {
            // As it should be.
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
