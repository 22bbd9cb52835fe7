package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What psql shows for the same texts and positions. */
class ErrorPlaceTest {

    @Test
    void the_line_and_the_place_in_it() {
        assertThat(ErrorPlace.of("SELECT 1; SELCT 2", 11)).isEqualTo("""
                LINE 1: SELECT 1; SELCT 2
                                  ^""");
        assertThat(ErrorPlace.of("SELECT 1,\n\tnocol\nFROM x", 12)).isEqualTo("LINE 2:  nocol\n         ^");
    }

    @Test
    void letters_are_counted_and_not_their_bytes() {
        assertThat(ErrorPlace.of("SELECT 'привет 😀', nocol", 20)).isEqualTo("""
                LINE 1: SELECT 'привет 😀', nocol
                                           ^""");
    }

    @Test
    void at_the_end_of_the_text() {
        assertThat(ErrorPlace.of("SELECT 1 +", 11)).isEqualTo("""
                LINE 1: SELECT 1 +
                                  ^""");
    }

    @Test
    void of_a_long_line_what_is_around_the_place() {
        String text = "SELECT " + "a, ".repeat(40) + "nocol, " + "b, ".repeat(40);

        assertThat(ErrorPlace.of(text, 128)).isEqualTo("""
                LINE 1: ..., a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, nocol, b, ...
                                                                             ^""");
        assertThat(ErrorPlace.of(text, 8)).isEqualTo("""
                LINE 1: SELECT a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a,...
                               ^""");
    }
}
