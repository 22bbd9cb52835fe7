package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JUnitVersionTest {

    @Test
    void one_that_is_too_old_is_refused_by_a_sentence() {
        assertThat(JUnitVersion.refusal("5.9.3"))
                .contains(
                        "expected JUnit Jupiter to be 5.10 or newer, but was 5.9.3; take a newer org.junit:junit-bom");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"5.10.0", "5.10.0-M1", "5.12.2", "5.14.4", "6.0.0", "6.1.3", "15.1", "a fork's own"})
    void others_will_do(@Nullable String version) {
        assertThat(JUnitVersion.refusal(version)).isEmpty();
    }
}
