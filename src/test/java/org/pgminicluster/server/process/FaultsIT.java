package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.process.Fixture.connect;
import static org.pgminicluster.server.process.Fixture.connectImpatiently;
import static org.pgminicluster.server.process.Fixture.processes;
import static org.pgminicluster.server.process.Fixture.runs;
import static org.pgminicluster.server.process.Fixture.spec;
import static org.pgminicluster.server.process.Fixture.sql;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ProcessState;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.StopMode;

/** What can be done to a running server: kill it, freeze it, send a signal to one of its processes. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such signals")
@Order(3)
@NeedsProcesses
class FaultsIT {

    @TempDir
    private Path directory;

    private ServerSettings settings;
    private ServerGroup group;
    private PgServer server;

    @BeforeEach
    void start() {
        settings = Fixture.settings(directory);
        group = new ProcessServers(settings).open("faults", directory.resolve("log"));
        server = group.start(List.of(spec("a"))).get(0);
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void a_killed_server_leaves_no_process_and_recovers_what_was_committed() throws Exception {
        sql(server, "CREATE TABLE t AS SELECT 42 AS answer");
        try (Connection idle = connect(server)) {
            assertThat(sql(idle, "SELECT 1")).isEqualTo("1");
            Set<ProcessHandle> processes = processes(server);
            assertThat(processes).hasSizeGreaterThan(5);

            server.kill();

            assertThat(processes).allMatch(ProcessState::isGone);
        }
        assertThat(server.isRunning()).isFalse();
        server.kill();
        ServerLog.Mark mark = server.log().mark();
        server.start();

        assertThat(sql(server, "SELECT answer FROM t")).isEqualTo("42");
        assertThat(server.log().since(mark)).contains("database system was interrupted");
    }

    @Test
    void a_postmaster_that_somebody_else_killed_is_started_again_when_its_orphans_are_gone() throws Exception {
        Set<ProcessHandle> processes = processes(server);
        ProcessHandle.of(PostmasterPid.read(Fixture.data(server)).pid().orElseThrow())
                .orElseThrow()
                .destroyForcibly();
        Awaitility.await().until(() -> !server.isRunning());

        server.start();

        assertThat(processes).allMatch(ProcessState::isGone);
        assertThat(sql(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_paused_server_is_silent_and_answers_when_it_is_resumed() throws Exception {
        try (Connection open = connectImpatiently(server)) {
            server.pause();
            server.pause();

            assertThat(server.isRunning()).isTrue();
            assertThatThrownBy(() -> sql(open, "SELECT 1"))
                    .isInstanceOf(SQLException.class)
                    .hasRootCauseInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(() -> server.stop(StopMode.FAST))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage("expected a to be awake when it is stopped, but was paused; resume() it first");
        }
        server.resume();

        assertThat(sql(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc shows whether a process has stopped")
    void no_process_of_a_paused_server_runs_even_when_children_are_being_born() throws Exception {
        Thread connecting = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    connectImpatiently(server).close();
                } catch (SQLException e) {
                    // That is what a paused server does to one that connects.
                }
            }
        });
        connecting.start();
        try {
            for (int i = 0; i < 10; i++) {
                server.pause();
                assertThat(states(processes(server))).containsOnly('T');
                server.resume();
            }
        } finally {
            connecting.interrupt();
            connecting.join();
        }
        assertThat(sql(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_paused_server_can_be_killed_and_started() throws Exception {
        server.pause();
        server.kill();
        assertThatThrownBy(server::resume)
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected a to be running when it is resumed, but was down; start() it first");

        server.start();

        assertThat(sql(server, "SELECT 1")).isEqualTo("1");
        server.stop(StopMode.FAST);
    }

    @Test
    void a_paused_server_can_be_closed() throws Exception {
        server.pause();
        Set<ProcessHandle> processes = processes(server);

        group.close();

        assertThat(processes).allMatch(ProcessState::isGone);
        assertThat(runs(settings)).isEmpty();
    }

    @Test
    void a_signal_reaches_one_backend_and_no_other() throws Exception {
        try (Connection frozen = connectImpatiently(server);
                Connection ended = connect(server);
                Connection other = connect(server)) {
            int frozenPid = Integer.parseInt(sql(frozen, "SELECT pg_backend_pid()"));
            int pid = Integer.parseInt(sql(ended, "SELECT pg_backend_pid()"));

            server.signal("STOP", frozenPid);
            assertThatThrownBy(() -> sql(frozen, "SELECT 1")).hasRootCauseInstanceOf(SocketTimeoutException.class);
            assertThat(sql(other, "SELECT 1")).isEqualTo("1");
            // Awake it finds its client gone and ends by itself, so the next signal goes to another.
            server.signal("CONT", frozenPid);

            server.signal("TERM", pid);
            Awaitility.await()
                    .until(() -> sql(other, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid)
                            .equals("0"));
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void a_signal_to_a_stranger_is_refused() {
        int stranger = Math.toIntExact(ProcessHandle.current().pid());

        assertThatThrownBy(() -> server.signal("TERM", stranger))
                .isInstanceOf(MiniClusterException.class)
                .hasMessageMatching("expected the pid to be that of a process of a \\[[0-9, ]+], but was " + stranger);
        assertThatThrownBy(() -> server.signal("-9 1", 1))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected a signal to be a name such as STOP or TERM, but was \"-9 1\"");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc lists the segments")
    void killed_servers_leave_no_shared_memory() throws Exception {
        List<Long> segments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            segments.add(
                    PostmasterPid.read(Fixture.data(server)).sharedMemoryId().orElseThrow());
            server.kill();
            server.start();
        }
        segments.add(PostmasterPid.read(Fixture.data(server)).sharedMemoryId().orElseThrow());
        server.kill();
        group.close();

        String table = Files.readString(Path.of("/proc/sysvipc/shm"));
        assertThat(segments)
                .noneMatch(id -> table.lines()
                        .anyMatch(line -> line.strip().split("\\s+")[1].equals(id.toString())));
    }

    private static Set<Character> states(Set<ProcessHandle> processes) {
        return processes.stream()
                .filter(process -> !ProcessState.isGone(process))
                .map(FaultsIT::state)
                .collect(Collectors.toSet());
    }

    private static char state(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
