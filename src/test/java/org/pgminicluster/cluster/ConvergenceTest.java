package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Words;

/** How the rows of two nodes differ, in words. */
class ConvergenceTest {

    @Test
    void equal_rows_differ_in_nothing() {
        assertThat(difference(List.of(Row.of(1, null)), List.of(Row.of(1, null))))
                .isEmpty();
        assertThat(difference(List.of(), List.of())).isEmpty();
    }

    @Test
    void what_is_missing_and_what_is_extra_is_shown() {
        assertThat(difference(
                        List.of(Row.of(1, "one"), Row.of(2, "two")),
                        List.of(Row.of(2, "two"), Row.of(3, null), Row.of(4, "four"))))
                .isEqualTo("vm2 has 3 rows of table test, vm1 has 2; only on vm1: (1, one);"
                        + " only on vm2: (3, NULL) (4, four)");
    }

    @Test
    void one_row_is_one_row() {
        assertThat(difference(List.of(), List.of(Row.of(1))))
                .isEqualTo("vm2 has 1 row of table test, vm1 has 0; only on vm2: (1)");
    }

    @Test
    void a_row_that_is_there_twice_differs_once() {
        assertThat(difference(List.of(Row.of(1), Row.of(1)), List.of(Row.of(1))))
                .isEqualTo("vm2 has 1 row of table test, vm1 has 2; only on vm1: (1)");
    }

    @Test
    void of_many_only_ten_are_shown() {
        List<Row> many = IntStream.rangeClosed(1, 12).mapToObj(Row::of).toList();

        assertThat(difference(many, List.of()))
                .isEqualTo("vm2 has 0 rows of table test, vm1 has 12; only on vm1: (1) (2) (3) (4) (5) (6) (7) (8)"
                        + " (9) (10) and 2 more");
    }

    /** A comparison row by row would take a table of this size minutes. */
    @Test
    void great_tables_are_compared_in_no_time() {
        List<Row> one = IntStream.range(0, 100_000).mapToObj(Row::of).toList();
        List<Row> other = IntStream.range(1, 100_001).mapToObj(Row::of).toList();

        assertThat(difference(one, other))
                .isEqualTo(
                        "vm2 has 100000 rows of table test, vm1 has 100000; only on vm1: (0); only on vm2: (100000)");
    }

    private static String difference(List<Row> one, List<Row> other) {
        List<String> columns = List.of("id");
        return Convergence.difference("test", "vm1", new Rows(columns, one), "vm2", new Rows(columns, other))
                .map(Words::toString)
                .orElse("");
    }
}
