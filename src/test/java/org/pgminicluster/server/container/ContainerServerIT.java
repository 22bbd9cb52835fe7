package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.container.Fixture.SUPERUSER;
import static org.pgminicluster.server.container.Fixture.execute;
import static org.pgminicluster.server.container.Fixture.query;
import static org.pgminicluster.server.container.Fixture.spec;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerLog.Mark;
import org.pgminicluster.server.StopMode;

/** What can be done to one server. */
@NeedsContainers
class ContainerServerIT {

    private ServerGroup group;
    private PgServer vm1;

    @BeforeEach
    void start() throws Exception {
        group = Fixture.open("one");
        vm1 = group.start(List.of(spec("vm1"))).get(0);
        execute(vm1, "CREATE TABLE t AS SELECT 1 AS id");
    }

    @AfterEach
    void close() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_server_that_was_stopped_starts_again_with_its_data(StopMode mode) throws Exception {
        vm1.stop(mode);
        vm1.stop(mode);
        assertThat(vm1.isRunning()).isFalse();
        assertThat(occurrences("database system is shut down")).isEqualTo(1);

        vm1.start();
        vm1.start();

        assertThat(vm1.isRunning()).isTrue();
        assertThat(query(vm1, "SELECT id FROM t")).isEqualTo("1");
        assertThat(occurrences("ready to accept connections")).isEqualTo(2);
    }

    @Test
    void its_log_goes_on_even_if_somebody_asks_whether_it_runs_while_it_is_started() throws Exception {
        vm1.kill();
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> askers = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    while (!over.get()) {
                        vm1.isRunning();
                    }
                }))
                .limit(3)
                .toList();
        try {
            vm1.start();
        } finally {
            over.set(true);
            askers.forEach(CompletableFuture::join);
        }
        Mark mark = vm1.log().mark();

        assertThatThrownBy(() -> execute(vm1, "SELECT 1 / 0")).isInstanceOf(SQLException.class);

        Fixture.await().untilAsserted(() -> assertThat(vm1.log().since(mark)).contains("division by zero"));
    }

    @Test
    void a_server_that_was_killed_has_no_process_left_and_recovers() throws Exception {
        Mark mark = vm1.log().mark();
        vm1.kill();
        vm1.kill();
        assertThat(vm1.isRunning()).isFalse();
        assertThatThrownBy(() -> query(vm1, "SELECT 1")).isInstanceOf(SQLException.class);
        assertThat(vm1.log().since(mark)).doesNotContain("shut");

        vm1.start();

        assertThat(vm1.log().since(mark)).contains("automatic recovery in progress");
        assertThat(query(vm1, "SELECT id FROM t")).isEqualTo("1");
    }

    @Test
    void the_log_has_the_last_word_of_a_server_when_kill_returns() throws Exception {
        execute(vm1, "DO $$ BEGIN FOR i IN 1..5000 LOOP RAISE LOG 'line % of many', i; END LOOP; END $$");

        vm1.kill();

        assertThat(occurrences("LOG:  line 5000 of many")).isEqualTo(1);
        assertThat(occurrences("LOG:  line ")).isEqualTo(5000);
    }

    @Test
    void a_paused_server_is_running_and_silent_until_it_is_resumed() throws Exception {
        vm1.pause();
        assertThat(vm1.isRunning()).isTrue();
        assertThatThrownBy(() -> query(vm1, "SELECT 1")).isInstanceOf(SQLException.class);
        assertThatThrownBy(vm1::pause)
                .isInstanceOf(ServerFailedException.class)
                .hasMessageStartingWith("vm1 could not be paused: ")
                .hasMessageContaining("already paused");

        vm1.resume();

        assertThat(query(vm1, "SELECT id FROM t")).isEqualTo("1");
    }

    @ParameterizedTest
    @EnumSource
    void a_paused_server_can_be_stopped(StopMode mode) throws Exception {
        vm1.pause();
        vm1.stop(mode);
        assertThat(vm1.isRunning()).isFalse();
        vm1.start();
        assertThat(query(vm1, "SELECT id FROM t")).isEqualTo("1");
    }

    @Test
    void a_paused_server_can_be_killed() throws Exception {
        vm1.pause();
        vm1.kill();
        assertThat(vm1.isRunning()).isFalse();
        vm1.start();
        assertThat(query(vm1, "SELECT id FROM t")).isEqualTo("1");
    }

    @Test
    void a_signal_reaches_one_backend() throws Exception {
        try (Connection connection = Fixture.connect(vm1, "rep", SUPERUSER);
                Statement statement = connection.createStatement()) {
            int pid = Integer.parseInt(query(
                    vm1,
                    "SELECT pid FROM pg_stat_activity"
                            + " WHERE application_name = 'test' AND pid <> pg_backend_pid()"));

            vm1.signal("TERM", pid);

            Fixture.await()
                    .until(() -> vm1.log()
                            .since(new Mark(0))
                            .contains("[" + pid + "] FATAL:  terminating connection due to administrator command"));
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> vm1.signal("TERM", 99999))
                .hasMessageStartingWith("expected 99999 to be a process of vm1 that takes the signal TERM, but was not")
                .hasMessageContaining("No such process");
        assertThatThrownBy(() -> vm1.signal("NONSENSE", 99))
                .hasMessageStartingWith("expected 99 to be a process of vm1 that takes the signal NONSENSE, but was");
        assertThatThrownBy(() -> vm1.signal("TERM", 0)).hasMessage("expected a backend's pid to be above 1, but was 0");
    }

    @Test
    void the_rules_of_who_may_connect_can_be_replaced() throws Exception {
        vm1.replaceHba(List.of("host rep postgres all scram-sha-256", "host all postgres all reject"));
        query(vm1, "SELECT pg_reload_conf()");

        Fixture.await()
                .untilAsserted(() -> assertThatThrownBy(() -> query(vm1, "postgres", SUPERUSER, "SELECT 1"))
                        .hasMessageContaining("pg_hba.conf rejects connection"));
        assertThat(query(vm1, "SELECT 1")).isEqualTo("1");
        vm1.pause();
        vm1.replaceHba(List.of("host all all all scram-sha-256"));
        vm1.kill();
        vm1.replaceHba(List.of("host all all all scram-sha-256"));
        vm1.start();
        assertThat(query(vm1, "postgres", SUPERUSER, "SELECT 1")).isEqualTo("1");
    }

    private int occurrences(String text) throws Exception {
        return Files.readString(vm1.log().file()).split(text, -1).length - 1;
    }
}
