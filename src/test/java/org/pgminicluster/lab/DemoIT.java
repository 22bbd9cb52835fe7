package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** The homework told as a lesson. */
class DemoIT {

    @ParameterizedTest
    @EnumSource
    void every_chapter_has_a_reason_and_a_question_and_all_is_as_expected(Language language) {
        Journal journal = new Journal();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        LabOptions options = LabOptions.defaults()
                .in(language)
                .named("demo-" + language.code())
                .into(journal);

        int status =
                Lab.demo(options, new PrintStream(told, true, StandardCharsets.UTF_8), InputStream.nullInputStream());

        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(status).as(text).isEqualTo(Lab.AS_EXPECTED);
        assertThat(text)
                .startsWith(Texts.ofHomework(language).get("intro"))
                .contains(Texts.ofHomework(language).get("changed"))
                .contains("ERROR:  Cannot modify table.")
                .endsWith("%n%s%n".formatted(Texts.ofLab(language).get("end.expected")));
        assertThat(Untranslated.in(journal, language)).isEmpty();
        List<Event> events = journal.entries().stream().map(Entry::event).toList();
        assertThat(events.stream().filter(Event.Step.class::isInstance).count())
                .isEqualTo(14)
                .isEqualTo(events.stream().filter(Event.Note.class::isInstance).count());
    }

    @Test
    void with_a_standby_it_ends_with_a_failover_that_loses_nothing() {
        Journal journal = new Journal();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        LabOptions options = LabOptions.defaults().named("demo-with-a-standby").into(journal);

        int status = Lab.demoWithStandby(
                options, new PrintStream(told, true, StandardCharsets.UTF_8), InputStream.nullInputStream());

        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(status).as(text).isEqualTo(Lab.AS_EXPECTED);
        assertThat(text)
                .contains("15. vm4, a hot standby of vm3", "16. vm3 is lost, vm4 takes over")
                .contains("ERROR:  cannot execute INSERT in a read-only transaction")
                .containsPattern("test +\\| vm4 +\\| +6 \\|.*\\(6, only on vm3\\) \\(7, after the failover\\)")
                .endsWith("%nEverything was as expected.%n".formatted());
        assertThat(Untranslated.in(journal, Language.EN)).isEmpty();
    }
}
