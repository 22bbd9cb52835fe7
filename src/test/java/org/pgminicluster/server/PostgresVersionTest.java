package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The version, from whatever a server or its binary prints. */
class PostgresVersionTest {

    @ParameterizedTest
    @CsvSource({
        "13.23, 13, 13.23",
        "13.23 (Debian 13.23-1.pgdg120+1), 13, 13.23",
        "postgres (PostgreSQL) 16.15, 16, 16.15",
        "18, 18, 18",
        "19beta2, 19, 19beta2",
        "18rc1, 18, 18rc1",
        "19devel, 19, 19devel"
    })
    void is_read(String text, int major, String full) {
        assertThat(PostgresVersion.parse(text))
                .isEqualTo(new PostgresVersion(major, full))
                .hasToString(full);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "PostgreSQL"})
    void a_text_without_a_number_is_none(String text) {
        assertThatThrownBy(() -> PostgresVersion.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a PostgreSQL version to be like 13.23, but was \"" + text + "\"");
    }

    @Test
    void majors_are_compared_as_numbers() {
        assertThat(PostgresVersion.parse("9.6").isAtLeast(13)).isFalse();
        assertThat(PostgresVersion.parse("13.0").isAtLeast(13)).isTrue();
        assertThat(PostgresVersion.parse("18").isAtLeast(13)).isTrue();
        assertThat(PostgresVersion.parse("9.6")).isLessThan(PostgresVersion.parse("13"));
    }
}
