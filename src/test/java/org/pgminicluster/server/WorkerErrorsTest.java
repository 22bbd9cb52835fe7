package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose errors they are, when the lines of a log do not say it: before PostgreSQL 13 no prefix can. */
class WorkerErrorsTest {

    private static final String STARTED =
            "2026-01-01 10:00:00.123 UTC [77]  LOG:  logical replication apply worker for subscription \"s\" has started\n";
    private static final String ERROR = "2026-01-01 10:00:00.124 UTC [77]  ERROR:  duplicate key value\n"
            + "2026-01-01 10:00:00.124 UTC [77]  DETAIL:  Key (id)=(1) already exists.\n";
    private static final String ENDED_10 = "2026-01-01 10:00:00.125 UTC [50]  LOG:  worker process: logical replication"
            + " worker for subscription 16394 (PID 77) exited with exit code 1\n";
    private static final String ENDED_11 = "2026-01-01 10:00:00.125 UTC [50]  LOG:  background worker \"logical"
            + " replication worker\" (PID 77) exited with exit code 1\n";

    @Test
    void a_worker_is_known_by_the_line_by_which_it_starts() {
        assertThat(WorkerErrors.in((STARTED + ERROR).repeat(3))).isEqualTo(Map.of("duplicate key value", 3));
        assertThat(WorkerErrors.in(STARTED.replace(
                                "apply worker for subscription \"s\"",
                                "table synchronization worker for" + " subscription \"s\", table \"t\"")
                        + ERROR))
                .isEqualTo(Map.of("duplicate key value", 1));
    }

    @Test
    void a_worker_that_had_started_before_is_known_by_the_line_about_its_end() {
        assertThat(WorkerErrors.in(ERROR + ENDED_10)).isEqualTo(Map.of("duplicate key value", 1));
        assertThat(WorkerErrors.in(ERROR + ENDED_11)).isEqualTo(Map.of("duplicate key value", 1));
    }

    @Test
    void an_error_of_a_session_is_none_of_a_workers() {
        assertThat(WorkerErrors.in(ERROR)).isEmpty();
        assertThat(WorkerErrors.in(STARTED + ENDED_10 + ERROR.replace("[77]", "[78]")))
                .isEmpty();
    }

    @Test
    void the_workers_of_a_subscription_are_told_from_those_of_others() {
        String other = STARTED.replace("\"s\"", "\"o\"").replace("[77]", "[78]");
        String ofTable = STARTED.replace(
                        "apply worker for subscription \"s\"",
                        "table synchronization worker for subscription \"s\", table \"t\"")
                .replace("[77]", "[79]");
        String log = STARTED
                + other
                + ofTable
                + ERROR.replace("[77]", "[78]")
                + ERROR
                + ERROR.replace("[77]", "[79]").replace("duplicate key value", "no such table");

        assertThat(WorkerErrors.of("s", "", log)).containsExactly("duplicate key value", "no such table");
        assertThat(WorkerErrors.of("o", "", log)).containsExactly("duplicate key value");
        assertThat(WorkerErrors.of("x", "", log)).isEmpty();
    }

    @Test
    void a_worker_of_a_subscription_may_have_started_before_the_piece_of_the_log() {
        assertThat(WorkerErrors.of("s", STARTED, ERROR)).containsExactly("duplicate key value");
        assertThat(WorkerErrors.of("s", STARTED + ERROR, "")).isEmpty();
    }

    @Test
    void its_errors_are_found_where_the_log_tells_kinds_of_processes_too() {
        String kind = "logical replication worker ";
        String log = STARTED.replace("] ", "] " + kind).replace(kind + " ", kind)
                + ERROR.replace("] ", "] " + kind).replace(kind + " ", kind);

        assertThat(WorkerErrors.of("s", "", log)).containsExactly("duplicate key value");
    }

    @Test
    void what_may_pass_is_counted_apart() {
        String log = STARTED
                + ERROR
                + ERROR.replace("duplicate key value", "deadlock detected").repeat(2);

        assertThat(WorkerErrors.in(log)).isEqualTo(Map.of("duplicate key value", 1));
        assertThat(WorkerErrors.passing(log)).isEqualTo(Map.of("deadlock detected", 2));
    }

    @Test
    void the_last_error_of_a_subscription_is_the_last_that_does_not_pass() {
        String log = STARTED
                + ERROR
                + ERROR.replace("duplicate key value", "no such table")
                + ERROR.replace("duplicate key value", "deadlock detected");

        assertThat(WorkerErrors.lastOf("s", log)).contains("no such table");
        assertThat(WorkerErrors.lastOf("o", log)).isEmpty();
    }

    @Test
    void what_only_says_that_the_publisher_is_away_may_pass() {
        assertThat(WorkerErrors.in(
                        STARTED + ERROR.replace("duplicate key value", "could not connect to the publisher: no")))
                .isEmpty();
    }
}
