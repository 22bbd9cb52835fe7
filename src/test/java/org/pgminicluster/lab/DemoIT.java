package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** The homework told as a lesson. */
class DemoIT {

    @ParameterizedTest
    @EnumSource
    @RequiresStandbys
    void every_line_of_the_homework_is_a_chapter_with_a_question_and_its_answer(Language language) {
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
        assertThat(titles(events)).isEqualTo(titles(Chapter.values(), language));
        assertThat(events.stream().filter(Event.Note.class::isInstance).map(event -> ((Event.Note) event).text()))
                .containsExactlyElementsOf(texts(Chapter.values(), language, ".question"));
        assertThat(answers(events, language)).isEqualTo(texts(Chapter.values(), language, ".answer"));
        assertThat(text)
                .contains("CREATE DATABASE rep;", "ALTER SYSTEM SET wal_level = logical;", "pg_basebackup --pgdata=")
                .containsPattern("test +\\| vm3 +\\| +7 \\|.*\\(6, only on vm3\\) \\(7, after the failover\\) \\(8, ");
    }

    @Test
    @RequiresPostgres(max = 11, because = "from 12 on it goes on to the standby")
    void before_12_it_ends_with_the_comparison() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        int status = Lab.demo(
                LabOptions.defaults().named("demo-early"),
                new PrintStream(told, true, StandardCharsets.UTF_8),
                InputStream.nullInputStream());

        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(status).as(text).isEqualTo(Lab.AS_EXPECTED);
        assertThat(text)
                .contains(
                        " the story ends with: " + Texts.ofHomework(Language.EN).get("compare.title") + ".");
    }

    /** All, or some by day: an early one, one in the middle, and the last, before which all others are done. */
    static Stream<Chapter> chapters() {
        Chapter[] all = Chapter.values();
        return Boolean.getBoolean("minicluster.pages.all")
                ? Arrays.stream(all)
                : Stream.of(all[2], all[all.length / 2], all[all.length - 1]);
    }

    /** What comes before it is done, whichever it is. */
    @ParameterizedTest
    @MethodSource("chapters")
    @RequiresStandbys
    void one_chapter_alone_can_be_told(Chapter chapter) {
        Journal journal = new Journal();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        LabOptions options = LabOptions.defaults()
                .named("demo-from-" + chapter.id())
                .into(journal)
                .chapters(Optional.of(chapter.id()), Optional.of(chapter.id()));

        int status =
                Lab.demo(options, new PrintStream(told, true, StandardCharsets.UTF_8), InputStream.nullInputStream());

        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(status).as(text).isEqualTo(Lab.AS_EXPECTED);
        List<String> chapters =
                text.lines().filter(line -> line.matches("\\d+\\. .*")).toList();
        assertThat(chapters)
                .singleElement()
                .asString()
                .endsWith(". " + Texts.ofHomework(Language.EN).get(chapter.id() + ".title"));
        if (chapter.ordinal() > 0) {
            assertThat(text).contains("\nWhat comes before, " + chapter.ordinal() + " chapters, is done without");
        }
    }

    @Test
    @RequiresStandbys
    void with_a_pause_it_stops_between_question_and_answer_and_before_each_act() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        LabOptions options = LabOptions.defaults()
                .named("demo-with-pauses")
                .withPause(true)
                .chapters(Optional.of("first-rows"), Optional.of("first-rows"));

        int status = Lab.demo(
                options,
                new PrintStream(told, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream("\n\n".getBytes(StandardCharsets.UTF_8)));

        String prompt = Pattern.quote(Texts.ofLab(Language.EN).get("pause"));
        assertThat(status).isEqualTo(Lab.AS_EXPECTED);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .containsPattern("(?s)Question: .*" + prompt + ".* # \\*/ INSERT INTO test VALUES.*" + prompt
                        + ".* # \\*/ INSERT INTO test2 VALUES.*\nAnswer\n");
    }

    private static List<String> titles(List<Event> events) {
        return events.stream()
                .filter(Event.Step.class::isInstance)
                .map(event -> ((Event.Step) event).title())
                .toList();
    }

    private static List<String> titles(Chapter[] chapters, Language language) {
        return texts(chapters, language, ".title");
    }

    private static List<String> texts(Chapter[] chapters, Language language, String part) {
        Texts texts = Texts.ofHomework(language);
        return Arrays.stream(chapters)
                .map(chapter -> texts.get(chapter.id() + part))
                .toList();
    }

    private static List<String> answers(List<Event> events, Language language) {
        String answer = Texts.ofHomework(language).get("answer");
        return events.stream()
                .filter(event ->
                        event instanceof Event.Observation seen && seen.what().equals(answer))
                .map(event -> ((Event.Observation) event).text())
                .toList();
    }
}
