package org.pgminicluster.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayTest {

    private static final Slowness NONE = Slowness.latency(Duration.ZERO);

    private Echo echo;

    @BeforeEach
    void listen() throws IOException {
        echo = new Echo();
    }

    @AfterEach
    void close() throws IOException {
        echo.close();
    }

    private Relay relay(Slowness slowness) {
        return Relay.open(InetAddress.getLoopbackAddress(), echo::address, slowness);
    }

    private static Socket connect(Relay relay) throws IOException {
        return new Socket(relay.address().getAddress(), relay.address().getPort());
    }

    /** Sends all, says that it was all, and returns what comes back to the end. */
    private static byte[] roundTrip(Socket socket, byte[] sent) throws IOException {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        byte[] received = socket.getInputStream().readAllBytes();
        sending.join();
        return received;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static long millisOf(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private interface Work {
        void run() throws IOException;
    }

    @Test
    void bytes_come_whole_and_in_order_under_jitter_and_the_last_word_after_a_half_close() throws IOException {
        byte[] sent = random(1_000_000);
        try (Relay relay = relay(NONE.withJitter(Duration.ofMillis(20)));
                Socket socket = connect(relay)) {
            byte[] received = roundTrip(socket, sent);

            assertThat(received).hasSize(sent.length + 1).endsWith('.').startsWith(sent);
        }
    }

    @Test
    void every_byte_is_late_in_both_directions() throws IOException {
        try (Relay relay = relay(Slowness.latency(Duration.ofMillis(150)));
                Socket socket = connect(relay)) {
            assertThat(millisOf(() -> roundTrip(socket, random(1)))).isGreaterThanOrEqualTo(300);
        }
    }

    @Test
    void many_bytes_are_under_way_at_the_same_time() throws IOException {
        try (Relay relay = relay(Slowness.latency(Duration.ofMillis(300)));
                Socket socket = connect(relay)) {
            // Were each piece of 16 kB delayed after the one before, it would be 2 x 128 x 0.3 s.
            assertThat(millisOf(() -> roundTrip(socket, random(2_000_000)))).isBetween(600L, 15_000L);
        }
    }

    @Test
    void no_more_bytes_pass_in_a_second_than_was_said() throws IOException {
        try (Relay relay = relay(Slowness.rate(100_000));
                Socket socket = connect(relay)) {
            assertThat(millisOf(() -> roundTrip(socket, random(80_000)))).isGreaterThanOrEqualTo(700);
        }
    }

    @Test
    void closing_ends_connections_threads_and_the_port() throws IOException {
        Relay relay = relay(Slowness.latency(Duration.ofSeconds(60)));
        InetSocketAddress address = relay.address();
        try (Socket socket = connect(relay)) {
            socket.getOutputStream().write("under way".getBytes(StandardCharsets.UTF_8));
            Awaitility.await().until(() -> relay.connections() == 1);

            relay.close();
            relay.close();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                .isInstanceOf(ConnectException.class);
        assertThat(relay.connections()).isZero();
        Awaitility.await().untilAsserted(() -> assertThat(relayThreads()).isEmpty());
    }

    /** Many times: the thread in accept() keeps the port for a moment, and only now and then long enough to be seen. */
    @Test
    void nobody_is_let_in_once_closing_has_returned() throws IOException {
        for (int i = 0; i < 500; i++) {
            Relay relay = relay(NONE);
            InetSocketAddress address = relay.address();
            connect(relay).close();

            relay.close();

            assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    private static List<String> relayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("pg-minicluster-relay"))
                .toList();
    }

    @Test
    void a_connection_that_ends_leaves_no_thread_while_the_relay_goes_on() throws IOException {
        try (Relay relay = relay(NONE)) {
            try (Socket socket = connect(relay)) {
                roundTrip(socket, random(10));
            }
            Awaitility.await().untilAsserted(() -> assertThat(relayThreads()).containsExactly("pg-minicluster-relay"));
            assertThat(relay.connections()).isZero();
            try (Socket socket = connect(relay)) {
                assertThat(roundTrip(socket, new byte[] {'a'})).containsExactly('a', '.');
            }
        }
    }

    @Test
    void whoever_cannot_be_passed_on_is_closed() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) free.getLocalSocketAddress();
        }
        try (Relay relay = Relay.open(InetAddress.getLoopbackAddress(), () -> nobody, NONE);
                Socket socket = connect(relay)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(relay.connections()).isZero();
        }
    }

    @Test
    void the_way_up_is_asked_for_at_every_connection() throws IOException {
        try (Echo second = new Echo()) {
            List<InetSocketAddress> ways = new ArrayList<>(List.of(echo.address(), second.address()));
            List<InetSocketAddress> taken = new ArrayList<>();
            try (Relay relay = Relay.open(
                    InetAddress.getLoopbackAddress(),
                    () -> {
                        taken.add(ways.remove(0));
                        return taken.get(taken.size() - 1);
                    },
                    NONE)) {
                for (int i = 0; i < 2; i++) {
                    try (Socket socket = connect(relay)) {
                        roundTrip(socket, random(1));
                    }
                }
            }
            assertThat(taken).containsExactly(echo.address(), second.address());
        }
    }

    @Test
    void a_negative_slowness_is_refused() {
        assertThatThrownBy(() -> Slowness.latency(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected latency, jitter and bytes per second to be 0 or more, but was PT-0.001S, PT0S, 0");
    }
}
