package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.container.Fixture.SUPERUSER;
import static org.pgminicluster.server.container.Fixture.connect;
import static org.pgminicluster.server.container.Fixture.execute;
import static org.pgminicluster.server.container.Fixture.query;
import static org.pgminicluster.server.container.Fixture.spec;

import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.server.Tls;
import org.pgminicluster.server.tls.Authority;

/** A container that is used again has a server like one in a container that was just made. */
@Isolated("nobody else may take the containers")
@NeedsContainers
class SpareIT {

    private static final Credentials NEXT = new Credentials("postgres", "another password");

    @TempDir
    private Path directory;

    /** What the next cluster must not find. */
    private enum Deed {
        KILLED(true, server -> {
            execute(server, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
            server.kill();
            server.start();
        }),
        STOPPED(true, server -> {
            execute(server, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
            server.stop(StopMode.FAST);
            server.start();
        }),
        PAUSED_AND_RESUMED(true, server -> {
            server.pause();
            server.resume();
        }),
        STOPPED_PROCESS(true, server -> {
            server.signal(
                    "STOP",
                    Integer.parseInt(query(
                            server, "SELECT pid::text FROM pg_stat_activity WHERE backend_type = 'checkpointer'")));
        }),
        OTHER_RULES(true, server -> {
            server.replaceHba(List.of("host all all all trust"));
            query(server, "SELECT pg_reload_conf()");
        }),
        OTHER_SETTINGS(true, server -> {
            server.stop(StopMode.FAST);
            server.configure(Map.of("work_mem", "1MB"));
            server.start();
        }),
        DOWN(false, PgServer::kill),
        PAUSED(false, PgServer::pause),
        A_PROGRAM(false, server -> server.run("rep", "psql", List.of("-c", "SELECT 1"))),
        NO_LOGIN(false, server -> execute(server, "ALTER ROLE postgres PASSWORD 'changed'"));

        /** Whether the container serves the next one all the same. */
        private final boolean goesOn;

        private final Act deed;

        Deed(boolean goesOn, Act deed) {
            this.goesOn = goesOn;
            this.deed = deed;
        }
    }

    private interface Act {
        void on(PgServer server) throws SQLException;
    }

    @BeforeEach
    void none() {
        ContainersLeft.settled();
    }

    private ServerGroup open(String name) {
        return new ContainerServers(Fixture.SETTINGS).open(name, directory.resolve(name));
    }

    private static String id(String group) {
        return Fixture.docker().listContainersCmd().exec().stream()
                .filter(container -> ContainersLeft.isOf(container, group))
                .map(Container::getId)
                .findFirst()
                .orElseThrow();
    }

    private static ServerSpec next(ServerSpec spec) {
        return new ServerSpec(
                spec.name(), "other", NEXT, spec.settings(), spec.hba(), List.of("*:*:*:somebody:secret"), 0);
    }

    @Test
    void the_next_server_of_the_container_has_nothing_of_the_one_before() throws Exception {
        ServerSpec spec = spec("vm1");
        PgServer before;
        String container;
        String system;
        try (ServerGroup group = open("first")) {
            before = group.start(List.of(spec)).get(0);
            container = id("first");
            execute(before, "CREATE TABLE t AS SELECT generate_series(1, 10000) AS id");
            execute(before, "CREATE DATABASE more");
            execute(before, "CREATE ROLE somebody");
            execute(before, "ALTER SYSTEM SET work_mem = '1MB'");
            execute(before, "SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
            execute(
                    before,
                    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/left /var/lib/postgresql/left " + Layout.FILES + "/left'");
            execute(before, "COPY (SELECT 1) TO '" + Layout.DATA + "/left'");
            system = query(before, "SELECT system_identifier::text FROM pg_control_system()");
        }

        assertThatThrownBy(() -> connect(before, "rep", SUPERUSER)).isInstanceOf(SQLException.class);
        try (ServerGroup group = open("second")) {
            PgServer server = group.start(List.of(next(spec))).get(0);

            assertThat(id("second")).isEqualTo(container);
            assertThat(Files.readString(server.log().file()))
                    .contains("starting PostgreSQL", "ready to accept connections")
                    .doesNotContain("pg_create_logical_replication_slot", "checkpoint");
            assertThatThrownBy(() -> connect(server, "rep", SUPERUSER)).isInstanceOf(SQLException.class);
            for (String nothing : List.of(
                    "pg_class WHERE relname = 't'",
                    "pg_database WHERE datname = 'more'",
                    "pg_roles WHERE rolname = 'somebody'",
                    "pg_replication_slots",
                    "pg_file_settings WHERE name = 'work_mem'",
                    "pg_ls_dir('.') AS f WHERE f = 'left'",
                    "pg_ls_dir('/tmp') AS f WHERE f = 'left'",
                    "pg_ls_dir('/var/lib/postgresql') AS f WHERE f = 'left'",
                    "pg_ls_dir('" + Layout.FILES + "') AS f")) {
                assertThat(query(server, "other", NEXT, "SELECT count(*) FROM " + nothing))
                        .as(nothing)
                        .isEqualTo("0");
            }
            assertThat(query(server, "other", NEXT, "SELECT pg_read_file('" + Layout.PASSFILE + "')"))
                    .isEqualTo("*:*:*:somebody:secret\n");
            assertThat(query(server, "other", NEXT, "SELECT system_identifier::text FROM pg_control_system()"))
                    .isEqualTo(system);
        }
        assertThat(Files.readString(before.log().file()))
                .contains("starting PostgreSQL")
                .doesNotContain(Layout.GONE, "unexpected postmaster exit");
    }

    /** What connects makes sure of the certificate, so each is the one that was made for this server. */
    @Test
    void a_server_with_tls_has_its_own_certificate_in_a_used_container_too() throws Exception {
        String container;
        String certificate;
        try (ServerGroup group = open("first")) {
            PgServer server = group.start(List.of(withTls("first"))).get(0);
            container = id("first");
            certificate = query(server, "SELECT pg_read_file('" + Layout.CERTIFICATE + "')");
            assertThat(query(server, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .isEqualTo("true");
            assertThatThrownBy(() -> connectWithoutTls(server)).hasMessageContaining("no pg_hba.conf entry");
            server.stop(StopMode.FAST);
            server.start();
            assertThat(query(server, "SHOW ssl")).isEqualTo("on");
        }
        try (ServerGroup group = open("second")) {
            PgServer server = group.start(List.of(withTls("second"))).get(0);

            assertThat(id("second")).isEqualTo(container);
            assertThat(query(server, "SELECT pg_read_file('" + Layout.CERTIFICATE + "')"))
                    .isNotEqualTo(certificate);
        }
        try (ServerGroup group = open("third")) {
            PgServer server = group.start(List.of(spec("vm1"))).get(0);

            assertThat(id("third")).isNotEqualTo(container);
            assertThat(query(server, "SHOW ssl")).isEqualTo("off");
        }
    }

    private ServerSpec withTls(String authority) throws IOException {
        ServerSpec spec = spec("vm1");
        Authority signs = Authority.of(authority);
        Path file = Files.writeString(directory.resolve(authority + ".crt"), signs.certificate());
        return new ServerSpec(
                spec.name(),
                spec.database(),
                spec.superuser(),
                spec.settings(),
                List.of("hostssl all all all scram-sha-256"),
                spec.passfile(),
                spec.port(),
                spec.postgres(),
                Optional.of(new Tls(signs, file)));
    }

    private static void connectWithoutTls(PgServer server) throws SQLException {
        Address address = server.clientAddress();
        Duration patience = Duration.ofSeconds(5);
        Connections.open(new Address(address.host(), address.port()), "rep", SUPERUSER, "test", patience, patience)
                .close();
    }

    @Test
    void other_settings_or_another_node_get_another_container() {
        String container;
        try (ServerGroup group = open("first")) {
            group.start(List.of(spec("vm1")));
            container = id("first");
        }
        try (ServerGroup group = open("second")) {
            group.start(List.of(spec("vm1", Map.of("work_mem", "2MB"), 0)));
            assertThat(id("second")).isNotEqualTo(container);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_done_to_a_server_ends_with_it(Deed deed) throws Exception {
        String container;
        try (ServerGroup group = open("first")) {
            PgServer server = group.start(List.of(spec("vm1"))).get(0);
            container = id("first");
            deed.deed.on(server);
        }
        Behind.await();
        assertThat(Fixture.docker().listContainersCmd().withShowAll(true).exec().stream()
                        .anyMatch(left -> left.getId().equals(container)))
                .as("the container is kept")
                .isEqualTo(deed.goesOn);

        try (ServerGroup group = open("second")) {
            PgServer server = group.start(List.of(spec("vm1"))).get(0);
            assertThat(id("second").equals(container)).as("and used").isEqualTo(deed.goesOn);
            assertThat(query(server, "SELECT count(*)::text FROM pg_class WHERE relname = 't'"))
                    .isEqualTo("0");
            assertThat(query(server, "SELECT setting FROM pg_settings WHERE name = 'work_mem'"))
                    .isEqualTo("4096");
            assertThatThrownBy(() -> connect(server, "rep", new Credentials("postgres", "wrong")))
                    .hasMessageContaining("password authentication failed");
            server.stop(StopMode.FAST);
            server.start();
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void a_server_whose_used_container_ends_meanwhile_gets_a_new_one() throws Exception {
        String container;
        try (ServerGroup group = open("first")) {
            execute(
                    group.start(List.of(spec("vm1"))).get(0),
                    "COPY (SELECT 1) TO PROGRAM 'rm PG_VERSION; chmod 555 .'");
            container = id("first");
        }
        try (ServerGroup group = open("second")) {
            PgServer server = group.start(List.of(spec("vm1"))).get(0);
            assertThat(id("second")).isNotEqualTo(container);
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }
}
