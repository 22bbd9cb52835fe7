package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row: its text is PostgreSQL's, its order that of its values from left to right. */
class RowTest {

    @Test
    void values_are_turned_into_the_text_that_postgresql_prints() {
        assertThat(Row.of(1, 2L, new BigDecimal("1.50"), true, false, "x", null))
                .isEqualTo(new Row(java.util.Arrays.asList("1", "2", "1.50", "t", "f", "x", null)))
                .hasToString("(1, 2, 1.50, t, f, x, NULL)");
    }

    @Test
    void the_text_null_is_not_null() {
        assertThat(Row.of("NULL")).isNotEqualTo(Row.of((Object) null));
        assertThat(Row.of((Object) null).get(0)).isNull();
        assertThat(Row.of((Object) null).text(0)).isEqualTo("null");
    }

    @Test
    void rows_are_ordered_by_their_values_from_left_to_right_numbers_as_numbers_null_last() {
        List<Row> ordered = List.of(
                Row.of(),
                Row.of(-3),
                Row.of("-2.5", "b"),
                Row.of(2, "a"),
                Row.of(2, "b"),
                Row.of(2, null),
                Row.of(10),
                Row.of("9999999999999999999999"),
                Row.of("a"),
                Row.of("b"),
                Row.of((Object) null));

        for (long seed = 0; seed < 20; seed++) {
            List<Row> shuffled = new ArrayList<>(ordered);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(shuffled.stream().sorted()).as("seed %d", seed).containsExactlyElementsOf(ordered);
        }
    }

    /** A sort may throw or go wrong if the order is not one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_order_is_total_for_any_mixture_of_texts_and_numbers(long seed) {
        Random random = new Random(seed);
        List<Row> rows = Stream.generate(() -> Row.of(word(random))).limit(40).collect(Collectors.toList());

        for (Row a : rows) {
            for (Row b : rows) {
                assertThat(Integer.signum(a.compareTo(b)))
                        .as("%s and %s", a, b)
                        .isEqualTo(-Integer.signum(b.compareTo(a)));
                for (Row c : rows) {
                    if (a.compareTo(b) < 0 && b.compareTo(c) < 0) {
                        assertThat(a).as("%s between %s and %s", b, a, c).isLessThan(c);
                    }
                }
            }
        }
    }

    private static String word(Random random) {
        String[] words = {"1", "10", "2", "-1", "1a", "10a", "2b", "", "a", "1.5", ".", "-", "1.50", " 1", "01", "+"};
        return words[random.nextInt(words.length)];
    }
}
