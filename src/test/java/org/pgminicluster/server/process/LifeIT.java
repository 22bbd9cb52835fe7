package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.process.Fixture.connect;
import static org.pgminicluster.server.process.Fixture.processes;
import static org.pgminicluster.server.process.Fixture.runs;
import static org.pgminicluster.server.process.Fixture.spec;
import static org.pgminicluster.server.process.Fixture.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ProcessState;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.StopMode;

/** A server from its start to its end, with restarts between. */
@Order(3)
@NeedsProcesses
class LifeIT {

    @TempDir
    private Path directory;

    private ServerSettings settings;
    private ProcessServers provider;
    private ServerGroup group;

    @BeforeEach
    void open() {
        settings = Fixture.settings(directory);
        provider = new ProcessServers(settings);
        group = provider.open("life", directory.resolve("log"));
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void two_servers_answer_each_with_its_own_settings_and_data() throws Exception {
        List<PgServer> servers = group.start(List.of(spec("a", Map.of("work_mem", "1MB"), 0), spec("b")));

        PgServer a = servers.get(0);
        PgServer b = servers.get(1);
        assertThat(servers).extracting(PgServer::name).containsExactly("a", "b");
        assertThat(a.kind()).isEqualTo(ServerKind.PROCESS);
        assertThat(provider.describe()).isEqualTo("PostgreSQL " + a.version());
        assertThat(a.version().full()).isEqualTo(sql(a, "SHOW server_version"));
        assertThat(a.peerAddress()).isEqualTo(a.clientAddress()).isNotEqualTo(b.clientAddress());
        assertThat(sql(a, "SHOW work_mem")).isEqualTo("1MB");
        assertThat(sql(b, "SHOW work_mem")).isEqualTo("4MB");
        sql(a, "CREATE TABLE t ()");
        assertThatThrownBy(() -> sql(b, "SELECT FROM t"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("relation \"t\" does not exist");
    }

    @Test
    void is_as_safe_as_it_says() throws Exception {
        PgServer server = group.start(List.of(spec("a"))).get(0);

        assertThat(sql(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(sql(server, "SHOW unix_socket_directories")).isEmpty();
        assertThat(sql(server, "SHOW data_checksums")).isEqualTo("on");
        assertThat(sql(server, "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(sql(server, "SELECT datcollate FROM pg_database WHERE datname = 'rep'"))
                .isEqualTo("C");
        assertThat(sql(server, "SELECT rolpassword ~ '^SCRAM-SHA-256' FROM pg_authid WHERE rolname = 'postgres'"))
                .isEqualTo("t");
        Path passfile = Path.of(server.passfile());
        assertThat(passfile).isAbsolute().hasContent("*:*:*:replicator:pass");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passfile)))
                .isEqualTo("rw-------");
        assertThat(passfile.startsWith(Fixture.data(server))).isFalse();
        String commandLines = processes(server).stream()
                .map(process -> process.info().commandLine().orElse(""))
                .toList()
                .toString();
        assertThat(commandLines + server.log().tail()).doesNotContain(Fixture.SUPERUSER.password());
        assertThatThrownBy(() -> connect(server, "rep", new Credentials("postgres", "")))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void a_restart_keeps_data_port_and_log() throws Exception {
        PgServer server = group.start(List.of(spec("a"))).get(0);
        Address address = server.clientAddress();
        sql(server, "CREATE TABLE t AS SELECT 42 AS answer");

        server.stop(StopMode.FAST);
        assertThat(server.isRunning()).isFalse();
        server.stop(StopMode.FAST);
        ServerLog.Mark mark = server.log().mark();
        server.start();

        assertThat(server.isRunning()).isTrue();
        assertThat(server.clientAddress()).isEqualTo(address);
        assertThat(sql(server, "SELECT answer FROM t")).isEqualTo("42");
        assertThat(server.log().since(mark)).contains("database system was shut down at");
        assertThat(server.log().since(new ServerLog.Mark(0))).contains("received fast shutdown request");

        server.stop(StopMode.IMMEDIATE);
        mark = server.log().mark();
        server.start();

        assertThat(server.clientAddress()).isEqualTo(address);
        assertThat(sql(server, "SELECT answer FROM t")).isEqualTo("42");
        assertThat(server.log().since(mark)).contains("database system was not properly shut down");
    }

    @Test
    void a_running_server_is_not_started_again_and_two_have_different_names() {
        PgServer server = group.start(List.of(spec("a"))).get(0);

        assertThatThrownBy(server::start)
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected a to be down when it is started, but was running; stop() or kill() it first");
        assertThatThrownBy(() -> group.start(List.of(spec("b"), spec("a"))))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected the names of servers to be different, but was a twice");
        assertThat(group.start(List.of(spec("b"))).get(0).isRunning()).isTrue();
    }

    @Test
    void names_may_have_quotes_spaces_and_other_letters() throws Exception {
        String database = "tab'le \"x\"; -- базa";
        Credentials user = new Credentials("the \"boss\"", "p'a\\ss \"word\"");
        PgServer server = group.start(List.of(spec(
                        "узел/1", database, user, List.of("host all \"the \"\"boss\"\"\" 127.0.0.1/32 scram-sha-256"))))
                .get(0);

        try (Connection connection = connect(server, database, user)) {
            assertThat(sql(connection, "SELECT current_database()")).isEqualTo(database);
            assertThat(sql(
                            connection,
                            "SELECT pg_get_userbyid(datdba) FROM pg_database" + " WHERE datname = current_database()"))
                    .isEqualTo("the \"boss\"");
            assertThat(sql(
                            connection,
                            "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
                                    + " WHERE datname <> current_database()"))
                    .isEqualTo("postgres template0 template1");
            assertThat(sql(
                            connection,
                            "SELECT rolsuper AND rolreplication FROM pg_roles" + " WHERE rolname = current_user"))
                    .isEqualTo("t");
            assertThat(sql(connection, "SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'postgres'"))
                    .isEqualTo("t");
        }
        assertThat(directory.resolve("log/%D1%83%D0%B7%D0%B5%D0%BB%2F1.log")).isRegularFile();
    }

    @Test
    void new_lines_of_pg_hba_take_effect_with_a_reload() throws Exception {
        PgServer server = group.start(List.of(spec("a"))).get(0);
        try (Connection connection = connect(server)) {
            server.replaceHba(List.of("host all all 127.0.0.1/32 reject"));
            sql(connection, "SELECT pg_reload_conf()");
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> connect(server).close())
                                    .isInstanceOf(SQLException.class)
                                    .hasMessageContaining("pg_hba.conf rejects connection"));
            assertThat(sql(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void close_takes_processes_and_directories_away_and_leaves_the_log() throws Exception {
        List<PgServer> servers = group.start(List.of(spec("a"), spec("b")));
        Set<ProcessHandle> processes = processes(servers.get(0));
        processes.addAll(processes(servers.get(1)));
        assertThat(runs(settings)).hasSize(1);

        group.close();
        group.close();
        servers.forEach(PgServer::close);

        assertThat(processes).allMatch(ProcessState::isGone);
        assertThat(runs(settings)).isEmpty();
        assertThat(directory.resolve("log/a.log")).content().contains("database system is ready");
        assertThatThrownBy(() -> servers.get(0).start())
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected a to be open, but was closed");
        assertThatThrownBy(() -> group.start(List.of(spec("c"))))
                .isInstanceOf(MiniClusterException.class)
                .hasMessageMatching("expected the servers in .*/run-\\d+-\\d+-life to be open, but was closed");
    }

    @Test
    void close_by_an_interrupted_thread_leaves_nothing_running() throws Exception {
        List<PgServer> servers = group.start(List.of(spec("a"), spec("b")));
        Set<ProcessHandle> processes = processes(servers.get(0));
        processes.addAll(processes(servers.get(1)));

        Thread.currentThread().interrupt();
        servers.get(0).close();
        group.close();

        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(processes).allMatch(ProcessState::isGone);
        assertThat(runs(settings)).isEmpty();
    }
}
