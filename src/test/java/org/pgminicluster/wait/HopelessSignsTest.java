package org.pgminicluster.wait;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;

/** Which lines of a log say that waiting is of no use. */
class HopelessSignsTest {

    private static final String CONFLICT = "duplicate key value violates unique constraint \"test_pkey\"";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logical replication worker",
                "logical replication apply worker",
                "logical replication tablesync worker",
                "logical replication parallel worker"
            })
    void a_worker_of_any_major_that_repeats_itself_is_hopeless(String backend) {
        String line = line(backend, CONFLICT);

        assertThat(HopelessSigns.repeatedError(line.repeat(4))).isEmpty();
        assertThat(HopelessSigns.repeatedError(line.repeat(5))).contains(CONFLICT);
    }

    @Test
    void different_errors_are_counted_apart() {
        String log = line("logical replication worker", CONFLICT).repeat(4)
                + line("logical replication worker", "relation \"public.test2\" does not exist")
                        .repeat(4);

        assertThat(HopelessSigns.repeatedError(log)).isEmpty();
        assertThat(HopelessSigns.repeatedError(log + line("logical replication worker", CONFLICT)))
                .contains(CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "duplicate key value violates unique constraint \"connection_pkey\"",
                "null value in column \"terminated\" of relation \"x\" violates not-null constraint",
                "could not create replication slot \"s\": ERROR:  permission denied",
                "publication \"gone\" does not exist",
                "new row for relation \"x\" violates check constraint \"all replication slots are in use\"",
                "relation \"deadlock detected\" does not exist"
            })
    void an_error_that_names_a_thing_like_a_lost_connection_is_hopeless_all_the_same(String message) {
        assertThat(HopelessSigns.repeatedError(
                        line("logical replication worker", message).repeat(5)))
                .contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "could not connect to the publisher: connection to server at \"vm1\", port 5432 failed: refused",
                "apply worker for subscription \"a \"b\"\" could not connect to the publisher: connection failed: refused",
                "table synchronization worker for subscription \"s\" could not connect to the publisher: refused",
                "could not receive data from WAL stream: server closed the connection unexpectedly",
                "could not send data to WAL stream: server closed the connection unexpectedly",
                "could not start WAL streaming: ERROR:  replication slot \"s\" is active for PID 77",
                "could not start initial contents copy for table \"x\": FATAL:  the database system is shutting down",
                "error reading result of streaming command: server closed the connection unexpectedly",
                "terminating logical replication worker due to timeout",
                "terminating logical replication worker due to administrator command",
                "could not create replication slot \"pg_16394_sync_16385_1\": ERROR:  all replication slots are in use",
                "could not find free replication state slot for replication origin with ID 3",
                "replication origin with ID 1 is already active for PID 77",
                "canceling statement due to lock timeout",
                "could not start initial contents copy for table \"x\": ERROR:  canceling statement due to statement timeout",
                "deadlock detected",
                "could not serialize access due to concurrent update",
                "could not obtain lock on relation \"x\""
            })
    void an_error_that_goes_away_when_others_let_go_or_come_back_may_pass(String message) {
        assertThat(HopelessSigns.repeatedError(
                        line("logical replication worker", message).repeat(50)))
                .isEmpty();
    }

    @Test
    void errors_of_others_are_none_of_a_waits_business() {
        assertThat(HopelessSigns.repeatedError(line("client backend", CONFLICT).repeat(50)))
                .isEmpty();
        assertThat(HopelessSigns.repeatedError("logical replication worker LOG:  started\n".repeat(50)))
                .isEmpty();
    }

    private static final String REPEATED = "a replication worker on vm2 fails again and again: ERROR:  " + CONFLICT;

    private record Node(String name, boolean isRunning, ServerLog log) implements Needed {}

    @TempDir
    Path directory;

    private Node node(String name, boolean running) {
        return new Node(name, running, new ServerLog(directory.resolve(name + ".log")));
    }

    private static void fail(Node node, int times) throws IOException {
        Files.writeString(
                node.log().file(),
                line("logical replication worker", CONFLICT).repeat(times),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static HopelessSigns signs(String scale, boolean mustRun, Node... nodes) {
        Properties properties = new Properties();
        properties.setProperty("minicluster.timeout.scale", scale);
        return new HopelessSigns(List.of(nodes), mustRun, ServerSettings.from(properties), 0);
    }

    private static Optional<String> after(HopelessSigns signs, long millis) {
        return signs.found(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void an_error_that_is_repeated_ends_a_wait_after_two_seconds() throws IOException {
        Node vm2 = node("vm2", true);
        HopelessSigns signs = signs("1", true, vm2);
        fail(vm2, 5);

        assertThat(after(signs, 1999)).isEmpty();
        assertThat(after(signs, 2300)).contains(REPEATED);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 999, 1250", "3, 5999, 6250"})
    void on_a_machine_of_another_speed_the_two_seconds_are_scaled(String scale, long patient, long over)
            throws IOException {
        Node vm2 = node("vm2", true);
        HopelessSigns signs = signs(scale, true, vm2);
        fail(vm2, 5);

        assertThat(after(signs, patient)).isEmpty();
        assertThat(after(signs, over)).contains(REPEATED);
    }

    @Test
    void what_was_logged_before_the_wait_does_not_count() throws IOException {
        Node vm2 = node("vm2", true);
        fail(vm2, 4);
        HopelessSigns signs = signs("1", true, vm2);
        fail(vm2, 4);

        assertThat(after(signs, 3000)).isEmpty();
        assertThat(signs.passing()).isEmpty();

        fail(vm2, 1);
        assertThat(after(signs, 4000)).contains(REPEATED);
    }

    @Test
    void every_server_that_is_needed_is_looked_at_however_long_the_wait() throws IOException {
        Node vm1 = node("vm1", true);
        Node vm2 = node("vm2", true);
        HopelessSigns signs = signs("1", true, vm1, vm2);
        fail(vm2, 5);
        HopelessSigns gone = signs("1", true, vm1, node("vm3", false));

        assertThat(after(signs, 3000)).contains(REPEATED);
        assertThat(after(gone, 300)).contains("vm3 is not running");
        assertThat(after(gone, 3000)).contains("vm3 is not running");
    }

    @Test
    void a_server_that_is_gone_does_not_end_a_wait_for_its_log() {
        assertThat(after(signs("1", false, node("vm1", false)), 3000)).isEmpty();
    }

    private static String line(String backend, String message) {
        return "2026-01-01 10:00:00.123 UTC [77] " + backend + " ERROR:  " + message + "\n"
                + "2026-01-01 10:00:00.123 UTC [77] " + backend + " DETAIL:  Key (id)=(1) already exists.\n";
    }
}
