package org.pgminicluster.lab.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.lab.Lab;

/** Every text is there in every language. */
class TextsTest {

    private static final Pattern PLACE = Pattern.compile("(?<=\\{)\\d(?=[:}])");

    static Stream<Function<Language, Texts>> kinds() {
        return Stream.of(
                Texts::ofLab,
                Texts::ofHomework,
                Texts::ofPractice,
                Texts::ofLessons,
                Texts::ofProblems,
                Texts::ofCheck);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void every_language_has_the_same_keys(Function<Language, Texts> kind) {
        assertThat(kind.apply(Language.RU).keys())
                .isNotEmpty()
                .isEqualTo(kind.apply(Language.EN).keys());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void no_text_is_empty_or_left_in_another_language(Function<Language, Texts> kind) {
        Texts english = kind.apply(Language.EN), russian = kind.apply(Language.RU);

        assertThat(english.keys())
                .allSatisfy(key -> assertThat(english.get(key)).isNotBlank().doesNotContainPattern("[а-яА-Я]"));
        assertThat(russian.keys())
                .allSatisfy(key -> assertThat(russian.get(key)).containsPattern("[а-яА-Я]"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_text_takes_the_same_values_in_every_language(Function<Language, Texts> kind) {
        Texts english = kind.apply(Language.EN), russian = kind.apply(Language.RU);

        assertThat(english.keys())
                .allSatisfy(key -> assertThat(places(russian.get(key))).isEqualTo(places(english.get(key))));
    }

    private static TreeSet<String> places(String text) {
        return new TreeSet<>(
                PLACE.matcher(text).results().map(MatchResult::group).toList());
    }

    @ParameterizedTest
    @EnumSource
    void every_problem_has_its_texts_and_nothing_else_has(Language language) {
        Texts problems = Texts.ofProblems(language);
        List<String> ids = Lab.problems().stream().map(Problem::id).toList();

        assertThat(ids)
                .allSatisfy(id -> assertThat(problems.keys())
                        .contains(id + ".title", id + ".question", id + ".cause", id + ".cure"));
        assertThat(problems.keys())
                .filteredOn(key -> !key.equals("standby.majors"))
                .allSatisfy(key -> assertThat(ids).contains(key.substring(0, key.indexOf('.'))));
    }

    @ParameterizedTest
    @EnumSource
    void a_problem_that_not_every_major_shows_says_why(Language language) {
        Texts problems = Texts.ofProblems(language);

        assertThat(Lab.problems().stream().filter(problem -> problem.majors().areLimited()))
                .isNotEmpty()
                .allSatisfy(problem -> {
                    int one = problem.majors().first() > 0
                            ? problem.majors().first() - 1
                            : problem.majors().last() + 1;
                    assertThat(problem.whyNot(one, problems)).isPresent();
                });
    }

    @ParameterizedTest
    @EnumSource
    void a_problem_with_a_standby_says_from_which_major_it_can_be_shown(Language language) {
        Texts problems = Texts.ofProblems(language);
        Problem removed = Lab.problem("wal-removed").orElseThrow();

        assertThat(removed.whyNot(11, problems)).contains(problems.get("standby.majors"));
        assertThat(removed.whyNot(12, problems)).isEmpty();
    }

    @Test
    void a_text_that_is_not_there_is_no_empty_one() {
        assertThatThrownBy(() -> Texts.ofLab(Language.RU).get("no-such"))
                .hasMessage("lab_ru.properties has no no-such");
    }

    @Test
    void values_are_put_into_their_places() {
        assertThat(Texts.ofLab(Language.EN).get("await.rows", "test", "vm2", "(1, one)"))
                .isEqualTo("table test on vm2 to have the rows (1, one)");
    }

    @Test
    void an_unknown_language_lists_the_known_ones() {
        assertThatThrownBy(() -> Language.of("de"))
                .hasMessage("expected the language to be one of en, ru, but was \"de\"; choose one of them");
    }
}
