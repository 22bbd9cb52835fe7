package org.pgminicluster.lab.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No major is held to the words of another. */
class WordingTest {

    @ParameterizedTest
    @CsvSource({"13, old", "15, old", "16, newer", "17, newer", "18, newest", "20, newest"})
    void each_major_has_its_own_words(int major, String words) {
        assertThat(Wording.of("old").since(16, "newer").since(18, "newest").in(major))
                .isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"10, false", "11, true", "18, true", "19, false"})
    void majors_have_a_first_and_a_last(int major, boolean included) {
        assertThat(new Majors(11, 18).include(major)).isEqualTo(included);
    }
}
