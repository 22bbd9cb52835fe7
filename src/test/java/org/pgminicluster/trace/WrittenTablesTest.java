package org.pgminicluster.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.trace.WrittenTables.Written;

/** Which tables a session has committed to, read from its statements. */
class WrittenTablesTest {

    private final WrittenTables session = new WrittenTables();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INSERT INTO test VALUES (1) | INSERT | test",
                "insert into Public.Test values (1) | INSERT | test",
                "UPDATE ONLY shop.item SET x = 1 | UPDATE | shop.item",
                "DELETE FROM \"Odd Name\" | DELETE | Odd Name",
                "TRUNCATE TABLE test | TRUNCATE | test",
                "COPY test FROM STDIN | COPY | test",
            })
    void a_statement_alone_is_committed_at_once(String sql, String operation, String table) {
        assertThat(session.carriedOut(sql)).isEqualTo(new Written(operation, List.of(table)));
        assertThat(session.carriedOut("SELECT 1")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", "COPY test TO STDOUT", "CREATE TABLE t (id integer)", "", "BEGIN; COMMIT"})
    void what_writes_no_rows_commits_none(String sql) {
        assertThat(session.carriedOut(sql)).isNull();
    }

    @Test
    void a_transaction_is_committed_at_its_end() {
        assertThat(session.carriedOut("BEGIN")).isNull();
        assertThat(session.carriedOut("INSERT INTO a VALUES (1)")).isNull();
        assertThat(session.carriedOut("UPDATE b SET x = 1")).isNull();
        assertThat(session.carriedOut("COMMIT")).isEqualTo(new Written("INSERT", List.of("a", "b")));
    }

    @Test
    void what_is_rolled_back_is_not_committed() {
        session.carriedOut("BEGIN");
        session.carriedOut("INSERT INTO a VALUES (1)");
        assertThat(session.carriedOut("ROLLBACK")).isNull();
        assertThat(session.carriedOut("INSERT INTO b VALUES (1)")).isEqualTo(new Written("INSERT", List.of("b")));
    }

    @Test
    void a_transaction_that_is_prepared_is_none_of_the_sessions_any_more() {
        session.carriedOut("BEGIN; INSERT INTO a VALUES (1); PREPARE TRANSACTION 'two'");
        assertThat(session.carriedOut("INSERT INTO b VALUES (1)")).isEqualTo(new Written("INSERT", List.of("b")));
        assertThat(session.carriedOut("COMMIT PREPARED 'two'")).isNull();
        assertThat(session.carriedOut("PREPARE q AS INSERT INTO c VALUES (1)")).isNull();
    }

    @Test
    void a_transaction_that_begins_with_the_end_of_another_is_committed_at_its_own() {
        session.carriedOut("BEGIN; INSERT INTO a VALUES (1)");
        assertThat(session.carriedOut("COMMIT AND CHAIN")).isEqualTo(new Written("INSERT", List.of("a")));
        assertThat(session.carriedOut("INSERT INTO b VALUES (1)")).isNull();
        assertThat(session.carriedOut("ROLLBACK AND CHAIN")).isNull();
        assertThat(session.carriedOut("INSERT INTO c VALUES (1)")).isNull();
        assertThat(session.carriedOut("COMMIT AND NO CHAIN")).isEqualTo(new Written("INSERT", List.of("c")));
        assertThat(session.carriedOut("INSERT INTO d VALUES (1)")).isEqualTo(new Written("INSERT", List.of("d")));
    }

    @Test
    void a_text_that_looks_like_statements_is_none() {
        assertThat(session.carriedOut("INSERT INTO a VALUES ('x; begin of y')"))
                .isEqualTo(new Written("INSERT", List.of("a")));
        assertThat(session.carriedOut("INSERT INTO b VALUES ($$; ROLLBACK; $$)"))
                .isEqualTo(new Written("INSERT", List.of("b")));
    }

    @Test
    void a_comment_before_a_statement_hides_nothing() {
        assertThat(session.carriedOut("/* first */ BEGIN; -- then\nINSERT INTO a VALUES (1)"))
                .isNull();
        assertThat(session.carriedOut("-- now\nCOMMIT")).isEqualTo(new Written("INSERT", List.of("a")));
    }

    @Test
    void back_to_a_savepoint_the_transaction_goes_on() {
        session.carriedOut("BEGIN; INSERT INTO a VALUES (1); SAVEPOINT s");
        assertThat(session.carriedOut("ROLLBACK TO SAVEPOINT s")).isNull();
        assertThat(session.carriedOut("COMMIT")).isEqualTo(new Written("INSERT", List.of("a")));
    }
}
