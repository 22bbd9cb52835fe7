package org.pgminicluster.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions in the WAL: 64 bits without a sign, written as two halves. */
class LsnTest {

    @ParameterizedTest
    @ValueSource(strings = {"0/0", "0/15F3A08", "16/B374D848", "FFFFFFFF/FFFFFFFF", "80000000/0", "1/0"})
    void is_written_as_it_is_read(String text) {
        assertThat(Lsn.parse(text)).hasToString(text);
    }

    @Test
    void is_read_in_small_letters_and_with_zeros_too() {
        assertThat(Lsn.parse("0016/b374d848")).isEqualTo(Lsn.parse("16/B374D848"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "0", "0/", "/0", "g/0", "100000000/0", "0/100000000", "-1/0", "+1/0", "0/0/0", "0 /0"})
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> Lsn.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an LSN to be like 16/B374D848, but was \"" + text + "\"");
    }

    @Test
    void the_distance_is_in_bytes_and_has_a_sign() {
        assertThat(Lsn.parse("1/0").minus(Lsn.parse("0/FFFFFFFF"))).isEqualTo(1);
        assertThat(Lsn.parse("0/0").minus(Lsn.parse("0/10"))).isEqualTo(-16);
        assertThat(Lsn.parse("80000000/0").minus(Lsn.parse("7FFFFFFF/FFFFFFFF")))
                .isEqualTo(1);
        assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF").minus(Lsn.parse("FFFFFFFF/FFFFFFF0")))
                .isEqualTo(15);
    }

    @Test
    void the_order_knows_no_sign() {
        assertThat(Stream.of("FFFFFFFF/0", "0/1", "7FFFFFFF/FFFFFFFF", "80000000/0", "0/0", "A/0", "9/FFFFFFFF")
                        .map(Lsn::parse)
                        .sorted()
                        .map(Lsn::toString))
                .containsExactly("0/0", "0/1", "9/FFFFFFFF", "A/0", "7FFFFFFF/FFFFFFFF", "80000000/0", "FFFFFFFF/0");
    }
}
