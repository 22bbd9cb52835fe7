package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.journal.Messages;

/** The words of the reports are complete in both languages. */
class LabelsTest {

    private static final Path SOURCES = Path.of("src/main/java/org/pgminicluster/report");
    private static final Pattern KEY = Pattern.compile("\"([a-z]+(?:[.-][a-z-]+)+|capped|cut)\"");
    private static final Pattern PLACE = Pattern.compile("(?<=\\{)\\d(?=[:}])");

    private final Messages english = Messages.of(Labels.class, "labels", Locale.ENGLISH);
    private final Messages russian = Messages.of(Labels.class, "labels", Locale.forLanguageTag("ru"));

    @Test
    void both_languages_have_the_same_keys() {
        assertThat(russian.keys()).isEqualTo(english.keys());
    }

    @Test
    void both_have_the_same_places_for_values() {
        for (String key : english.keys()) {
            assertThat(places(russian.find(key))).as(key).isEqualTo(places(english.find(key)));
        }
    }

    private static Set<String> places(Optional<String> text) {
        return PLACE.matcher(text.orElseThrow())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void russian_is_not_english_that_nobody_translated() {
        assertThat(russian.keys())
                .filteredOn(key -> russian.find(key).equals(english.find(key)))
                .containsExactlyInAnyOrder(
                        "card.postgres",
                        "suite.postgres",
                        "failover.rpo",
                        "failover.rto",
                        "setup.lead",
                        "glossary.lsn.term",
                        "glossary.wal.term",
                        "glossary.states.term");
    }

    @Test
    void every_key_that_the_code_names_is_there() {
        assertThat(keysInCode())
                .isNotEmpty()
                .allSatisfy(key -> assertThat(english.keys()).contains(key));
    }

    private static Set<String> keysInCode() {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.flatMap(file -> KEY.matcher(read(file)).results())
                    .map(found -> found.group(1))
                    .filter(key -> !key.endsWith(".css")
                            && !key.endsWith(".js")
                            && !key.endsWith(".json")
                            && !key.endsWith(".jsonl"))
                    .filter(key -> !key.endsWith(".html") && !key.startsWith("axis") && !key.contains("pg-"))
                    .filter(key -> key.contains("."))
                    .collect(Collectors.toCollection(TreeSet::new));
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

    @Test
    void values_are_put_into_their_places() {
        assertThat(Labels.of(Locale.ENGLISH).get("capped", 2, 10)).isEqualTo("2 of 10 are shown.");
        assertThat(Labels.of(Locale.forLanguageTag("ru")).get("capped", 2, 10)).isEqualTo("Показано 2 из 10.");
    }

    @ParameterizedTest
    @CsvSource({
        "0.04, 0.0 ms, '0,0 мс'",
        "9.94, 9.9 ms, '9,9 мс'",
        "9.96, 10 ms, 10 мс",
        "999.4, 999 ms, 999 мс",
        "999.6, 1.0 s, '1,0 с'",
        "12345678, 12345.7 s, '12 345,7 с'"
    })
    void a_duration_is_told_as_exactly_as_people_need_it(double millis, String english, String russian) {
        assertThat(Labels.of(Locale.ENGLISH).millis(millis)).isEqualTo(english);
        assertThat(Labels.of(Locale.forLanguageTag("ru")).millis(millis).replace('\u00A0', ' '))
                .isEqualTo(russian);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B, 0 Б",
        "1023, 1023 B, 1023 Б",
        "1024, 1.0 kB, '1,0 кБ'",
        "102400, 100 kB, 100 кБ",
        "1024000, 1.0 MB, '1,0 МБ'",
        "5368709120, 5.0 GB, '5,0 ГБ'",
        "53687091200000, 50000 GB, 50 000 ГБ"
    })
    void so_is_a_size(long bytes, String english, String russian) {
        assertThat(Labels.of(Locale.ENGLISH).bytes(bytes)).isEqualTo(english);
        assertThat(Labels.of(Locale.forLanguageTag("ru")).bytes(bytes).replace('\u00A0', ' '))
                .isEqualTo(russian);
    }

    @Test
    void a_moment_and_a_mark_of_a_scale_are_told_in_the_language() {
        Labels russian = Labels.of(Locale.forLanguageTag("ru"));

        assertThat(Labels.of(Locale.ENGLISH).since(1234)).isEqualTo("+1.234 s");
        assertThat(russian.since(-1)).isEqualTo("+0,000\u00A0с");
        assertThat(List.of(russian.roundBytes(1), russian.roundBytes(10_000), russian.roundBytes(1_000_000)))
                .containsExactly("1\u00A0Б", "10\u00A0кБ", "1\u00A0МБ");
        assertThat(Labels.of(Locale.ENGLISH).roundBytes(10_000_000_000L)).isEqualTo("10 GB");
    }

    /** Else a number would be told in English on a page in Russian. */
    @Test
    void only_labels_say_times_and_sizes() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.filter(file -> !file.endsWith("Labels.java") && !file.endsWith("Times.java"))
                            .filter(file -> read(file).contains("Times.")))
                    .isEmpty();
        }
    }

    /** All that a node is given has its reason in each language. */
    @Test
    void reasons_of_settings_are_known() throws IOException {
        Pattern reason = Pattern.compile("new Setting\\([^;]*?,\\s*((?:\"[^\"]*\"\\s*\\+?\\s*)+)\\)");
        String settings = Files.readString(SOURCES.resolveSibling("script/NodeSettings.java"));
        Labels english = Labels.of(Locale.ENGLISH), translated = Labels.of(Locale.forLanguageTag("ru"));
        List<String> reasons = reason.matcher(settings)
                .results()
                .map(found -> found.group(1).replaceAll("\"\\s*\\+\\s*\"|\"\\s*$|^\"", ""))
                .toList();

        assertThat(reasons).hasSize((int)
                settings.lines().filter(line -> line.contains("new Setting(")).count());
        assertThat(reasons).allSatisfy(it -> {
            assertThat(english.reason(it)).isEqualTo(it);
            assertThat(translated.reason(it)).containsPattern("[а-я]");
        });
        assertThat(translated.reason("of tomorrow")).isEqualTo("of tomorrow");
    }

    @Test
    void a_missing_label_is_named() {
        assertThatThrownBy(() -> Labels.of(Locale.ENGLISH).get("no.such"))
                .hasMessage("expected a label no.such in en, but there is none");
    }
}
