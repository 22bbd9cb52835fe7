package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainSqlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY t FROM STDIN",
                "SELECT 1; copy (SELECT 1) to\nstdout WITH CSV",
                "-- rows\nCOPY t FROM STDIN",
                "/* rows; more */ -- of it\n COPY t TO STDOUT",
                "/* a /* b */ c */ COPY t TO STDOUT",
                "\\d t",
                "SELECT 1; -- then\n\\d t"
            })
    void what_psql_does_itself_is_refused_whatever_comment_it_stands_behind(String text) {
        assertThatThrownBy(() -> PlainSql.require(text))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("expected what is executed without psql to be SQL alone, but was \"");
    }

    @Test
    void sql_alone_is_left_to_the_server() {
        assertThatCode(() ->
                        PlainSql.require("COPY t FROM '/dev/null'; -- COPY t FROM STDIN\nSELECT 'COPY t TO STDOUT';"
                                + " /* \\d t */ SELECT '\\d t'; -- COPY t TO STDOUT"))
                .doesNotThrowAnyException();
    }
}
