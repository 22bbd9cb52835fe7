package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

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

    @ParameterizedTest
    @EnumSource
    void every_chapter_has_its_texts(Chapter chapter) {
        for (Language language : Language.values()) {
            assertThat(Texts.ofHomework(language).keys())
                    .contains(
                            chapter.id() + ".title",
                            chapter.id() + ".why",
                            chapter.id() + ".question",
                            chapter.id() + ".answer");
        }
        assertThat(Chapter.of(chapter.id())).isSameAs(chapter);
    }

    @Test
    void a_chapter_that_there_is_none_of_lists_those_that_there_are() {
        LabOptions options = LabOptions.defaults().chapters(Optional.of("tabels"), Optional.empty());

        assertThatThrownBy(() -> demo(options))
                .hasMessage("expected the chapter to be one of " + String.join(", ", Lab.chapters())
                        + ", but was \"tabels\"; choose one of them");
    }

    @Test
    void the_last_chapter_does_not_come_before_the_first() {
        LabOptions options = LabOptions.defaults().chapters(Optional.of("rejoin"), Optional.of("tables"));

        assertThatThrownBy(() -> demo(options))
                .hasMessage(
                        "expected the first chapter not to come after the last one, but was rejoin after tables; the"
                                + " order is " + String.join(", ", Lab.chapters()));
    }

    private static void demo(LabOptions options) {
        Lab.demo(options, new PrintStream(OutputStream.nullOutputStream()), InputStream.nullInputStream());
    }
}
