package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.relay.NeedsRelay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.tls.Authority;
import org.pgminicluster.topology.Topology;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Servers that speak TLS and nothing else, and make sure of each other.
 *
 * @see <a href="https://www.postgresql.org/docs/13/libpq-ssl.html#LIBPQ-SSL-PROTECTION">Protection Provided in Different
 *     Modes</a>
 */
@TestInstance(Lifecycle.PER_CLASS)
@RequiresStandbys
class TlsIT {

    private static final String TALKS_TLS = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private static final String FOLLOWERS =
            "SELECT r.application_name, s.ssl FROM pg_stat_replication r JOIN pg_stat_ssl s USING (pid)";

    private static final String OVER_TCP_WITHOUT = "SELECT a.application_name FROM pg_stat_activity a"
            + " JOIN pg_stat_ssl s USING (pid) WHERE a.client_addr IS NOT NULL AND NOT s.ssl";

    private static final String CONNINFO = "SELECT subconninfo FROM pg_subscription";

    private MiniCluster cluster;
    private Node vm1;
    private Node vm2;
    private Node vm3;

    private static Topology.Builder oneWay() {
        return Topology.named("tls")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("vm1", n -> n.publishes("items", "item").seed("INSERT INTO item VALUES (0, 'seed')"))
                .node("vm2", n -> n.subscribes("items_sub", "vm1", "items"));
    }

    @BeforeAll
    void start() {
        // Whatever can be logged is.
        cluster = MiniCluster.of(oneWay().tls()
                        .setting("log_statement", "all")
                        .setting("log_min_duration_statement", "0")
                        .standby("vm3")
                        .of("vm2")
                        .build())
                .name("TlsIT")
                .start();
        vm1 = cluster.node("vm1");
        vm2 = cluster.node("vm2");
        vm3 = cluster.node("vm3");
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void rows_reach_the_copy_and_its_standby_by_tls_alone() {
        vm1.execute("INSERT INTO item VALUES (1, 'by TLS')");

        assertThat(cluster).table("item").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm1).query(FOLLOWERS).hasRows(row("items_sub", true));
        assertThat(vm2).query(FOLLOWERS).hasRows(row("vm3", true));
        for (Node node : cluster.nodes()) {
            assertThat(node).query(OVER_TCP_WITHOUT).isEmpty();
        }
    }

