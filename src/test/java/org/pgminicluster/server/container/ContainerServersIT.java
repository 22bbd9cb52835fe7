package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.container.Fixture.SUPERUSER;
import static org.pgminicluster.server.container.Fixture.execute;
import static org.pgminicluster.server.container.Fixture.holdings;
import static org.pgminicluster.server.container.Fixture.open;
import static org.pgminicluster.server.container.Fixture.query;
import static org.pgminicluster.server.container.Fixture.spec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.container.Fixture.Holdings;

@NeedsContainers
class ContainerServersIT {

    @Test
    void servers_of_a_group_replicate_by_name_with_the_password_of_the_passfile() throws Exception {
        try (ServerGroup group = open("pair")) {
            List<PgServer> servers = group.start(List.of(spec("vm1"), spec("vm2")));
            PgServer vm1 = servers.get(0);
            PgServer vm2 = servers.get(1);
            execute(vm1, "CREATE ROLE replicator LOGIN REPLICATION PASSWORD '" + Fixture.PASSFILE_SECRET + "'");
            execute(vm1, "CREATE TABLE t AS SELECT 1 AS id");
            execute(vm1, "GRANT SELECT ON t TO replicator");
            execute(vm1, "CREATE PUBLICATION t_pub FOR TABLE t");
            execute(vm2, "CREATE TABLE t (id int)");

            execute(
                    vm2,
                    "CREATE SUBSCRIPTION t_sub CONNECTION 'host="
                            + vm1.peerAddress().host() + " port="
                            + vm1.peerAddress().port() + " dbname=rep user=replicator passfile=" + vm2.passfile()
                            + "' PUBLICATION t_pub");

            Fixture.await().until(() -> query(vm2, "SELECT count(*) FROM t").equals("1"));
            assertThat(vm1.name()).isEqualTo("vm1");
            assertThat(vm1.kind()).isEqualTo(ServerKind.CONTAINER);
            assertThat(vm1.version().full())
                    .isEqualTo(query(vm1, "SHOW server_version").split(" ")[0]);
        }
    }

    @Test
    void a_server_is_what_its_spec_says_whatever_the_names_are() throws Exception {
        Credentials admin = new Credentials("the \"admin\" кто", "it's");
        ServerSpec odd = new ServerSpec(
                "odd",
                "my \"rep\" база",
                admin,
                Map.of("log_statement", "all", "synchronous_standby_names", "*", "default_transaction_read_only", "on"),
                List.of("host \"my \"\"rep\"\" база\" all all scram-sha-256"),
                List.of("a\\:b:*:*:x:y\\\\z"),
                0);
        try (ServerGroup group = open("odd")) {
            PgServer server = group.start(List.of(odd)).get(0);

            assertThat(query(server, odd.database(), admin, "SELECT current_user::text"))
                    .isEqualTo(admin.user());
            assertThat(query(server, odd.database(), admin, "SHOW data_checksums"))
                    .isEqualTo("on");
            assertThat(query(server, odd.database(), admin, "SHOW synchronous_standby_names"))
                    .isEqualTo("*");
            assertThat(query(server, odd.database(), admin, "SELECT pg_read_file('" + server.passfile() + "')"))
                    .isEqualTo("a\\:b:*:*:x:y\\\\z\n");
            assertThat(query(
                            server,
                            odd.database(),
                            admin,
                            "SELECT string_agg(datname, ' ') FROM pg_database" + " WHERE datname = 'rep'"))
                    .isNull();
            assertThat(Files.readString(server.log().file())).doesNotContain("SCRAM-SHA-256", "y\\\\z");
            server.kill();
            server.start();
            assertThat(query(server, odd.database(), admin, "SELECT 'back'")).isEqualTo("back");
        }
    }

    @Test
    void a_setting_that_is_wrong_is_told_with_the_log_and_leaves_nothing() {
        try (ServerGroup group = open("wrong")) {
            assertThatThrownBy(() -> group.start(List.of(spec("vm1"), spec("vm2", Map.of("wal_level", "lgical"), 0))))
                    .isInstanceOf(ServerFailedException.class)
                    .hasMessageStartingWith(
                            "vm2 was expected to start, but exited; the end of its log says why\nlast lines of vm2.log:\n")
                    .hasMessageContaining("invalid value for parameter \"wal_level\": \"lgical\"");
            assertThat(holdings("wrong").containers()).isZero();
        }
        assertThat(holdings("wrong")).isEqualTo(Holdings.NONE);
    }

