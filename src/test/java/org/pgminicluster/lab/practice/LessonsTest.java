package org.pgminicluster.lab.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.lab.lesson.Language;

/** The lessons that come with the program. */
class LessonsTest {

    private static final Pattern PLACE = Pattern.compile("\\{[^{}]+}");

    static List<String> names() {
        return Lessons.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everything_that_is_said_is_there_in_every_language_with_the_same_places(String name) {
        assertThat(said(Lessons.named(name))).isNotEmpty().allSatisfy(text -> {
            assertThat(text.isIn(Language.EN) && text.isIn(Language.RU)).isTrue();
            assertThat(text.in(Language.RU)).containsPattern("[а-яА-Я]");
            assertThat(text.in(Language.EN)).doesNotContainPattern("[а-яА-Я]");
            assertThat(places(text.in(Language.RU))).isEqualTo(places(text.in(Language.EN)));
        });
    }

    private static Stream<LessonText> said(PracticeLesson lesson) {
        return Stream.concat(
                Stream.concat(Stream.of(lesson.title()), lesson.task().stream()),
                lesson.points().stream()
                        .flatMap(point -> Stream.of(
                                        Stream.of(point.title(), point.why(), point.done(), point.hint()),
                                        point.notYet().stream(),
                                        point.wrong().stream().map(WrongWay::says),
                                        point.wrong().stream().flatMap(wrong -> wrong.hint().stream()))
                                .flatMap(texts -> texts)));
    }

    private static Set<String> places(String text) {
        return new TreeSet<>(
                PLACE.matcher(text).results().map(MatchResult::group).toList());
    }

    @ParameterizedTest
    @MethodSource("names")
    void each_knows_a_wrong_way(String name) {
        assertThat(Lessons.named(name).points())
                .anySatisfy(point -> assertThat(point.wrong()).isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("names")
    void answers_can_be_typed_line_by_line(String name) {
        assertThat(Lessons.named(name).points())
                .allSatisfy(point -> assertThat(point.answer().in(Language.EN).lines())
                        .allMatch(line -> line.matches("vm\\d: .*;") || line.startsWith("$ minicluster ")));
    }

    @Test
    void an_unknown_one_lists_those_that_are_there() {
        assertThatThrownBy(() -> Lessons.text("sticky"))
                .hasMessage(
                        "expected the lesson to be one of stuck, slot, lost-rows, failover, upgrade, but was \"sticky\";"
                                + " choose one of them");
    }
}
