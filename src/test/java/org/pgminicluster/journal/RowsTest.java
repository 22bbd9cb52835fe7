package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** A result: its only value, and how it is printed. What is expected here was printed by psql itself. */
class RowsTest {

    @Test
    void is_printed_as_psql_does() {
        Rows rows = new Rows(
                List.of("id", "name", "ok"),
                List.of(Row.of(1, "one", true), Row.of(12, null, false), Row.of(-3, "", null)));

        assertThat(rows).hasToString("""
                 id | name | ok
                ----+------+----
                  1 | one  | t
                 12 |      | f
                 -3 |      |
                (3 rows)""");
    }

    @Test
    void titles_are_centred() {
        assertThat(new Rows(List.of("a", "b"), List.of(Row.of("wide", "wider"))))
                .hasToString("""
                  a   |   b
                ------+-------
                 wide | wider
                (1 row)""");
    }

    @Test
    void no_rows() {
        assertThat(new Rows(List.of("id", "name"), List.of())).hasToString("""
                 id | name
                ----+------
                (0 rows)""");
    }

    @Test
    void wide_letters_take_two_columns_and_combining_ones_none() {
        Rows rows = new Rows(
                List.of("n", "text"),
                List.of(Row.of(1, "表"), Row.of(2, "e\u0301"), Row.of(3, "ünï"), Row.of(4, "한국어"), Row.of(5, "т")));

        assertThat(rows).hasToString("""
                 n |  text
                ---+--------
                 1 | 表
                 2 | e\u0301
                 3 | ünï
                 4 | 한국어
                 5 | т
                (5 rows)""");
    }

    @Test
    void wide_letters_before_another_column() {
        assertThat(new Rows(
                        List.of("text", "z"), List.of(Row.of("表", "x"), Row.of("e\u0301", "y"), Row.of("漢字漢", "z"))))
                .hasToString("""
                  text  | z
                --------+---
                 表     | x
                 e\u0301      | y
                 漢字漢 | z
                (3 rows)""");
    }

    @Test
    void a_value_of_several_lines_goes_on_below_itself() {
        assertThat(new Rows(List.of("a", "b"), List.of(Row.of("one\ntwo", "x"), Row.of("y", "three\nfour"))))
                .hasToString("""
                  a  |   b
                -----+-------
                 one+| x
                 two |
                 y   | three+
                     | four
                (2 rows)""");
    }

    @Test
    void letters_without_a_form_are_written_out() {
        assertThat(new Rows(List.of("t", "e"), List.of(Row.of("a\tb\r", "\u0001|😀|\u200B"))))
                .hasToString("""
                      t      |    e
                -------------+----------
                 a       b\\r | \\x01|😀|\u200B
                (1 row)""");
    }

    @Test
    void the_only_value_is_had_from_a_result_of_one() {
        assertThat(new Rows(List.of("n"), List.of(Row.of(7))).value()).isEqualTo("7");
        assertThat(new Rows(List.of("n"), List.of(Row.of(7))).number()).isEqualTo(7);
        assertThat(new Rows(List.of("n"), List.of(Row.of((Object) null))).value())
                .isNull();
    }

    @Test
    void of_a_larger_result_there_is_no_only_value() {
        assertThatThrownBy(() -> new Rows(List.of("n"), List.of(Row.of(1), Row.of(2))).value())
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("""
                        expected the result to be one row of one column, but was 2 rows of 1 columns:
                         n
                        ---
                         1
                         2
                        (2 rows)""");
    }

    @Test
    void null_is_no_number() {
        assertThatThrownBy(() -> new Rows(List.of("n"), List.of(Row.of((Object) null))).number())
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("expected the result to be a number, but was NULL");
    }

    @Test
    void a_column_may_hold_null() {
        assertThat(new Rows(List.of("n", "x"), List.of(Row.of(1, 2), Row.of(null, 3))).column())
                .containsExactly("1", null);
    }
}
