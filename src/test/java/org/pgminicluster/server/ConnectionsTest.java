package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.postgresql.ds.PGSimpleDataSource;

/** How servers are connected to, and what becomes of it if one does not answer. */
class ConnectionsTest {

    @Test
    void a_url_says_by_which_certificate_a_server_is_known() {
        assertThat(Connections.url(new Address("127.0.0.1", 5433), "my base"))
                .isEqualTo("jdbc:postgresql://127.0.0.1:5433/my+base");
        assertThat(Connections.url(new Address("127.0.0.1", 5433, Optional.of(Path.of("/a b&c", "root.crt"))), "rep"))
                .isEqualTo("jdbc:postgresql://127.0.0.1:5433/rep?sslmode=verify-full"
                        + "&sslrootcert=%2Fa+b%26c%2Froot.crt");
    }

    @Test
    void the_driver_reads_the_same_out_of_it() {
        Path file = Path.of("/a b&c+%41", "root.crt");
        PGSimpleDataSource source = (PGSimpleDataSource) Connections.dataSource(
                new Address("127.0.0.1", 5433, Optional.of(file)), "rep", new Credentials("postgres", "pass"));

        assertThat(source.getSslMode()).isEqualTo("verify-full");
        assertThat(source.getSslRootCert()).isEqualTo(file.toString());
    }

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
