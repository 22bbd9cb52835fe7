package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @Test
    void the_median_is_the_middle_one_whatever_the_order() {
        assertThat(Figures.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
        assertThat(Figures.median(List.of(1.0, 100.0, 3.0, 2.0))).isEqualTo(2.5);
        assertThat(Figures.median(List.of(7.0))).isEqualTo(7);
    }

    @Test
    void a_quantile_lies_between_its_neighbours() {
        List<Double> values = List.of(0.0, 10.0, 20.0, 30.0, 40.0);

        assertThat(Figures.quantile(values, 0.9)).isEqualTo(36);
        assertThat(Figures.quantile(values, 0)).isEqualTo(0);
        assertThat(Figures.quantile(values, 1)).isEqualTo(40);
    }

    @Test
    void of_nothing_there_is_no_median() {
        assertThatThrownBy(() -> Figures.median(List.of()))
                .hasMessage("expected values to be there, but were none; measure first");
    }

    @ParameterizedTest
    @CsvSource({"10, 5, 20, 10, 1", "10, 5, 20, 20, 2", "1, 7, 1000, 7, 0", "100, 1, 10000, 1000, 1.5"})
    void the_exponent_says_how_it_grows(double fromSize, double from, double toSize, double to, double exponent) {
        assertThat(Figures.exponent(fromSize, from, toSize, to)).isCloseTo(exponent, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.01234, 0.012",
        "1.234, 1.23",
        "9.996, 10.0",
        "12.34, 12.3",
        "99.96, 100",
        "1234567.8, 1 234 568"
    })
    void a_figure_is_shown_with_what_tells_something(double value, String shown) {
        assertThat(Figures.shown(value)).isEqualTo(shown);
    }
}
