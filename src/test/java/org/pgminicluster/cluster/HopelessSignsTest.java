package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                "publication \"gone\" does not exist"
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
                "terminating logical replication worker due to administrator command"
            })
    void an_error_that_says_that_the_publisher_is_not_there_may_pass(String message) {
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

    private static String line(String backend, String message) {
        return "2026-01-01 10:00:00.123 UTC [77] " + backend + " ERROR:  " + message + "\n"
                + "2026-01-01 10:00:00.123 UTC [77] " + backend + " DETAIL:  Key (id)=(1) already exists.\n";
    }
}