    /** The server's words differ: "SSL off" before 14, "no encryption" from then on. */
    @Test
    void whoever_comes_without_tls_is_refused() {
        assertThatThrownBy(() -> connect(vm1, url(vm1) + "?sslmode=disable"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no pg_hba.conf entry for host")
                .hasMessageMatching("(?s).*(SSL off|no encryption).*");
        assertThat(vm2)
                .rejects(subscribing(conninfo("plain_sub").with("sslmode", "disable")))
                .withMessageContaining("no pg_hba.conf entry for");
    }

    @Test
    void a_pool_of_ones_own_speaks_tls_too(@TempDir Path directory) throws SQLException, IOException {
        assertThat(vm1.jdbcUrl()).startsWith(url(vm1) + "?sslmode=verify-full&sslrootcert=");
        assertThat(talksTls(connect(vm1, vm1.jdbcUrl()))).isTrue();
        assertThat(talksTls(vm3.dataSource().getConnection())).isTrue();

        Path other = Files.writeString(
                directory.resolve("other.crt"), Authority.of("other").certificate());
        assertThatThrownBy(() -> connect(vm1, url(vm1) + "?sslmode=verify-full&sslrootcert=" + other))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("SSL error");
    }

    @Test
    void a_server_that_another_authority_has_signed_is_not_believed() {
        String file = vm2.query("SHOW data_directory").value() + "/other.crt";
        vm2.execute("COPY (SELECT unnest(string_to_array("
                + Sql.literal(Authority.of("other").certificate().strip()) + ", E'\\n'))) TO " + Sql.literal(file));

        assertThat(vm2)
                .rejects(subscribing(conninfo("other_sub").with("sslrootcert", file)))
                .withMessageContaining("certificate verify failed");
    }

    @Test
    void a_server_of_another_name_is_not_believed() {
        String address =
                String.valueOf(vm1.query("SELECT host(inet_server_addr())").value());

        assertThat(vm2)
                .rejects(subscribing(conninfo("vm9_sub").with("host", "vm9").with("hostaddr", address)))
                .withMessageContaining("does not match host name \"vm9\"");
    }

    @Test
    @NeedsRelay
    void a_link_that_is_slow_still_makes_sure_of_the_publisher() {
        String direct = String.valueOf(vm2.query(CONNINFO).value());

        try (Fault slow = cluster.faults().slow(vm2, "items_sub", Slowness.latency(Duration.ofMillis(20)))) {
            vm1.execute("INSERT INTO item VALUES (2, 'slowly')");

            cluster.awaitReplicated(vm2, "items_sub");
            assertThat(vm2.query(CONNINFO).value())
                    .as(slow.proof())
                    .contains("sslmode=verify-full")
                    .isNotEqualTo(direct);
            assertThat(vm1).query(FOLLOWERS).hasRows(row("items_sub", true));
        }
        assertThat(vm2).query(CONNINFO).hasValue(direct);
        assertThat(cluster).table("item").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_cut_link_is_refused_by_tls_too_and_comes_back() {
        try (Fault cut = cluster.faults().cut(vm1, vm2)) {
            vm1.execute("INSERT INTO item VALUES (3, 'while cut')");
            assertThat(vm1).as(cut.proof()).query(FOLLOWERS).isEmpty();
        }
        assertThat(cluster).table("item").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    void a_restart_keeps_it() throws SQLException {
        vm1.restart();
        vm3.restart();

        vm1.execute("INSERT INTO item VALUES (4, 'after a restart')");
        assertThat(cluster).table("item").convergesOn("vm1", "vm2", "vm3");
        assertThat(talksTls(connect(vm1, vm1.jdbcUrl()))).isTrue();
    }

    @Test
    void no_private_key_is_in_what_is_left_of_a_cluster() throws IOException {
        try (Stream<Path> files = Files.walk(cluster.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("PRIVATE KEY");
            }
        }
        assertThat(cluster.directory().resolve("root.crt")).content().startsWith("-----BEGIN CERTIFICATE-----");
    }

    @Test
    @RequiresProgram("pg_dump")
    void client_programs_are_let_in() {
        assertThat(vm1.program("pg_dump", "--table=item").output()).contains("COPY public.item");
    }

    @Test
    @RequiresServers(value = ServerKind.CONTAINER, because = "processes run in no container")
    void a_container_that_is_handed_out_is_connected_to_by_tls() throws SQLException {
        PostgreSQLContainer container = vm1.unwrap(PostgreSQLContainer.class);

        assertThat(container.getJdbcUrl()).isEqualTo(vm1.jdbcUrl());
        assertThat(talksTls(container.createConnection(""))).isTrue();
    }

    @Test
    void a_failover_and_the_way_back_go_by_tls() {
        Topology topology = oneWay().tls().standby("vm3").guarded().of("vm2").build();
        try (MiniCluster pair = MiniCluster.of(topology).name("TlsIT.failover").start()) {
            Node publisher = pair.node("vm1");
            pair.node("vm2").kill();
            pair.failOver("vm2", "vm3");
            publisher.execute("INSERT INTO item VALUES (1, 'after the failover')");
            assertThat(pair).table("item").convergesOn("vm1", "vm3");
            assertThat(publisher).query(FOLLOWERS).hasRows(row("items_sub", true));

            pair.standbys().rejoin(pair.node("vm2"));
            assertThat(pair).table("item").convergesOn("vm1", "vm2", "vm3");
            assertThat(pair.node("vm3")).query(FOLLOWERS).hasRows(row("vm2", true));
        }
    }

    @Test
    void servers_that_are_lent_speak_it_too() throws SQLException {
        try (FreshDatabases servers =
                FreshDatabases.start(MiniCluster.of(oneWay().tls().build()).name("TlsIT.lent"))) {
            for (int each = 1; each <= 2; each++) {
                try (MiniCluster lent = servers.next("TlsIT.lent-" + each).start()) {
                    lent.node("vm1").execute("INSERT INTO item VALUES (1, 'lent')");
                    assertThat(lent).table("item").convergesOn("vm1", "vm2");
                    assertThat(talksTls(
                                    connect(lent.node("vm2"), lent.node("vm2").jdbcUrl())))
                            .isTrue();
                }
            }
        }
    }

    /** A container may be the one that the cluster before had. */
    @Test
    void a_cluster_knows_nothing_of_the_one_before_it() throws SQLException {
        Path before;
        try (MiniCluster first =
                MiniCluster.of(oneWay().tls().build()).name("TlsIT.first").start()) {
            before = first.directory().resolve("root.crt");
            assertThat(first).table("item").convergesOn("vm1", "vm2");
        }
        try (MiniCluster second =
                MiniCluster.of(oneWay().tls().build()).name("TlsIT.second").start()) {
            assertThat(second).table("item").convergesOn("vm1", "vm2");
            Node node = second.node("vm1");
            assertThatThrownBy(() -> connect(node, url(node) + "?sslmode=verify-full&sslrootcert=" + before))
                    .hasMessageContaining("SSL error");
        }
        try (MiniCluster plain =
                MiniCluster.of(oneWay().build()).name("TlsIT.plain").start()) {
            assertThat(plain).table("item").convergesOn("vm1", "vm2");
            Node node = plain.node("vm1");
            assertThat(node).query("SHOW ssl").hasValue("off");
            assertThat(node.jdbcUrl()).isEqualTo(url(node));
            assertThat(talksTls(connect(node, node.jdbcUrl()))).isFalse();
        }
    }

    private static String url(Node node) {
        return "jdbc:postgresql://" + node.address() + "/rep";
    }

    private static Connection connect(Node node, String url) throws SQLException {
        return DriverManager.getConnection(url, node.user(), node.password());
    }

    private static boolean talksTls(Connection connection) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(TALKS_TLS)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private Conninfo conninfo(String subscription) {
        return Conninfo.parse(vm2.conninfoTo(vm1, subscription));
    }

    private static String subscribing(Conninfo conninfo) {
        return "CREATE SUBSCRIPTION refused CONNECTION " + Sql.literal(conninfo.toString()) + " PUBLICATION items";
    }
}
