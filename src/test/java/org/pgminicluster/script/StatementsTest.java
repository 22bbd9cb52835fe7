package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script's statements, one by one. */
class StatementsTest {

    @Test
    void at_semicolons() {
        assertThat(Statements.split("CREATE TABLE a (id int);\n\nCREATE TABLE b (id int)\n;;  ; "))
                .containsExactly("CREATE TABLE a (id int)", "CREATE TABLE b (id int)");
        assertThat(Statements.split("  \n ")).isEmpty();
    }

    @Test
    void not_in_literals_and_quoted_names() {
        String sql = "INSERT INTO \"a;b\" VALUES ('x;y', 'it''s;', E'a\\';b', U&'\\0441;')";

        assertThat(Statements.split(sql + "; SELECT 1")).containsExactly(sql, "SELECT 1");
    }

    @Test
    void not_in_dollar_quotes() {
        String function = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN; RETURN 1; END $$";
        String nested = "DO $outer$ BEGIN EXECUTE $in$ SELECT 1; $in$; END; $outer$";

        assertThat(Statements.split(function + ";" + nested + ";")).containsExactly(function, nested);
    }

    @Test
    void not_in_comments_which_stay_with_the_statement_they_stand_before() {
        assertThat(Statements.split("-- one; two\nSELECT 1; /* a; /* b; */ c; */ SELECT 2;"))
                .containsExactly("-- one; two\nSELECT 1", "/* a; /* b; */ c; */ SELECT 2");
    }

    @Test
    void comments_alone_are_no_statement() {
        assertThat(Statements.split("SELECT 1;\n-- that is all\n/* really; */\n"))
                .containsExactly("SELECT 1");
        assertThat(Statements.split("-- nothing")).isEmpty();
    }

    @Test
    void not_in_the_body_of_a_function_of_standard_sql() {
        String function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1;"
                + " SELECT CASE WHEN true THEN 2 END; SELECT 3; END";
        String procedure = "CREATE PROCEDURE p() LANGUAGE sql begin atomic INSERT INTO a VALUES (1); end";

        assertThat(Statements.split(function + "; " + procedure + "; SELECT 1"))
                .containsExactly(function, procedure, "SELECT 1");
    }

    @Test
    void what_no_semicolon_ends_is_the_rest() {
        assertThat(Statements.of("SELECT 1; INSERT INTO t\nVALUES (1);SELECT 2 "))
                .isEqualTo(new Statements(List.of("SELECT 1", "INSERT INTO t\nVALUES (1)"), "SELECT 2 "));
        assertThat(Statements.of("SELECT 1;")).isEqualTo(new Statements(List.of("SELECT 1"), ""));
        assertThat(Statements.of("SELECT 1);SELECT 2;").ended()).containsExactly("SELECT 1)", "SELECT 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'a;",
                "SELECT \"a;",
                "SELECT $$a;",
                "SELECT /* a;",
                "SELECT (1;",
                "SELECT -- a;",
                "SELECT ' \n ",
                "SELECT E'\\';"
            })
    void what_is_open_is_not_ended(String sql) {
        assertThat(Statements.of(sql)).isEqualTo(new Statements(List.of(), sql));
    }

    @Test
    void blanks_and_comments_say_nothing() {
        assertThat(Statements.saysNothing(" -- x\n /* y */ ; ")).isTrue();
        assertThat(Statements.saysNothing("-- x\nSELECT 1")).isFalse();
        assertThat(Statements.saysNothing("SELECT 1;")).isFalse();
    }

    @Test
    void question_marks_are_operators() {
        assertThat(Statements.split("SELECT '{}'::jsonb ? 'a'; SELECT 1"))
                .containsExactly("SELECT '{}'::jsonb ? 'a'", "SELECT 1");
    }

    @Test
    void transactions_are_statements_like_any_other() {
        assertThat(Statements.split("BEGIN; SELECT 1; COMMIT;")).containsExactly("BEGIN", "SELECT 1", "COMMIT");
    }

    @Test
    void not_in_parentheses() {
        String rule = "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); INSERT INTO c VALUES (2))";

        assertThat(Statements.split(rule + "; SELECT 1")).containsExactly(rule, "SELECT 1");
    }

    @Test
    void what_only_looks_like_a_quote_is_none() {
        String parameter = "PREPARE p AS SELECT $1, a$b$c";
        String plain = "SELECT 'a\\'";

        assertThat(Statements.split(parameter + ";" + plain + "; SELECT 1"))
                .containsExactly(parameter, plain, "SELECT 1");
    }

    @Test
    void what_is_never_closed_goes_on_to_the_end_for_the_server_to_refuse() {
        assertThat(Statements.split("SELECT 'a; b")).containsExactly("SELECT 'a; b");
        assertThat(Statements.split("SELECT $$a; b")).containsExactly("SELECT $$a; b");
        assertThat(Statements.split("SELECT 1 /* a; b")).containsExactly("SELECT 1 /* a; b");
    }

    @Test
    void a_long_body_is_read_without_a_deep_stack() {
        String body = "DO $$ " + "SELECT 'x'; ".repeat(100_000) + "$$";
        String text = "SELECT E'" + "\\n''".repeat(100_000) + "'";

        assertThat(Statements.split(body + ";" + text)).containsExactly(body, text);
    }
}
