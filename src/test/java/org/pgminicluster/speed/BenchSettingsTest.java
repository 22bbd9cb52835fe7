package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {

    @Test
    void by_default_everything_is_measured_seven_times_and_no_page_of_the_docs_is_written() {
        BenchSettings settings = settings("", "");

        assertThat(settings.rounds()).isEqualTo(7);
        assertThat(settings.kinds()).containsExactly("container", "process");
        assertThat(settings.parts()).containsExactly("scenario", "isolation", "detect", "growth", "throughput");
        assertThat(settings.writeDocs()).isFalse();
        assertThat(settings.of(List.of(3, 6, 12, 24))).containsExactly(3, 6, 12, 24);
    }

    @Test
    void some_of_it_can_be_asked_for() {
        assertThat(settings("bench.parts", "detect, quick").parts()).containsExactly("detect", "quick");
        assertThat(settings("bench.kinds", "process").kinds()).containsExactly("process");
        assertThat(settings("bench.rounds", "2").rounds()).isEqualTo(2);
        assertThat(settings("bench.sizes", "2").of(List.of(3, 6, 12, 24))).containsExactly(3, 6);
        assertThat(settings("bench.docs.write", "true").writeDocs()).isTrue();
    }

    @Test
    void what_is_misspelt_is_refused() {
        assertThatThrownBy(() -> settings("bench.parts", "scenario,grow"))
                .hasMessage(
                        "expected bench.parts to be some of scenario, isolation, detect, growth, throughput, or quick,"
                                + " page, but was \"scenario,grow\"; separate them by commas");
        assertThatThrownBy(() -> settings("bench.kinds", "docker"))
                .hasMessage("expected bench.kinds to be some of container, process, but was \"docker\";"
                        + " separate them by commas");
        assertThatThrownBy(() -> settings("bench.rounds", "0"))
                .hasMessage("expected bench.rounds to be a number from 1, but was \"0\"; give such a number or leave it"
                        + " out");
    }

    private static BenchSettings settings(String key, String value) {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        return BenchSettings.from(properties);
    }
}
