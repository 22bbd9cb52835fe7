package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A number stands with the form of its word that a language asks for. Here {@code _} is the space where no line ends. */
class NumbersTest {

    private static final String ROWS = "{0:строка|строки|строк}";

    private static String filled(Numbers numbers, String text, Object value) {
        return Messages.fill(text, numbers, value).replace('\u00A0', '_');
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0_строк",
        "1, 1_строка",
        "2, 2_строки",
        "4, 4_строки",
        "5, 5_строк",
        "11, 11_строк",
        "12, 12_строк",
        "14, 14_строк",
        "21, 21_строка",
        "22, 22_строки",
        "25, 25_строк",
        "100, 100_строк",
        "101, 101_строка",
        "111, 111_строк",
        "112, 112_строк",
        "1.5, '1,5_строки'",
        "9999, 9999_строк",
        "10000, 10_000_строк",
        "1234567, 1_234_567_строк",
        "-1, \u22121_строка",
        "?, ?_строк",
        "'', _строк"
    })
    void russian_has_three_forms(String number, String said) {
        assertThat(filled(Numbers.RUSSIAN, ROWS, number)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 rows", "1, 1 row", "2, 2 rows", "11, 11 rows", "1.5, 1.5 rows", "10000, 10000 rows", "?, ? rows"})
    void english_has_two(String number, String said) {
        assertThat(filled(Numbers.ENGLISH, "{0:row|rows}", number)).isEqualTo(said);
    }

    @Test
    void a_unit_has_one_form_and_a_number_may_be_any_object() {
        assertThat(filled(Numbers.RUSSIAN, "за {0:мс}", 12345L)).isEqualTo("за 12_345_мс");
        assertThat(filled(Numbers.RUSSIAN, "{0:мс}", "0.8")).isEqualTo("0,8_мс");
        assertThat(filled(Numbers.RUSSIAN, "{0:байт/с}", "65536.25")).isEqualTo("65_536,25_байт/с");
        assertThat(filled(Numbers.ENGLISH, "{0:ms}", 1)).isEqualTo("1 ms");
    }

    @Test
    void what_counts_nothing_is_filled_in_as_it_is() {
        assertThat(filled(Numbers.RUSSIAN, "{0}: {1:мс} \\ $1", 12345)).isEqualTo("12345: {1:мс} \\ $1");
        assertThat(filled(Numbers.RUSSIAN, "{0} {0:мс}", "{0}")).isEqualTo("{0} {0}_мс");
    }

    @Test
    void the_language_is_russian_or_english() {
        assertThat(Numbers.in(Locale.forLanguageTag("ru-RU"))).isEqualTo(Numbers.RUSSIAN);
        assertThat(Numbers.in(Locale.FRENCH)).isEqualTo(Numbers.ENGLISH);
    }
}