    @Test
    void an_hba_line_that_is_wrong_is_told() {
        ServerSpec wrong = new ServerSpec(
                "vm1", "rep", SUPERUSER, Map.of(), List.of("host all all all scrum-sha-256"), List.of(), 0);
        try (ServerGroup group = open("hba")) {
            assertThatThrownBy(() -> group.start(List.of(wrong)))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage("expected the line \"host all all all scrum-sha-256\" of pg_hba.conf of vm1 to be"
                            + " valid, but was not: invalid authentication method \"scrum-sha-256\"");
        }
    }

    @Test
    void a_port_that_is_taken_is_told_and_can_be_had_later() throws Exception {
        try (ServerGroup group = open("port")) {
            int port;
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = taken.getLocalPort();
                assertThatThrownBy(() -> group.start(List.of(spec("vm1", Map.of(), taken.getLocalPort()))))
                        .isInstanceOf(EnvironmentException.class)
                        .hasMessage("expected the port " + port + " of vm1 to be free on this machine, but was taken;"
                                + " stop what listens there, choose another port, or choose none and take any free"
                                + " one");
            }

            PgServer vm1 = group.start(List.of(spec("vm1", Map.of(), port))).get(0);

            assertThat(vm1.clientAddress()).isEqualTo(new Address("127.0.0.1", port));
            assertThatThrownBy(() -> group.start(List.of(spec("vm2", Map.of(), port))))
                    .hasMessageStartingWith("expected the port " + port + " of vm2 to be free");
            assertThat(query(vm1, "SELECT 'still there'")).isEqualTo("still there");
        }
    }

    @Test
    void close_removes_everything_and_may_be_called_again() throws Exception {
        // Another build may run the same test at the same engine.
        String name = "closed-" + ProcessHandle.current().pid();
        ServerGroup group = open(name);
        List<PgServer> servers = group.start(List.of(spec("vm1"), spec("vm2"), spec("vm3")));
        assertThat(holdings(name)).isEqualTo(new Holdings(3, 0));
        assertThat(volumesOf(name))
                .as("anonymous volumes for what the image declares")
                .isEmpty();
        servers.get(0).pause();
        servers.get(1).kill();
        servers.get(2).close();
        servers.get(2).close();
        assertThat(holdings(name)).isEqualTo(new Holdings(2, 0));

        group.close();
        group.close();

        assertThat(holdings(name)).isEqualTo(Holdings.NONE);
        assertThat(servers).noneMatch(PgServer::isRunning);
        assertThatThrownBy(() -> servers.get(0).start()).hasMessage("expected vm1 to be open, but was closed");
        assertThatThrownBy(() -> group.start(List.of(spec("vm4")))).hasMessageContaining("but was closed");
    }

    @Test
    void passwords_are_not_for_everyone_who_may_look_at_the_container() throws Exception {
        try (ServerGroup group = open("secrets")) {
            PgServer vm1 = group.start(List.of(spec("vm1"))).get(0);

            String inspected = new ObjectMapper()
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .writeValueAsString(inspect("secrets"));

            assertThat(inspected).contains("wal_level=logical");
            assertThat(inspected).doesNotContain(Fixture.PASSFILE_SECRET, SUPERUSER.password());
            assertThat(query(vm1, "SELECT (pg_stat_file('" + vm1.passfile() + "')).size > 0"))
                    .isEqualTo("t");
            String template = Objects.requireNonNull(
                    inspect("secrets").getConfig().getLabels().get(TemplateImage.PASSWORD_LABEL));
            assertThatThrownBy(() -> query(vm1, "rep", new Credentials("postgres", template), "SELECT 1"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    private static InspectContainerResponse inspect(String group) {
        return Fixture.docker().inspectContainerCmd(idsOf(group).get(0)).exec();
    }

    private static List<String> idsOf(String group) {
        return Fixture.docker().listContainersCmd().withShowAll(true).exec().stream()
                .filter(container -> ContainersLeft.isOf(container, group))
                .map(Container::getId)
                .toList();
    }

    private static Set<String> volumesOf(String group) {
        return idsOf(group).stream()
                .map(id -> Fixture.docker().inspectContainerCmd(id).exec())
                .flatMap(container -> Objects.requireNonNull(container.getMounts()).stream())
                .map(mount -> String.valueOf(mount.getName()))
                .collect(Collectors.toSet());
    }
}
