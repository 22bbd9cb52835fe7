package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sentences of a journal are complete in both languages, and none is there for nothing. */
class WordsFilesTest {

    private static final Path SOURCES = Path.of("src/main/java/org/pgminicluster");
    private static final Pattern CALL = Pattern.compile("\\bWords\\.of\\(");
    /** A literal, or one of two. */
    private static final Pattern KEYS =
            Pattern.compile(CALL + "\\s*(?:[^\"?;{}]*\\?\\s*\"([a-z.-]+)\"\\s*:\\s*)?\"([a-z.-]+)\"");

    private static final Pattern PLACE = Pattern.compile("(?<=\\{)\\d(?=[:}])");

    private final Messages english = Messages.of(Words.class, "words", Locale.ENGLISH);
    private final Messages russian = Messages.of(Words.class, "words", Locale.forLanguageTag("ru"));

    @Test
    void both_languages_have_the_same_keys() {
        assertThat(russian.keys()).isEqualTo(english.keys());
    }

    @Test
    void both_have_the_same_places() {
        assertThat(english.keys())
                .allSatisfy(key -> assertThat(places(russian, key)).as(key).isEqualTo(places(english, key)));
    }

    private static Set<String> places(Messages messages, String key) {
        return PLACE.matcher(messages.find(key).orElseThrow())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void each_is_in_its_own_language() {
        assertThat(english.keys())
                .allSatisfy(key ->
                        assertThat(english.find(key).orElseThrow()).isNotBlank().doesNotContainPattern("[а-яА-ЯёЁ]"));
        assertThat(english.keys())
                .filteredOn(key -> russian.find(key).orElseThrow().codePoints().noneMatch(WordsFilesTest::isCyrillic))
                .as("what has no word to be translated")
                .containsExactlyInAnyOrder(
                        "and-then",
                        "backend",
                        "backend.of",
                        "difference.next",
                        "fault.limit-wal",
                        "list",
                        "seen.wal-status",
                        "seen.walsender",
                        "verbatim",
                        "wait.claim",
                        "wait.own");
    }

    private static boolean isCyrillic(int letter) {
        return Character.UnicodeScript.of(letter) == Character.UnicodeScript.CYRILLIC;
    }

    @Test
    void every_key_of_the_code_is_there_and_no_other() {
        Set<String> used = new TreeSet<>(Set.of("verbatim"));
        used.addAll(literals());
        Arrays.stream(WaitKind.values()).map(WaitFor::key).forEach(used::add);

        assertThat(used).isEqualTo(english.keys());
    }

    /** All that makes words says their key there, so that the test above misses none. */
    @Test
    void a_key_is_written_where_words_are_made() {
        assertThat(sources().entrySet().stream()
                        .filter(file -> count(KEYS, file.getValue()) != count(CALL, file.getValue()))
                        .map(Map.Entry::getKey))
                .isEmpty();
    }

    private static long count(Pattern pattern, String text) {
        return pattern.matcher(text).results().count();
    }

    private static Set<String> literals() {
        return sources().values().stream()
                .flatMap(text -> KEYS.matcher(text).results())
                .flatMap(found -> Stream.of(found.group(1), found.group(2)))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static Map<Path, String> sources() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(file -> file, WordsFilesTest::read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
