package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitSqlTest {

    @Test
    void a_semicolon_ends_a_statement() {
        assertThat(SplitSql.of("SELECT 1; INSERT INTO t\nVALUES (1);SELECT 2 "))
                .isEqualTo(new SplitSql(List.of("SELECT 1", "INSERT INTO t\nVALUES (1)"), "SELECT 2 "));
        assertThat(SplitSql.of("SELECT 1;")).isEqualTo(new SplitSql(List.of("SELECT 1"), ""));
        assertThat(SplitSql.of("")).isEqualTo(new SplitSql(List.of(), ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ';'",
                "SELECT 'it''s; '",
                "SELECT E'\\';', 1",
                "SELECT e'\\\\', 1",
                "SELECT '\\', 1",
                "SELECT \";\"\";\"",
                "SELECT $$;$$",
                "SELECT $a$;$$;$b$;$a$",
                "SELECT a$1$b, 1",
                "SELECT 1 -- ; '",
                "SELECT 1 /* ; /* ; */ ; ' */",
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
                "create or replace procedure p() begin atomic select 1; end",
                "SELECT 'привет; 😀'"
            })
    void no_other_does(String sql) {
        assertThat(SplitSql.of(sql + "\n; SELECT 2;")).isEqualTo(new SplitSql(List.of(sql, "SELECT 2"), ""));
        assertThat(SplitSql.all(sql)).containsExactly(sql);
    }

    @Test
    void begin_alone_begins_a_transaction() {
        assertThat(SplitSql.all("BEGIN; SELECT 1; END; CREATE TABLE begin_(x int); SELECT 1"))
                .containsExactly("BEGIN", "SELECT 1", "END", "CREATE TABLE begin_(x int)", "SELECT 1");
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
                "SELECT ' \n "
            })
    void what_is_open_is_not_ended(String sql) {
        assertThat(SplitSql.of(sql)).isEqualTo(new SplitSql(List.of(), sql));
    }

    @Test
    void blanks_and_comments_are_no_statements() {
        assertThat(SplitSql.all(" ; -- nothing\n; /* nor; this */ ;SELECT 1;\n-- the end"))
                .containsExactly("SELECT 1");
        assertThat(SplitSql.saysNothing(" -- x\n /* y */ ")).isTrue();
        assertThat(SplitSql.saysNothing("-- x\nSELECT 1")).isFalse();
    }
}
