package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Connections to whoever does not answer. */
class ConnectionsTest {

    /** The driver counts in seconds, and takes none for ever. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void a_timeout_below_a_second_ends_too() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address address = new Address("127.0.0.1", silent.getLocalPort());

            assertThatThrownBy(() -> Connections.open(
                            address,
                            "rep",
                            new Credentials("postgres", "pass"),
                            "test",
                            Duration.ofMillis(100),
                            Duration.ofMillis(100)))
                    .isInstanceOf(SQLException.class);
        }
    }
}
