package org.pgminicluster.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Event;

/** What is typed is found in a log by sessions that were told to log it, whatever else is logged. */
class TypedStatementsTest {

    private static final String AT = "2026-01-02 03:04:05.678 UTC [42] client backend ";

    private final List<String> told = new ArrayList<>();
    private final TypedStatements typed = new TypedStatements(
            "rep",
            (pid, sql) -> told.add(pid + " " + sql.database() + " " + sql.sql() + " -> "
                    + (sql.result() instanceof Event.Done ? sql.millis() + " ms" : sql.result())));

    @Test
    void a_statement_has_its_lines_and_its_duration() {
        List<String> others = typed.others(List.of(
                AT + "LOG:  00000: duration: 1.5 ms  statement: INSERT INTO test",
                "\tVALUES (1);",
                AT + "LOCATION:  exec_simple_query, postgres.c:1283",
                "2026-01-02 03:04:05.678 UTC [7] checkpointer LOG:  checkpoint starting: time"));

        assertThat(told).containsExactly("42 rep INSERT INTO test\nVALUES (1); -> 1.5 ms");
        assertThat(others).hasSize(1).allMatch(line -> line.contains("checkpoint starting"));
    }

    @Test
    void a_refusal_has_its_code_its_detail_and_its_statement() {
        typed.others(List.of(
                "2026-01-02 03:04:05.678 UTC [42] ERROR:  23505: duplicate key value violates \"test_pkey\"",
                "2026-01-02 03:04:05.678 UTC [42] DETAIL:  Key (id)=(1) already exists.",
                "2026-01-02 03:04:05.678 UTC [42] LOCATION:  _bt_check_unique, nbtinsert.c:570",
                "2026-01-02 03:04:05.678 UTC [42] STATEMENT:  INSERT INTO test",
                "\tVALUES (1);"));
        assertThat(told).as("more of it may come").isEmpty();

        typed.flush();

        assertThat(told)
                .containsExactly("42 rep INSERT INTO test\nVALUES (1); -> ERROR:  duplicate key value violates"
                        + " \"test_pkey\"\nDETAIL:  Key (id)=(1) already exists.");
    }

    /** They are in the journal already. */
    @Test
    void statements_of_other_sessions_are_left_to_the_log() {
        List<String> lines = List.of(
                AT + "ERROR:  duplicate key value violates \"test_pkey\"",
                AT + "STATEMENT:  INSERT INTO test VALUES (1)",
                AT + "LOG:  duration: 0.1 ms  statement: SELECT 1");

        assertThat(typed.others(lines)).isEqualTo(lines);
        typed.flush();
        assertThat(told).isEmpty();
    }

    @Test
    void what_psql_asks_for_itself_is_nobodys_statement() {
        typed.others(List.of(
                AT + "LOG:  00000: duration: 0.1 ms  statement: SET log_error_verbosity = verbose; SET x = 0;",
                AT + "LOG:  00000: duration: 0.1 ms  statement: SELECT c.oid,",
                "\t  n.nspname",
                "\tFROM pg_catalog.pg_class c",
                AT + "LOG:  00000: duration: 0.1 ms  statement: SELECT 2"));
        typed.flush();

        assertThat(told).containsExactly("42 rep SELECT 2 -> 0.1 ms");
    }
}
