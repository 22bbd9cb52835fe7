package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.lab.lesson.Language;

/** What the demo is told on its command line. */
class DemoTest {

    @Test
    void it_speaks_english_and_does_not_pause_unless_asked_to() {
        LabOptions options = Demo.options(List.of());

        assertThat(options.language()).isEqualTo(Language.EN);
        assertThat(options.pause()).isFalse();
    }

    @Test
    void it_speaks_russian_when_asked_to() {
        assertThat(Demo.options(List.of("--lang", "ru")).language()).isEqualTo(Language.RU);
    }

    @Test
    void what_it_does_not_know_is_no_argument() {
        assertThatThrownBy(() -> Demo.options(List.of("--colour")))
                .hasMessage("expected the arguments to be --pause and --lang en|ru, but was [--colour]; leave it out");
        assertThatThrownBy(() -> Demo.options(List.of("--lang", "de")))
                .hasMessage("expected the language to be one of en, ru, but was \"de\"; choose one of them");
    }
}
