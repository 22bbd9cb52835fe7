package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Messages;

/** The words of the reports are complete in both languages. */
class LabelsTest {

    private static final Path SOURCES = Path.of("src/main/java/org/pgminicluster/report");
    private static final Pattern KEY = Pattern.compile("\"([a-z]+(?:[.-][a-z-]+)+|capped|cut)\"");
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

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
                        "glossary.walsender.term",
                        "glossary.states.term",
                        "glossary.origin.term");
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

    @Test
    void a_missing_label_is_named() {
        assertThatThrownBy(() -> Labels.of(Locale.ENGLISH).get("no.such"))
                .hasMessage("expected a label no.such in en, but there is none");
    }
}
